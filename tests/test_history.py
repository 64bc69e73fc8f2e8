"""Every change is a version; versions are compared and restored; nobody's edit is silently overwritten."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from initiatives.keeping import history, merging, moderation, state
from initiatives.models import Contact, Initiative, Organisme, Version

from .forms import address, as_csv, form_data, said, upload, written
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def fiche(numero=145):
    return Initiative.objects.get(numero=numero)


def versions(subject=None):
    """(rank, nature, who, why) of each version, the first one first."""
    rows = (subject or fiche()).versions.order_by("rang")
    return [(row.rang, row.nature, row.par and row.par.username, row.motif) for row in rows]


def save(workshop, url, **changes):
    page = workshop.get(url)
    data = form_data(page) | {"version_vue": page.context["version_vue"]} | changes
    return workshop.post(url, data)


def test_everything_loaded_has_a_first_version():
    assert Initiative.objects.filter(versions__isnull=True).count() == 0
    assert Organisme.objects.filter(versions__isnull=True).count() == 0
    assert versions() == [(1, "reprise", None, "")]


def test_a_save_is_a_version_relations_included(workshop):
    url = address(Initiative, "change", 145)
    organisme = Organisme.objects.get(slug="pipq")
    response = save(
        workshop,
        url,
        **{
            "frequence": "Chaque mois",
            "liens_porteurs-TOTAL_FORMS": "2",
            "liens_porteurs-1-organisme": organisme.pk,
            "liens_porteurs-1-rang": "2",
            "contacts-TOTAL_FORMS": "1",
            "contacts-0-nature": "site-web",
            "contacts-0-valeur": "https://example.org/",
            "contacts-0-visibilite": "editeurs",
        },
    )
    assert response.status_code == 302
    assert versions()[1:] == [(2, "modification", "editrice", "")]
    first, second = fiche().versions.order_by("rang")
    found = {row.champ: (row.avant, row.apres) for row in state.differences(Initiative, first.etat, second.etat)}
    assert set(found) == {"frequence", "porteurs", "contacts"}
    assert found["frequence"][1] == "Chaque mois"
    assert found["porteurs"][1].endswith("\nProjet Intervention Prostitution Québec")
    assert found["contacts"] == ("", "Site web : https://example.org/ · Réservée à l'équipe éditoriale")


def test_a_save_that_changes_nothing_is_no_version(workshop):
    assert save(workshop, address(Initiative, "change", 145)).status_code == 302
    assert len(versions()) == 1


def test_an_organisation_has_a_history_too(workshop):
    organisme = Organisme.objects.get(slug="pipq")
    assert save(workshop, address(Organisme, "change", organisme.pk), sigle="PIPQ2").status_code == 302
    assert versions(organisme)[1:] == [(2, "modification", "editrice", "")]


def test_decisions_and_verifications_are_versions(editor, workshop):
    moderation.archive(fiche(), editor, "N'existe plus")
    moderation.publish(fiche(), editor, "Revenue")
    assert workshop.post("/admin/initiatives/initiative/145/verifiee/", {"comment": "appel"}).status_code == 302
    assert versions()[1:] == [
        (2, "decision", "editrice", "N'existe plus"),
        (3, "decision", "editrice", "Revenue"),
        (4, "verification", "editrice", "Confirmé par téléphone"),
    ]
    today = timezone.localdate()
    assert (fiche().verifiee_le, fiche().a_verifier_le) == (today, today.replace(year=today.year + 1))
    workshop.post("/admin/initiatives/initiative/145/verifiee/", {"comment": "appel"})
    assert len(versions()) == 5  # verified twice is said twice


class TestModified:
    """Verified and modified are two things, and neither is publishing."""

    url = "/initiatives/les-survivantes/"

    def says(self, visitor, url=url):
        page = visitor.page(url)
        return re.search(r"Vérifiée le|Jamais vérifiée", page)[0], re.search(r"Modifiée ici le|Jamais modifiée", page)[
            0
        ]

    def test_nothing_has_changed(self, workshop, visitor):
        assert self.says(visitor) == ("Jamais vérifiée", "Jamais modifiée")
        workshop.post("/admin/initiatives/initiative/145/verifiee/", {"comment": "appel"})
        assert self.says(visitor) == ("Vérifiée le", "Jamais modifiée")
        save(workshop, address(Initiative, "change", 145))
        assert self.says(visitor) == ("Vérifiée le", "Jamais modifiée")

    @pytest.mark.parametrize(
        "change",
        [
            {"frequence": "Chaque mois"},
            {"liens_porteurs-0-rang": "2"},
            {"contacts-TOTAL_FORMS": "1", "contacts-0-visibilite": "publique"},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_what_the_fiche_tells_changed(self, workshop, visitor, change):
        contact = {"contacts-0-nature": "telephone", "contacts-0-valeur": "211"}
        porteurs = {
            "liens_porteurs-TOTAL_FORMS": "2",
            "liens_porteurs-1-organisme": Organisme.objects.get(slug="pipq").pk,
            "liens_porteurs-1-rang": "1",
        }
        extra = contact if "contacts-TOTAL_FORMS" in change else porteurs if "liens_porteurs-0-rang" in change else {}
        assert save(workshop, address(Initiative, "change", 145), **extra, **change).status_code == 302
        assert self.says(visitor) == ("Jamais vérifiée", "Modifiée ici le")
        assert (fiche().modifiee_le - timezone.now()).days in (0, -1)

    def test_what_only_editors_see_changed(self, workshop, visitor):
        change = {
            "note_interne": "Rappeler",
            "a_verifier_le": "2030-01-01",
            "contacts-TOTAL_FORMS": "1",
            "contacts-0-nature": "telephone",
            "contacts-0-valeur": "211",
            "contacts-0-visibilite": "editeurs",
        }
        assert save(workshop, address(Initiative, "change", 145), **change).status_code == 302
        assert len(versions()) == 2
        assert self.says(visitor) == ("Jamais vérifiée", "Jamais modifiée")

    def test_decided_or_merged(self, editor, visitor):
        moderation.archive(fiche(), editor, "N'existe plus")
        moderation.publish(fiche(), editor, "Revenue")
        assert self.says(visitor) == ("Jamais vérifiée", "Jamais modifiée")
        merging.merge(fiche(), fiche(122), editor, "La même", [])
        assert self.says(visitor) == ("Jamais vérifiée", "Jamais modifiée")
        merging.merge(fiche(), fiche(123), editor, "La même", ["description"])
        assert self.says(visitor) == ("Jamais vérifiée", "Modifiée ici le")

    def test_a_new_fiche_is_not_modified_at_birth(self, workshop, editor, visitor):
        url = address(Initiative, "add")
        data = {"titre": "Une nouvelle", "stade": "en-application", "region": "laval", "objectifs": "Informer"}
        assert workshop.post(url, form_data(workshop.get(url)) | data).status_code == 302
        new = moderation.publish(Initiative.objects.latest("numero"), editor, "Confirmée")
        assert self.says(visitor, new.get_absolute_url()) == ("Jamais vérifiée", "Jamais modifiée")

    def test_a_field_that_the_version_before_did_not_know_is_no_modification(self, workshop, visitor):
        version = fiche().versions.get()
        del version.etat["composantes"]
        version.save()
        workshop.post("/admin/initiatives/initiative/145/verifiee/", {"comment": "appel"})
        assert [row[1] for row in versions()] == ["reprise", "hors-atelier", "verification"]
        assert self.says(visitor) == ("Vérifiée le", "Jamais modifiée")


class TestLooking:
    """Whoever only looks holds nobody up, and writes nothing: not even what was changed without the workshop."""

    @pytest.mark.parametrize("page", ["change", "history"])
    def test_locks_and_writes_nothing(self, workshop, page):
        Initiative.objects.filter(numero=145).update(frequence="Par SQL")
        with CaptureQueriesContext(connection) as queries:
            assert workshop.get(address(Initiative, page, 145)).status_code == 200
        ours = [row["sql"] for row in queries if "django_session" not in row["sql"] and "SAVEPOINT" not in row["sql"]]
        assert {sql.split()[0] for sql in ours} == {"SELECT"}
        assert not [sql for sql in ours if " FOR " in sql]
        assert versions() == [(1, "reprise", None, "")]

    def test_shows_what_was_done_without_the_workshop(self, workshop):
        before = fiche().frequence
        Initiative.objects.filter(numero=145).update(frequence="Par SQL")
        page = workshop.get(address(Initiative, "history", 145) + "?de=1&a=2")
        assert [(row.champ, row.avant, row.apres) for row in page.context["differences"]] == [
            ("frequence", before, "Par SQL")
        ]
        assert [row.rang for row in page.context["versions"]] == [2, 1]

    def test_a_form_opened_on_it_saves_without_a_conflict(self, workshop):
        Initiative.objects.filter(numero=145).update(frequence="Par SQL")
        page = workshop.get(address(Initiative, "change", 145))
        data = form_data(page) | {"version_vue": page.context["version_vue"], "annee": "2001"}
        assert workshop.post(address(Initiative, "change", 145), data).status_code == 302
        assert [row[1] for row in versions()] == ["reprise", "hors-atelier", "modification"]

    def test_a_form_opened_before_it_is_a_conflict(self, workshop):
        page = workshop.get(address(Initiative, "change", 145))
        data = form_data(page) | {"version_vue": page.context["version_vue"], "annee": "2001"}
        Initiative.objects.filter(numero=145).update(frequence="Par SQL")
        assert workshop.post(address(Initiative, "change", 145), data).status_code == 200
        assert fiche().frequence == "Par SQL"

    def test_a_fiche_of_which_nothing_was_recorded_opens_too(self, workshop):
        row = Initiative.objects.create(titre="Par SQL", slug="par-sql", region_id="laval", stade="en-application")
        assert save(workshop, address(Initiative, "change", row.pk), annee="2001").status_code == 302
        assert [nature for _rang, nature, _par, _motif in versions(row)] == ["reprise", "modification"]
        assert workshop.get(address(Initiative, "history", row.pk)).status_code == 200


def test_what_was_done_without_the_workshop_is_recorded_before_the_next_change(workshop):
    Initiative.objects.filter(numero=145).update(frequence="Par SQL")
    assert save(workshop, address(Initiative, "change", 145), annee="2001").status_code == 302
    assert [row[1] for row in versions()] == ["reprise", "hors-atelier", "modification"]
    second, third = fiche().versions.order_by("rang")[1:]
    assert [row.champ for row in state.differences(Initiative, second.etat, third.etat)] == ["annee"]


class TestRestore:
    def test_one_field_or_all(self, workshop, visitor):
        before = state.state_of(fiche())
        url = address(Initiative, "change", 145)
        save(workshop, url, titre="Autre titre", frequence="Chaque mois", objectifs="Un\nDeux")
        Contact.objects.create(initiative=fiche(), nature="telephone", valeur="211", visibilite="publique")
        page = workshop.get(url.replace("change", "history") + "?de=1&a=3").content.decode()
        assert '<del data-dit="retiré">' in page
        assert '<ins data-dit="ajouté">' in page
        restore = "/admin/initiatives/initiative/145/restaurer/"
        workshop.post(restore, {"version": "1", "champ": ["titre"], "motif": " "})
        assert fiche().titre == "Autre titre"
        workshop.post(restore, {"version": "1", "motif": "Rien de coché"})
        assert fiche().titre == "Autre titre"
        workshop.post(restore, {"version": "1", "champ": ["titre"], "motif": "Le titre était bon"})
        assert fiche().titre == before["titre"]
        assert fiche().frequence == "Chaque mois"
        workshop.post(restore, {"version": "1", "tout": "1", "motif": "Tout était bon"})
        assert state.state_of(fiche()) == before
        assert [row[1:] for row in versions()[-2:]] == [
            ("restauration", "editrice", "Le titre était bon"),
            ("restauration", "editrice", "Tout était bon"),
        ]

    def test_porteurs_come_back_in_their_order(self, workshop, editor):
        before = state.state_of(fiche(106))
        first = history.last_version(fiche(106))
        with history.change(fiche(106), "modification", editor):
            state.set_porteurs(fiche(106), ["spvm", before["porteurs"][1]])
        assert state.state_of(fiche(106))["porteurs"] == ["spvm", before["porteurs"][1]]
        history.restore(fiche(106), first, editor, "Retour")
        assert state.state_of(fiche(106)) == before

    def test_status_and_address_are_not_restored(self, workshop, editor, visitor):
        first = history.last_version(fiche())
        moderation.archive(fiche(), editor, "N'existe plus")
        history.restore(fiche(), first, editor, "Tout")
        assert fiche().statut == "archivee"


class TestConflict:
    def test_the_second_to_save_chooses_field_by_field(self, workshop, django_user_model):
        colleague = Client()
        colleague.force_login(django_user_model.objects.create_superuser("collegue", password="x" * 20))
        url = address(Initiative, "change", 145)
        page = workshop.get(url)
        data = form_data(page) | {"version_vue": page.context["version_vue"]}
        save(colleague, url, frequence="Chaque jour", annee="2002", composantes="De la collègue")
        answer = workshop.post(url, data | {"frequence": "Chaque mois", "pour_en_savoir_plus": "De moi"})
        assert answer.status_code == 200
        text = answer.content.decode()
        assert fiche().frequence == "Chaque jour"  # nothing was overwritten
        assert "collegue" in text
        assert "modifié avec succès" not in text
        rows = {row.champ: choice for row, choice in answer.context["lignes"]}
        assert rows == {"annee": "sienne", "composantes": "sienne", "frequence": "", "pour_en_savoir_plus": "mienne"}
        hidden = {name: answer.context[name] for name in ("mienne", "version_vue")}
        settle = answer.context["adresse"]
        incomplete = workshop.post(settle, hidden | {"choix-annee": "sienne"})
        assert "Choisissez pour chaque ligne" in incomplete.content.decode()
        choices = {f"choix-{name}": choice or "mienne" for name, choice in rows.items()}
        assert workshop.post(settle, hidden | choices).status_code == 302
        row = fiche()
        assert (row.frequence, row.annee, row.composantes) == ("Chaque mois", 2002, "De la collègue")
        assert row.pour_en_savoir_plus == "De moi"
        assert [row[2] for row in versions()] == [None, "collegue", "editrice"]

    def test_a_third_save_in_between_asks_again(self, workshop):
        url = address(Initiative, "change", 145)
        page = workshop.get(url)
        data = form_data(page) | {"version_vue": page.context["version_vue"], "frequence": "Mienne"}
        save(workshop, url, frequence="Autre")
        answer = workshop.post(url, data)
        hidden = {name: answer.context[name] for name in ("mienne", "version_vue")}
        save(workshop, url, frequence="Encore autre")
        again = workshop.post(answer.context["adresse"], hidden | {"choix-frequence": "mienne"})
        assert again.status_code == 200
        assert fiche().frequence == "Encore autre"

    def test_a_mistake_in_the_form_comes_first(self, workshop):
        url = address(Initiative, "change", 145)
        late = form_data(workshop.get(url)) | {"version_vue": "1", "titre": ""}
        save(workshop, url, frequence="Autre")
        answer = workshop.post(url, late)
        assert answer.context["adminform"].form.errors == {"titre": ["Ce champ est obligatoire."]}
        assert answer.context["version_vue"] == "1"

    @pytest.mark.parametrize("seen", ["999", "abc", ""])
    def test_what_was_never_a_version_asks_for_every_line(self, workshop, seen):
        url = address(Initiative, "change", 145)
        answer = workshop.post(url, form_data(workshop.get(url)) | {"version_vue": seen, "frequence": "De moi"})
        assert answer.status_code == 200
        assert [(row.champ, choice) for row, choice in answer.context["lignes"]] == [("frequence", "")]
        assert len(versions()) == 1

    def test_without_a_version_it_is_saved(self, workshop):
        """A page of before, or a script: there is nothing to compare with."""
        url = address(Initiative, "change", 145)
        assert workshop.post(url, form_data(workshop.get(url)) | {"frequence": "De moi"}).status_code == 302
        assert fiche().frequence == "De moi"

    def test_its_page_tells_what_the_others_did_and_where_to_go(self, workshop, editor):
        url = address(Initiative, "change", 145)
        late = form_data(workshop.get(url)) | {"version_vue": "1", "annee": "2002"}
        save(workshop, url, frequence="Autre")
        moderation.verify(fiche(), editor, "Au téléphone")
        context = workshop.post(url, late).context
        assert [(row.rang, row.motif) for row in context["autres"]] == [(3, "Au téléphone"), (2, "")]
        told = {name: context[name] for name in ("title", "retour", "adresse", "version_vue", "coordonnees", "erreur")}
        assert told == {
            "title": "Quelqu'un d'autre a enregistré entre-temps",
            "retour": url,
            "adresse": address(Initiative, "conflit", 145),
            "version_vue": "3",
            "coordonnees": False,
            "erreur": "",
        }
        choices = {f"choix-{row.champ}": choice for row, choice in context["lignes"]}
        assert choices == {
            "choix-annee": "mienne",
            "choix-frequence": "sienne",
            "choix-verifiee_le": "sienne",
            "choix-a_verifier_le": "sienne",
        }
        signed = {"mienne": context["mienne"], "version_vue": "3"}
        refused = workshop.post(context["adresse"], signed | {"choix-annee": "mienne"})
        assert refused.context["erreur"] == "Choisissez pour chaque ligne."
        done = workshop.post(context["adresse"], signed | choices, follow=True)
        assert said(done) == [("success", "Enregistré, avec vos choix.")]
        assert done.redirect_chain == [(url, 302)]
        assert (fiche().annee, fiche().frequence, fiche().verifiee_le) == (2002, "Autre", timezone.localdate())
        assert versions()[-1] == (4, "modification", "editrice", "")
        looked = workshop.get(context["adresse"], follow=True)
        assert (looked.redirect_chain, said(looked)) == ([(url, 302)], [])

    def test_a_tampered_draft_of_mine_is_refused(self, workshop):
        answer = workshop.post(
            "/admin/initiatives/initiative/145/conflit/", {"mienne": "x", "version_vue": "1", "choix-titre": "mienne"}
        )
        assert answer.status_code == 302
        assert len(versions()) == 1

    def test_a_draft_of_mine_is_good_for_one_fiche_one_editor_and_one_version(self, workshop, client):
        page = workshop.get(address(Initiative, "change", 145))
        save(workshop, address(Initiative, "change", 145), titre="Autre titre")
        conflict = workshop.post(address(Initiative, "change", 145), form_data(page) | {"version_vue": "1"})
        signed = {"mienne": conflict.context["mienne"], "version_vue": "2", "choix-titre": "mienne"}
        other = workshop.get(address(Initiative, "change", 144)).context["version_vue"]
        for url, version in (
            (address(Initiative, "conflit", 144), str(other)),
            (address(Initiative, "conflit", 145), "1"),
        ):
            answer = workshop.post(url, signed | {"version_vue": version}, follow=True)
            assert "Cette page avait changé" in answer.content.decode()
        colleague = session(account("révision"))
        answer = colleague.post(address(Initiative, "conflit", 145), signed, follow=True)
        assert "Cette page avait changé" in answer.content.decode()
        assert (fiche(144).titre, fiche().titre) != ("Les Survivantes", "Les Survivantes")
        assert fiche().titre == "Autre titre"
        workshop.post(address(Initiative, "conflit", 145), signed)
        assert fiche().titre == "Les Survivantes"


class TestPersonalContacts:
    """A contact that looks like a person's is asked about on every way back to the public page."""

    PERSONAL = {"nature": "courriel", "valeur": "prenom.nom@example.org", "precision": "", "visibilite": "publique"}

    def was_public(self, row, **values):
        """The row had such a contact, in its first version, and has it no more."""
        contact = Contact.objects.create(initiative=row, **self.PERSONAL | values)
        history.record(row, "modification")
        contact.delete()
        history.record(row, "modification")
        return row.versions.get(rang=2)

    def test_restoring(self, workshop):
        version = self.was_public(fiche())
        page = workshop.get(address(Initiative, "history", 145), {"de": "2", "a": "3"}).content.decode()
        assert 'name="confirme"' in page
        asked = {"version": str(version.rang), "champ": "contacts", "motif": "Essai"}
        refused = workshop.post(address(Initiative, "restaurer", 145), asked, follow=True)
        assert "On dirait la coordonnée d&#x27;une personne : prenom.nom@example.org" in refused.content.decode()
        assert not fiche().contacts.exists()
        workshop.post(address(Initiative, "restaurer", 145), asked | {"confirme": "1"})
        assert fiche().contacts.get().valeur == "prenom.nom@example.org"

    def test_what_only_editors_see_is_not_asked_about(self, workshop):
        version = self.was_public(fiche(), visibilite="editeurs")
        workshop.post(
            address(Initiative, "restaurer", 145), {"version": version.rang, "champ": "contacts", "motif": "Essai"}
        )
        assert fiche().contacts.get().visibilite == "editeurs"

    def test_settling_a_conflict(self, workshop):
        url = address(Initiative, "change", 145)
        contact = {f"contacts-0-{name}": value for name, value in self.PERSONAL.items()}
        late = form_data(workshop.get(url)) | contact | {"contacts-TOTAL_FORMS": "1", "contacts-0-confirme": "on"}
        save(workshop, url, frequence="Autre")
        context = workshop.post(url, late | {"version_vue": "1"}).context
        assert context["coordonnees"] is True
        chosen = {"mienne": context["mienne"], "version_vue": "2", "choix-contacts": "mienne"}
        chosen["choix-frequence"] = "sienne"
        again = workshop.post(context["adresse"], chosen).context
        assert again["erreur"] == (
            "On dirait la coordonnée d'une personne : prenom.nom@example.org. Si c'est celle d'un service, cochez-le."
        )
        assert not fiche().contacts.exists()
        assert workshop.post(context["adresse"], chosen | {"confirme": "1"}).status_code == 302
        assert (fiche().contacts.get().valeur, fiche().frequence) == ("prenom.nom@example.org", "Autre")

    def test_merging(self, workshop):
        Contact.objects.create(initiative=fiche(144), **self.PERSONAL)
        url = address(Initiative, "fusionner")
        assert 'name="confirme"' in workshop.get(url, {"a": "145", "b": "144"}).content.decode()
        asked = {"a": "145", "b": "144", "motif": "Essai", "choix-contacts": "autre"}
        assert "On dirait la coordonnée" in workshop.post(url, asked).content.decode()
        assert not fiche().contacts.exists()
        assert workshop.post(url, asked | {"confirme": "1"}).status_code == 302
        assert fiche().contacts.get().valeur == "prenom.nom@example.org"

    def test_what_is_public_already_is_not_asked_again(self):
        Contact.objects.create(initiative=fiche(), **self.PERSONAL)
        history.record(fiche(), "modification")
        with history.change(fiche(), "modification") as row:
            state.apply_state(row, state.state_of(row) | {"frequence": "Souvent"})
        assert fiche().frequence == "Souvent"


@pytest.mark.parametrize("text", ["mot " * 4000, "a b " * 3000, " ".join(map(str, range(6000)))])
def test_comparing_never_costs_more_than_its_bound(text, monkeypatch):
    """A hostile answer, of repeated words or long: what is compared stays under the bound, and is gone through once a
    piece and not once a word.
    """
    pairs, passes = [], []

    class Counted(state.difflib.SequenceMatcher):
        def __init__(self, junk, before, after, autojunk):
            counts = state.Counter(after)
            pairs.append(sum(counts[piece] for piece in before))
            super().__init__(junk, before, after, autojunk)

        def find_longest_match(self, *place):
            passes.append(place)
            return super().find_longest_match(*place)

    monkeypatch.setattr(state.difflib, "SequenceMatcher", Counted)
    old, new = f"Début. {text} fin.", f"Début. x {text} y fin."
    parts = state.word_parts(old, new)
    assert all(count <= state.MAX_PAIRS for count in pairs)
    assert len(passes) <= 2 * len(parts)
    assert "".join(words for kind, words in parts if kind != "ajoute") == old
    assert "".join(words for kind, words in parts if kind != "retire") == new
    assert parts[0][0] == parts[-1][0] == "egal"


def test_history_page_reads_itself(workshop):
    save(workshop, address(Initiative, "change", 145), titre="Les Survivantes d'ici")
    page = workshop.get("/admin/initiatives/initiative/145/history/").content.decode()
    assert re.search(r'href="\?de=1&amp;a=2">\s*Titre\s*</a>', page)
    assert "première version" in page
    assert re.search(r"<td>\d{1,2} \w+ \d{4}, \d\d h \d\d</td>", page)


def test_history_tells_each_version_and_compares_two_either_way(workshop, editor):
    save(workshop, address(Initiative, "change", 145), titre="Un autre titre", frequence="Chaque mois")
    moderation.verify(fiche(), editor, "Au téléphone")
    url = address(Initiative, "history", 145)
    context = workshop.get(url).context
    assert [(row.rang, before and before.rang, labels) for row, before, labels in context["resumes"]] == [
        (3, 2, ["Vérifiée le", "À vérifier avant le"]),
        (2, 1, ["Titre", "Fréquence des activités"]),
        (1, None, []),
    ]
    assert (context["title"], context["retour"], context["adresse"]) == (
        f"Historique : {fiche()}",
        address(Initiative, "change", 145),
        address(Initiative, "restaurer", 145),
    )
    for asked in ({}, {"de": "1"}, {"de": "1", "a": "9"}, {"de": "x", "a": "2"}):
        context = workshop.get(url, asked).context
        assert (context["differences"], context["coordonnees"]) == ([], False)
    for asked in ({"de": "1", "a": "2"}, {"de": "2", "a": "1"}):
        context = workshop.get(url, asked).context
        assert (context["ancienne"].rang, context["nouvelle"].rang) == (1, 2)
        assert [row.champ for row in context["differences"]] == ["titre", "frequence"]
        assert (context["peut_restaurer"], context["coordonnees"]) == (True, False)
    assert workshop.get(url, {"de": "2", "a": "2"}).context["differences"] == []
    reader = account("rédaction")
    reader.groups.clear()
    reader.user_permissions.set(Permission.objects.filter(codename="view_initiative"))
    assert session(reader).get(url).context["peut_restaurer"] is False


def test_each_restoration_says_what_came_of_it(workshop):
    save(workshop, address(Initiative, "change", 145), titre="Un autre titre")
    workshop.get("/admin/")  # reads what the save said
    url, first = address(Initiative, "restaurer", 145), fiche().versions.get(rang=1)
    for sent, told in (
        ({"champ": ["titre"], "motif": " "}, ("error", "Dites pourquoi.")),
        ({"motif": "Essai"}, ("error", "Cochez ce qu'il faut restaurer.")),
        ({"champ": ["titre"], "motif": " Le bon "}, ("success", f"Restauré : {first}")),
    ):
        response = workshop.post(url, {"version": "1"} | sent, follow=True)
        assert said(response) == [told]
        assert response.redirect_chain == [(address(Initiative, "history", 145), 302)]
    assert versions()[-1] == (3, "restauration", "editrice", "Le bon")
    for version in ("0", "9", "x", "-1", ""):
        assert workshop.post(url, {"version": version, "tout": "1", "motif": "Essai"}).status_code == 404
    assert workshop.get(url).url == address(Initiative, "history", 145)
    assert len(versions()) == 3


def test_preview_is_for_staff_alone(workshop, client, visitor, draft):
    url = f"/admin/initiatives/initiative/{draft.numero}/apercu/"
    page = workshop.get(url)
    assert "Aperçu" in page.content.decode()
    assert escape(draft.titre) in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get(url).status_code == 302


def test_versions_cannot_be_changed_or_deleted():
    from django.contrib.admin.sites import site

    assert Version not in site._registry


def test_edited_unpublished_restored_imported_over_and_raced_for(workshop, editor):
    """One fiche through everything: each step is a version, and the first state can still be brought back."""
    before, url = state.state_of(fiche()), address(Initiative, "change", 145)
    page = workshop.get(url)
    late = form_data(page) | {"version_vue": page.context["version_vue"], "frequence": "Trop tard"}
    save(workshop, url, frequence="Éditée")
    moderation.archive(fiche(), editor, "Dépubliée")
    moderation.publish(fiche(), editor, "Republiée")
    first = fiche().versions.get(rang=1)
    history.restore(fiche(), first, editor, "Restaurée")
    written(workshop, upload(workshop, as_csv(["numero", "frequence"], [145, "Importée"])))
    assert workshop.post(url, late).status_code == 200  # shown the difference, not saved
    assert [row[1] for row in versions()] == [
        *("reprise", "modification", "decision", "decision", "restauration", "import"),
    ]
    assert [row.etat["frequence"] for row in fiche().versions.order_by("rang")] == [
        *(before["frequence"], "Éditée", "Éditée", "Éditée", before["frequence"], "Importée"),
    ]
    history.restore(fiche(), first, editor, "Comme au début")
    assert state.state_of(fiche()) == before


def test_what_is_decided_elsewhere_is_not_blamed_for_what_was_done_without_the_workshop(workshop, editor):
    Initiative.objects.filter(pk=145).update(frequence="Par SQL")
    moderation.archive(fiche(), editor, "Fermée")
    assert [row[1] for row in versions()] == ["reprise", "hors-atelier", "decision"]
    states = [row.etat for row in fiche().versions.order_by("rang")]
    assert states[1]["frequence"] == states[2]["frequence"] == "Par SQL"
    assert (states[1]["statut"], states[2]["statut"]) == ("publiee", "archivee")
