"""What rédaction changes of a public organisation waits, as what she changes of a fiche does (test_revisions.py)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from initiatives.keeping import history, organisations, revisions
from initiatives.models import Contact, Initiative, Organisme, Revision, Signalement, Version

from .forms import address, form_data, said
from .organisations import carry, make, organisme
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

SLUG, PAGE, FICHE = "pipq", "/organismes/pipq/", "/initiatives/les-survivantes/"
CONTACT = {
    "contacts-TOTAL_FORMS": "1",
    "contacts-0-nature": "telephone",
    "contacts-0-valeur": "418 555-0177",
    "contacts-0-visibilite": "publique",
}


@pytest.fixture
def writer():
    return session(account("rédaction", "odile"))


@pytest.fixture
def reader():
    return session(account("révision", "rene"))


@pytest.fixture
def pipq():
    """An organisation that carries a public fiche."""
    row = organisme(SLUG)
    carry(row, 145, statut="publiee")
    return row


def form(row):
    return address(Organisme, "change", row.pk)


def save(browser, row, **changes):
    page = browser.get(form(row))
    return browser.post(form(row), form_data(page) | {"version_vue": page.context["version_vue"]} | changes)


def waiting():
    return Revision.objects.get(issue="en-attente")


def decide(browser, row, **sent):
    return browser.post(f"/admin/initiatives/revision/{row.pk}/decider/", sent, follow=True)


class TestWriting:
    def test_every_public_page_keeps_its_text(self, writer, visitor, pipq):
        pages = [PAGE, FICHE, "/organismes/", "/initiatives/?q=xqvzbnt"]
        before = [visitor.page(page) for page in pages]
        response = save(writer, pipq, nom="Xqvzbnt", **CONTACT)
        assert response.status_code == 302, said(response)
        assert [visitor.page(page) for page in pages] == before
        for export in ("/initiatives.json", "/initiatives.csv"):
            told = visitor.get(export).getvalue().decode()
            assert ("Xqvzbnt" in told, "555-0177" in told) == (False, False)
        assert organisme(SLUG).nom == pipq.nom
        assert waiting().sujet == pipq
        assert {name: waiting().apres[name] for name in ("nom",)} == {"nom": "Xqvzbnt"}
        assert [row["valeur"] for row in waiting().apres["contacts"]] == ["418 555-0177"]

    def test_its_form_says_so_before_and_after(self, writer, reader, pipq):
        assert "Cet organisme est public" in writer.get(form(pipq)).content.decode()
        assert "Cet organisme est public" not in reader.get(form(pipq)).content.decode()
        save(writer, pipq, nom_court="Le Projet")
        for browser in (writer, reader):
            assert address(Revision, "change", waiting().pk) in browser.get(form(pipq)).content.decode()

    def test_she_goes_on_from_what_she_wrote_contacts_too(self, writer, pipq):
        save(writer, pipq, **CONTACT)
        shown = form_data(writer.get(form(pipq)))
        assert shown["contacts-0-valeur"] == "418 555-0177"
        response = save(writer, pipq, **{"contacts-0-valeur": "418 555-0178", "nom_court": "Le Projet"})
        assert response.status_code == 302, said(response)
        assert waiting().apres["nom_court"] == "Le Projet"
        assert [row["valeur"] for row in waiting().apres["contacts"]] == ["418 555-0178"]
        assert not Contact.objects.filter(organisme=pipq).exists()

    def test_the_internal_note_is_written_at_once(self, writer, pipq):
        save(writer, pipq, note_interne="Rappeler en mars", nom_court="Le Projet")
        assert (organisme(SLUG).note_interne, waiting().apres) == ("Rappeler en mars", {"nom_court": "Le Projet"})

    def test_one_that_nobody_sees_is_written_at_once(self, writer):
        row = make("essai-brouillon")
        carry(row, 153)
        save(writer, row, nom_court="Le Projet")
        assert organisme("essai-brouillon").nom_court == "Le Projet"
        assert not Revision.objects.exists()

    def test_one_that_was_surveyed_is_public_without_a_fiche(self, writer):
        row = Organisme.objects.publics().filter(nombre=0).first()
        save(writer, row, nom_court="Le Projet")
        assert waiting().sujet == row

    def test_who_may_publish_writes_at_once_and_what_waits_goes_on_waiting(self, writer, reader, pipq):
        save(writer, pipq, nom_court="Le Projet")
        assert form_data(reader.get(form(pipq))).get("nom_court", "") == pipq.nom_court
        save(reader, pipq, sigle="PIPQ-2")
        assert (organisme(SLUG).sigle, waiting().apres) == ("PIPQ-2", {"nom_court": "Le Projet"})

    def test_a_restoration_waits_too(self, writer, reader, pipq):
        first = history.last_version(pipq).rang
        save(reader, pipq, nom_court="Le Projet")
        url = address(Organisme, "restaurer", pipq.pk)
        writer.post(url, {"version": first, "champ": ["nom_court"], "motif": "Trop tôt"})
        assert organisme(SLUG).nom_court == "Le Projet"
        assert (waiting().nature, list(waiting().apres)) == ("restauration", ["nom_court"])

    def test_two_writers_meet(self, writer, pipq):
        other = session(account("rédaction", "marthe"))
        hers, his = (browser.get(form(pipq)) for browser in (writer, other))
        sent = [form_data(page) | {"version_vue": page.context["version_vue"]} for page in (hers, his)]
        assert writer.post(form(pipq), sent[0] | {"nom_court": "De l'une"}).status_code == 302
        page = other.post(form(pipq), sent[1] | {"nom_court": "De l'autre", "sigle": "PQ"})
        assert [row.champ for row, _choice in page.context["lignes"]] == ["sigle", "nom_court"]
        kept = {name: page.context[name] for name in ("mienne", "version_vue")}
        other.post(page.context["adresse"], kept | {"choix-sigle": "mienne", "choix-nom_court": "sienne"})
        assert waiting().apres == {"nom_court": "De l'une", "sigle": "PQ"}
        assert organisme(SLUG).sigle == pipq.sigle

    def test_the_database_holds_to_one_that_is_open_and_to_one_subject(self, writer, pipq):
        save(writer, pipq, nom_court="Le Projet")
        values = {"avant": {}, "apres": {}, "nature": "modification", "par": waiting().par}
        for about in ({"organisme": pipq}, {}, {"organisme": organisme("calacs-maison-isa"), "initiative_id": 145}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Revision.objects.create(**values, **about)


class TestReading:
    def test_it_is_read_word_by_word_and_published(self, writer, reader, visitor, pipq):
        save(writer, pipq, nom="Projet Intervention Xqvzbnt", **CONTACT)
        page = reader.get(address(Revision, "change", waiting().pk))
        assert [line.champ for line, intact in page.context["lignes"] if intact] == ["nom", "contacts"]
        decide(reader, waiting(), champ=["nom", "contacts"], usuelle="Correction de forme")
        for address_of in (PAGE, FICHE):
            assert "Projet Intervention Xqvzbnt" in visitor.page(address_of)
            assert "418 555-0177" in visitor.page(address_of)
        last = Version.objects.filter(organisme=pipq).first()
        assert (last.par.username, last.motif) == ("odile", "Relu et publié par rene : Correction de forme")

    def test_some_is_published_and_the_rest_waits(self, writer, reader, pipq):
        save(writer, pipq, nom_court="Le Projet", sigle="PQ")
        decide(reader, waiting(), champ="sigle", motif="Confirmé")
        assert (organisme(SLUG).sigle, organisme(SLUG).nom_court) == ("PQ", pipq.nom_court)
        assert (waiting().sujet, waiting().apres) == (pipq, {"nom_court": "Le Projet"})

    def test_it_is_sent_back_told_and_given_up(self, writer, reader, pipq):
        save(writer, pipq, nom_court="Le Projet")
        row = waiting()
        decide(reader, row, renvoyer="1", motif="Qui le dit?")
        assert "Qui le dit?" in writer.get(form(pipq)).content.decode()
        rows = {line.libelle: line.nombre for line in writer.get("/admin/").context["attente"]}
        assert rows["Renvoyées, à reprendre"] == 1
        decide(writer, row, abandonner="1")
        row.refresh_from_db()
        assert row.issue == "abandonnee"

    def test_who_writes_publishes_nothing(self, writer, pipq):
        save(writer, pipq, nom_court="Le Projet")
        assert decide(writer, waiting(), champ="nom_court", motif="Oui").status_code == 403
        assert organisme(SLUG).nom_court == pipq.nom_court

    def test_its_page_is_seen_before_and_nothing_of_it_stays(self, writer, reader, visitor, pipq):
        save(writer, pipq, nom="Projet Xqvzbnt")
        page = reader.get(f"/admin/initiatives/revision/{waiting().pk}/apercu/").content.decode()
        assert "Projet Xqvzbnt" in page
        assert form(pipq) in page
        assert "Projet Xqvzbnt" not in visitor.page(PAGE)

    def test_the_list_of_what_waits_names_it(self, writer, reader, pipq):
        save(writer, pipq, nom_court="Le Projet")
        page = reader.get(address(Revision, "changelist")).content.decode()
        assert ("PIPQ" in page, "Nom court" in page) == (True, True)


class TestMerging:
    def test_what_waits_is_decided_before_it_goes_into_another(self, writer, reader, editor, pipq):
        kept = make("essai-garde", "Projet Intervention")
        save(writer, pipq, nom_court="Le Projet")
        with pytest.raises(ValidationError, match="attendent d'être relus"):
            organisations.merge(kept, pipq, editor, "Le même")
        assert organisme(SLUG).fusionne_dans is None
        decide(reader, waiting(), renvoyer="1", motif="Elle se fusionne")
        organisations.merge(kept, organisme(SLUG), editor, "Le même")
        assert organisme(SLUG).fusionne_dans == kept

    def test_what_was_sent_back_is_not_published_by_a_merged_one(self, writer, reader, editor, pipq):
        """It is there again once the two are separated."""
        save(writer, pipq, nom_court="Le Projet")
        row = waiting()
        decide(reader, row, renvoyer="1", motif="Elle se fusionne")
        fusion = organisations.merge(make("essai-garde", "Projet"), organisme(SLUG), editor, "Le même")
        assert writer.get(address(Revision, "change", row.pk)).status_code == 200
        organisations.separate(fusion, editor)
        assert form_data(writer.get(form(pipq)))["nom_court"] == "Le Projet"

    def test_what_waits_on_the_one_that_stays_goes_on_waiting(self, writer, editor, pipq):
        save(writer, pipq, nom_court="Le Projet")
        organisations.merge(pipq, make("essai-autre", "Projet"), editor, "Le même")
        assert (waiting().sujet, waiting().apres) == (pipq, {"nom_court": "Le Projet"})


class TestReports:
    """A wrong telephone is often the organisation's: what waits of it answers the report."""

    @pytest.fixture
    def report(self):
        return Signalement.objects.create(jeton="s", initiative_id=145, raisons=["coordonnees"], texte="Mauvais numéro")

    def settle(self, browser, report, code):
        url = f"/admin/initiatives/signalement/{report.pk}/decider/"
        return browser.post(url, {"reponse": code, "retenir": "1"}, follow=True)

    def test_it_is_settled_by_what_waits_and_by_the_version_after(self, writer, reader, pipq, report):
        save(writer, pipq, **CONTACT)
        row = waiting()
        self.settle(writer, report, f"revision-{row.pk}")
        report.refresh_from_db()
        assert (report.etat, report.revision, report.initiative_id) == ("retenue", row, 145)
        save(writer, pipq, nom_court="Le Projet")
        report.refresh_from_db()
        assert (report.revision, report.initiative_id) == (waiting(), 145)
        decide(reader, waiting(), champ="contacts", motif="Oui")
        report.refresh_from_db()
        assert report.version == Version.objects.filter(organisme=pipq).first()

    def test_it_waits_again_once_that_is_given_up(self, writer, pipq, report):
        save(writer, pipq, **CONTACT)
        self.settle(writer, report, f"revision-{waiting().pk}")
        decide(writer, waiting(), abandonner="1")
        report.refresh_from_db()
        assert (report.etat, report.revision, report.initiative_id) == ("recue", None, 145)

    def test_what_waits_of_a_stranger_answers_nothing(self, writer, report):
        other = Organisme.objects.publics().exclude(liens_porteurs__initiative=145).first()
        save(writer, other, nom_court="Le Projet")
        self.settle(writer, report, f"revision-{waiting().pk}")
        report.refresh_from_db()
        assert report.etat == "recue"


def test_what_would_change_of_a_public_one_waits_whoever_asks(editor, pipq):
    """The rule itself, where no form is: asked of each row as the database holds it."""
    writer = account("rédaction", "marthe")
    assert [revisions.must_wait(pipq, who) for who in (writer, editor)] == [True, False]
    Initiative.objects.filter(organismes=pipq).update(statut="archivee")
    pipq.sondages.all().update(organisme=organisme("calacs-maison-isa"))
    assert not revisions.must_wait(pipq, writer)
