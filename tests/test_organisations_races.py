"""Organisations that become one while somebody else works: as in test_races.py, held by events."""

import pytest
from django.db import transaction
from django.test import Client

from initiatives.core.enums import NatureVersion
from initiatives.keeping import history, organisations
from initiatives.models import Organisme, Porteur, Revision

from .forms import form_data
from .people import account
from .racing import IN_CHANGE, now, public_fiches, said, saving, two_people
from .sessions import committing, race

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture(autouse=True)
def committed(db):
    with committing():
        yield


@pytest.fixture
def people():
    return two_people()


@pytest.fixture
def fiches():
    return public_fiches(2)


class TestOrganisations:
    """Two organisations become one (keeping/organisations.py)."""

    MOVES = "initiatives.keeping.organisations.Moves.all"  # all its locks are taken

    @pytest.fixture
    def organismes(self):
        rows = [
            Organisme.objects.create(slug=f"essai-{letter}", nom=f"Essai {letter}", categorie="communautaire")
            for letter in "abc"
        ]
        for row in rows:
            with transaction.atomic():
                history.record(row, NatureVersion.CREATION)
        return rows

    @pytest.fixture
    def carried(self, organismes, fiches):
        """A fiche of the second organisation."""
        with transaction.atomic():
            Porteur.objects.create(initiative=fiches[0], organisme=organismes[1])
            history.record(fiches[0], NatureVersion.MODIFICATION)
        return fiches[0]

    def merging(self, kept, other, user):
        return lambda: organisations.merge(kept, other, user, "Le même")

    def giving(self, user, fiche, organisme):
        """A save that gives a fiche this porteur."""
        sent = {"liens_porteurs-TOTAL_FORMS": "1", "liens_porteurs-0-organisme": organisme.pk}
        return saving(user, fiche, **sent | {"liens_porteurs-0-rang": "1", "liens_porteurs-0-initiative": fiche.pk})

    def carriers(self, fiche):
        return [link.organisme for link in Porteur.objects.filter(initiative=fiche)]

    def test_merged_twice(self, organismes, people):
        """Fails without the lock of the organisations, and when « déjà fusionné » is looked at before it."""
        one, two, three = organismes
        _merged, refusal = race(self.merging(one, three, people[0]), self.merging(two, three, people[1]), IN_CHANGE)
        assert "déjà fusionné" in said(refusal)
        assert Organisme.objects.get(pk=three.pk).fusionne_dans == one

    def test_each_into_the_other(self, organismes, people):
        """Fails (a circle) without the lock of both, in one order."""
        one, two, _three = organismes
        _merged, refusal = race(self.merging(one, two, people[0]), self.merging(two, one, people[1]), IN_CHANGE)
        assert "déjà fusionné" in said(refusal)
        assert {row.fusionne_dans for row in Organisme.objects.filter(pk__in=[one.pk, two.pk])} == {None, one}

    def test_into_one_that_is_merged_meanwhile(self, organismes, people):
        """Fails (a chain that nobody follows) without the lock of the one that stays."""
        one, two, three = organismes
        _merged, refusal = race(self.merging(one, two, people[0]), self.merging(two, three, people[1]), IN_CHANGE)
        assert "déjà fusionné" in said(refusal)
        assert Organisme.objects.get(pk=three.pk).fusionne_dans is None

    def test_merged_while_a_fiche_of_it_is_saved(self, organismes, carried, people):
        """Fails without the lock of its fiches: the state recorded would be the one before the colleague's."""
        race(
            saving(people[0], carried, frequence="De la collègue"), self.merging(*organismes[:2], people[1]), IN_CHANGE
        )
        assert now(carried).frequence == "De la collègue"
        assert self.carriers(carried) == [organismes[0]]
        last = carried.versions.first()
        assert (last.nature, last.etat["porteurs"], last.etat["frequence"]) == ("fusion", ["essai-a"], "De la collègue")

    def test_a_fiche_of_it_saved_while_it_is_merged(self, organismes, carried, people):
        """Fails without the lock of its fiches: the colleague would be told nothing of the merge."""
        _merged, page = race(
            self.merging(*organismes[:2], people[1]), saving(people[0], carried, frequence="De la collègue"), self.MOVES
        )
        assert [row.champ for row, _choice in page.context["lignes"]] == ["frequence"]
        assert self.carriers(carried) == [organismes[0]]

    def test_merged_while_another_fiche_is_given_to_it(self, organismes, fiches, people):
        """Fails without the lock that whoever gives something to an organisation shares (migration 0002, MERGED)."""
        give = self.giving(people[0], fiches[1], organismes[1])
        race(give, self.merging(*organismes[:2], people[1]), "initiatives.admin.initiatives.InitiativeAdmin.after_save")
        assert self.carriers(fiches[1]) == [organismes[0]]
        assert fiches[1].versions.first().etat["porteurs"] == ["essai-a"]

    def test_another_fiche_is_given_to_it_while_it_is_merged(self, organismes, fiches, people):
        """Fails without the rule of the database that follows a merge."""
        give = self.giving(people[0], fiches[1], organismes[1])
        _merged, saved = race(self.merging(*organismes[:2], people[1]), give, self.MOVES)
        assert saved.status_code == 302
        assert self.carriers(fiches[1]) == [organismes[0]]
        assert fiches[1].versions.first().etat["porteurs"] == ["essai-a"]

    def test_its_own_form_saved_while_it_is_merged(self, organismes, people):
        """Fails without the look under the lock: what is written there, nobody would see."""
        client, url = Client(), f"/admin/initiatives/organisme/{organismes[1].pk}/change/"
        client.force_login(people[0])
        page = client.get(url)
        data = form_data(page) | {"version_vue": page.context["version_vue"], "note_interne": "Mes mots"}
        _merged, answer = race(self.merging(*organismes[:2], people[1]), lambda: client.post(url, data), IN_CHANGE)
        assert answer.url == f"/admin/initiatives/organisme/{organismes[0].pk}/change/"
        assert Organisme.objects.get(pk=organismes[1].pk).note_interne == ""

    def test_merged_while_what_somebody_writes_of_it_begins_to_wait(self, organismes, carried, people):
        """Fails where what waits is looked for before the lock: it would wait on one that is merged."""
        client, url = Client(), f"/admin/initiatives/organisme/{organismes[1].pk}/change/"
        client.force_login(account("rédaction"))
        page = client.get(url)
        data = form_data(page) | {"version_vue": page.context["version_vue"], "nom_court": "Le Projet"}
        saved, refusal = race(lambda: client.post(url, data), self.merging(*organismes[:2], people[1]), IN_CHANGE)
        assert saved.status_code == 302
        assert "attendent d'être relus" in said(refusal)
        assert Revision.objects.get(issue="en-attente").apres == {"nom_court": "Le Projet"}

    def test_undone_twice(self, organismes, carried, people):
        """Fails without the lock of the organisations before the look at what was undone."""
        fusion = self.merging(*organismes[:2], people[0])()
        left, refusal = race(
            lambda: organisations.separate(fusion, people[0]),
            lambda: organisations.separate(fusion, people[1]),
            self.MOVES.replace("Moves.all", "fiches_back"),
        )
        assert left == []
        assert "déjà été défaite" in said(refusal)
        assert self.carriers(carried) == [organismes[1]]
