"""What the field sent, decided by two at once: as in test_races.py, held by events."""

import pytest

from initiatives.hearing import contributions, pouring, reports
from initiatives.keeping import porteurs, revisions
from initiatives.models import Organisme, Proposition, Revision, Signalement

from .people import account
from .racing import IN_CHANGE, now, public_fiches, said, saving, two_people
from .sessions import committing, race

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture(autouse=True)
def committed(db):
    with committing():
        yield


@pytest.fixture
def fiches():
    return public_fiches(3)


@pytest.fixture
def people():
    return two_people()


@pytest.fixture
def writer():
    return account("rédaction")


class TestFromTheField:
    """A proposition poured, a report settled: once, and from what the editor saw."""

    @pytest.fixture
    def row(self):
        answers = {"titre": "Un nouveau", "region": "laval", "stade": "en-application", "composantes": "Le mentorat"}
        return Proposition.objects.create(jeton="essai", reponses=answers)

    @pytest.fixture
    def report(self, fiches):
        return Signalement.objects.create(jeton="essai", initiative=fiches[0], raisons=["suspendue"])

    @pytest.fixture
    def revision(self, fiches, writer, report):
        assert saving(writer, fiches[0], stade="en-suspens")().status_code == 302
        return Revision.objects.get()

    def pouring(self, row, fiche, par):
        vue = pouring.seen(fiche, par)
        return lambda: pouring.pour(row, fiche, par, "Oui", ["composantes"], contributions.LATER, vue)

    def test_a_proposition_poured_by_two_into_two(self, fiches, people, row):
        """Fails without the lock of the decision."""
        one, two = (self.pouring(row, fiche, who) for fiche, who in zip(fiches, people, strict=False))
        _first, refusal = race(one, two, IN_CHANGE)
        assert "déjà été prise" in said(refusal)
        found = Proposition.objects.get(pk=row.pk)
        assert (found.initiative, found.decidee_par) == (fiches[0], people[0])
        assert [now(fiche).composantes for fiche in fiches[:2]] == ["Le mentorat", ""]

    def test_poured_while_a_colleague_saves(self, fiches, people, row):
        """Fails without the mark of what was compared: hers would be written over, unseen."""
        pour = self.pouring(row, fiches[0], people[1])
        _first, refusal = race(saving(people[0], fiches[0], composantes="La danse"), pour, IN_CHANGE)
        assert "entre-temps" in said(refusal)
        assert now(fiches[0]).composantes == "La danse"
        assert Proposition.objects.get(pk=row.pk).etat == "recue"

    def test_an_organisation_made_by_two(self, people):
        """Fails where the name is looked for once: the address taken would be an error, or there would be two."""
        _first, refusal = race(
            *(lambda who=who: porteurs.create("Le Phare", "autre", None, who, "Essai") for who in people),
            "initiatives.keeping.history.record",
        )
        assert "déjà au répertoire" in said(refusal)
        assert Organisme.objects.filter(nom="Le Phare").count() == 1

    def test_a_report_settled_by_two(self, people, revision, report):
        """Fails without the look at the decision, under a lock."""
        code = f"revision-{revision.pk}"
        _first, refusal = race(
            lambda: reports.settle([report], code, people[0]),
            lambda: reports.dismiss([report], people[1], "Non"),
            "initiatives.hearing.reports.answers",
        )
        assert "déjà été prise" in said(refusal)
        found = Signalement.objects.get(pk=report.pk)
        assert (found.etat, found.decidee_par, found.revision) == ("retenue", people[0], revision)

    def test_settled_while_what_answers_it_is_given_up(self, people, writer, revision, report):
        """Fails without the lock of the fiche in `give_up`: the report would be answered by nothing."""
        code = f"revision-{revision.pk}"
        _first, refusal = race(
            lambda: revisions.give_up(revision, writer),
            lambda: reports.settle([report], code, people[0]),
            "initiatives.keeping.reports.replaced",
        )
        assert "Rien n'a changé depuis" in said(refusal)
        assert Signalement.objects.get(pk=report.pk).etat == "recue"

    def test_what_answers_it_is_published_while_it_is_settled(self, fiches, people, revision, report):
        """Fails without the lock of the fiche in `decide`: the version would not know what it answered."""
        code = f"revision-{revision.pk}"
        race(
            lambda: reports.settle([report], code, people[0]),
            lambda: revisions.publish(revision, people[1], "Oui", ["stade"]),
            "initiatives.hearing.reports.answers",
        )
        assert Signalement.objects.get(pk=report.pk).version == fiches[0].versions.first()
