"""Nothing goes public unseen: what rédaction changes of a public fiche waits for somebody who may publish."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from initiatives.hearing import answering
from initiatives.keeping import moderation
from initiatives.models import Contact, Initiative, Organisme, Proposition, Revision, Version

from .forms import address, as_csv, form_data, said, upload, written
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

FORM = address(Initiative, "change", 145)


@pytest.fixture
def writer():
    return session(account("rédaction", "odile"))


@pytest.fixture
def reader():
    return session(account("révision", "rene"))


def fiche():
    return Initiative.objects.get(numero=145)


def save(browser, **changes):
    page = browser.get(FORM)
    return browser.post(FORM, form_data(page) | {"version_vue": page.context["version_vue"]} | changes)


def waiting():
    return Revision.objects.get(issue="en-attente")


def decide(browser, row, **sent):
    return browser.post(f"/admin/initiatives/revision/{row.pk}/decider/", sent, follow=True)


class TestWriting:
    def test_a_public_page_keeps_its_text(self, writer, visitor):
        before = visitor.page("/initiatives/les-survivantes/")
        response = save(writer, frequence="Le mardi soir")
        assert response.status_code == 302
        assert visitor.page("/initiatives/les-survivantes/") == before
        assert fiche().frequence != "Le mardi soir"
        assert waiting().apres == {"frequence": "Le mardi soir"}
        assert waiting().par.username == "odile"
        assert Version.objects.filter(initiative=145).count() == 1

    def test_she_goes_on_from_what_she_wrote(self, writer):
        save(writer, frequence="Le mardi soir")
        assert form_data(writer.get(FORM))["frequence"] == "Le mardi soir"
        save(writer, annee="2003")
        assert waiting().apres == {"annee": 2003, "frequence": "Le mardi soir"}
        assert list(Revision.objects.order_by("pk").values_list("issue", flat=True)) == ["remplacee", "en-attente"]

    def test_contacts_and_porteurs_wait_with_the_rest_and_are_changed_again(self, writer):
        pipq = Organisme.objects.get(slug="pipq")
        save(
            writer,
            **{
                "liens_porteurs-TOTAL_FORMS": "2",
                "liens_porteurs-1-organisme": pipq.pk,
                "liens_porteurs-1-rang": "2",
                "contacts-TOTAL_FORMS": "2",
                "contacts-0-nature": "site-web",
                "contacts-0-valeur": "https://example.org/",
                "contacts-0-visibilite": "publique",
                "contacts-1-nature": "site-web",
                "contacts-1-valeur": "https://example.com/",
                "contacts-1-visibilite": "editeurs",
            },
        )
        assert Contact.objects.filter(initiative=145).count() == 0
        assert len(fiche().porteurs) == 1
        response = save(writer, **{"contacts-1-valeur": "https://example.net/", "contacts-0-DELETE": "on"})
        assert response.status_code == 302, said(response)
        row = waiting()
        assert [contact["valeur"] for contact in row.apres["contacts"]] == ["https://example.net/"]
        assert row.apres["porteurs"][-1] == "pipq"

    def test_what_is_put_back_waits_no_more(self, writer):
        before = fiche().frequence
        save(writer, frequence="Le mardi soir")
        save(writer, frequence=before)
        assert not Revision.objects.filter(issue="en-attente").exists()

    def test_a_note_that_nobody_reads_in_public_is_written_at_once(self, writer):
        save(writer, note_interne="Rappeler en mars", frequence="Le mardi soir")
        assert fiche().note_interne == "Rappeler en mars"
        assert waiting().apres == {"frequence": "Le mardi soir"}

    def test_a_date_of_verification_waits_however_it_is_written(self, writer, visitor):
        """« Rien n'a changé » says at once how one knows (test_bulk.py); a date that is typed says nothing."""
        save(writer, verifiee_le="2020-01-01")
        assert fiche().verifiee_le is None
        assert waiting().apres["verifiee_le"] == "2020-01-01"
        written(writer, upload(writer, as_csv(["numero", "verifiee_le"], [144, "2020-01-01"])))
        assert Initiative.objects.get(pk=144).verifiee_le is None
        Initiative.objects.filter(pk=143).update(verifiee_le="2020-01-01", a_verifier_le="2021-01-01")
        first = Initiative.objects.get(pk=143).versions.get(rang=1)
        writer.post(address(Initiative, "restaurer", 143), {"version": first.rang, "tout": "1", "motif": "Essai"})
        assert str(Initiative.objects.get(pk=143).verifiee_le) == "2020-01-01"
        assert Revision.objects.filter(issue="en-attente").count() == 3

    def test_nothing_is_verified_tomorrow(self, writer, reader):
        tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
        for browser in (writer, reader):
            answer = save(browser, verifiee_le=tomorrow)
            assert list(answer.context["adminform"].form.errors) == ["verifiee_le"]
            page = upload(browser, as_csv(["numero", "verifiee_le"], [145, tomorrow]))
            assert "Cette date n&#x27;est pas encore venue." in page.content.decode()
        assert save(reader, verifiee_le=timezone.localdate().isoformat()).status_code == 302

    def test_a_draft_is_written_at_once(self, writer):
        Initiative.objects.filter(numero=145).update(statut="brouillon")
        save(writer, frequence="Le mardi soir")
        assert fiche().frequence == "Le mardi soir"
        assert not Revision.objects.exists()

    def test_who_may_publish_writes_at_once_and_what_waits_goes_on_waiting(self, writer, reader):
        save(writer, frequence="Le mardi soir")
        page = reader.get(FORM)
        assert form_data(page)["frequence"] == fiche().frequence
        save(reader, annee="2003")
        assert fiche().annee == 2003
        assert waiting().apres == {"frequence": "Le mardi soir"}

    def test_it_is_said_and_is_among_what_she_did(self, writer):
        page = writer.get(FORM)
        sent = form_data(page) | {"version_vue": page.context["version_vue"], "frequence": "Le mardi soir"}
        assert said(writer.post(FORM, sent, follow=True)) == [
            ("success", "Enregistré, à relire : le public garde l'ancien texte jusque-là.")
        ]
        assert "Les Survivantes" in writer.get("/admin/").content.decode()

    def test_a_wrong_form_says_so_and_nothing_waits(self, writer):
        response = save(writer, age_min="40", age_max="12")
        assert response.status_code == 200
        assert response.context["errors"]
        assert not Revision.objects.exists()

    def test_a_restoration_waits_too(self, writer, reader):
        save(reader, frequence="Le mardi soir")
        url = address(Initiative, "restaurer", 145)
        writer.post(url, {"version": "1", "champ": ["frequence"], "motif": "Trop tôt"})
        assert fiche().frequence == "Le mardi soir"
        assert waiting().nature == "restauration"
        assert list(waiting().apres) == ["frequence"]


class TestTwoAtOnce:
    def test_two_writers_meet(self, writer):
        other = session(account("rédaction", "marthe"))
        hers, his = writer.get(FORM), other.get(FORM)
        sent = form_data(hers) | {"version_vue": hers.context["version_vue"], "frequence": "De l'une"}
        assert writer.post(FORM, sent).status_code == 302
        sent = form_data(his) | {"version_vue": his.context["version_vue"], "frequence": "De l'autre", "annee": "2003"}
        page = other.post(FORM, sent)
        assert [row.champ for row, _choice in page.context["lignes"]] == ["annee", "frequence"]
        choices = {"choix-annee": "mienne", "choix-frequence": "sienne"}
        kept = {name: page.context[name] for name in ("mienne", "version_vue")}
        other.post(page.context["adresse"], kept | choices)
        assert waiting().apres == {"annee": 2003, "frequence": "De l'une"}
        assert waiting().par.username == "marthe"

    def test_a_publication_meanwhile_is_met_too(self, writer, reader):
        page = writer.get(FORM)
        save(reader, frequence="Publiée")
        sent = form_data(page) | {"version_vue": page.context["version_vue"], "frequence": "De l'une"}
        assert [row.champ for row, _choice in writer.post(FORM, sent).context["lignes"]] == ["frequence"]
        assert not Revision.objects.exists()


class TestReading:
    def test_all_is_published_with_a_reason(self, writer, reader, visitor):
        save(writer, frequence="Le mardi soir", annee="2003")
        page = reader.get(address(Revision, "change", waiting().pk))
        assert [line.champ for line, intact in page.context["lignes"] if intact] == ["annee", "frequence"]
        decide(reader, waiting(), champ=["annee", "frequence"], usuelle="Correction de forme")
        assert (fiche().annee, fiche().frequence) == (2003, "Le mardi soir")
        assert "Le mardi soir" in visitor.page("/initiatives/les-survivantes/")
        last = Version.objects.filter(initiative=145).first()
        assert (last.par.username, last.motif) == ("odile", "Relu et publié par rene : Correction de forme")
        assert not Revision.objects.filter(issue__in=Revision.OUVERTES).exists()

    def test_some_is_published_and_the_rest_waits(self, writer, reader):
        save(writer, frequence="Le mardi soir", annee="2003")
        decide(reader, waiting(), champ="annee", motif="Confirmé")
        assert (fiche().annee, fiche().frequence == "Le mardi soir") == (2003, False)
        assert waiting().apres == {"frequence": "Le mardi soir"}
        assert waiting().par.username == "odile"

    @pytest.mark.parametrize("sent", [{}, {"champ": "annee"}, {"motif": "Oui"}, {"renvoyer": "1", "motif": " "}])
    def test_without_a_reason_or_a_field_nothing_happens(self, writer, reader, sent):
        save(writer, annee="2003")
        decide(reader, waiting(), **sent)
        assert waiting().apres == {"annee": 2003}
        assert fiche().annee != 2003

    def test_it_is_sent_back_and_written_again(self, writer, reader):
        save(writer, frequence="Le mardi soir")
        decide(reader, waiting(), renvoyer="1", motif="Depuis quand?")
        page = writer.get(FORM)
        assert form_data(page)["frequence"] == "Le mardi soir"
        assert "Depuis quand?" in page.content.decode()
        assert "odile" in session(account("rédaction", "marthe")).get(FORM).content.decode()
        save(writer, frequence="Le mardi soir, depuis 2020")
        assert waiting().apres == {"frequence": "Le mardi soir, depuis 2020"}

    def test_the_next_one_is_read_after_the_last(self, writer, reader):
        save(writer, frequence="Le mardi soir")
        written(writer, upload(writer, as_csv(["numero", "annee"], [144, 2003], [143, 2004])))
        first, second, third = Revision.objects.filter(issue="en-attente").order_by("faite_le", "pk")
        page = decide(reader, first, champ=list(first.apres), motif="Oui")
        assert page.redirect_chain[-1][0] == address(Revision, "change", second.pk)
        assert "Publié" in said(page)[0][1]
        page = decide(reader, second, renvoyer="1", motif="Non")
        assert page.redirect_chain[-1][0] == address(Revision, "change", third.pk)
        assert decide(reader, third, champ=list(third.apres), motif="Oui").redirect_chain[-1][0] == "/admin/"

    def test_what_was_written_again_meanwhile_is_shown_in_its_place(self, writer, reader):
        save(writer, frequence="Le mardi soir")
        row = waiting()
        save(writer, frequence="Le jeudi soir")
        page = decide(reader, row, champ="frequence", motif="Oui")
        assert page.redirect_chain[-1][0] == address(Revision, "change", waiting().pk)
        assert "écrits de nouveau" in said(page)[0][1]
        assert fiche().frequence not in ("Le mardi soir", "Le jeudi soir")

    def test_who_gets_it_back_is_led_to_write_it_again(self, writer, reader):
        save(writer, frequence="Le mardi soir")
        row = waiting()
        again = "Corriger, et envoyer de nouveau"
        assert again not in writer.get(address(Revision, "change", row.pk)).content.decode()
        decide(reader, row, renvoyer="1", motif="Depuis quand?")
        page = writer.get(address(Revision, "change", row.pk)).content.decode()
        assert f'<a class="button default" href="{FORM}">' in page
        assert again in page
        assert again not in reader.get(address(Revision, "change", row.pk)).content.decode()

    def test_what_changed_since_is_not_ticked(self, writer, reader):
        save(writer, frequence="Le mardi soir", annee="2003")
        save(reader, frequence="Chaque mois")
        lines = reader.get(address(Revision, "change", waiting().pk)).context["lignes"]
        assert [(line.champ, intact) for line, intact in lines] == [("annee", True), ("frequence", False)]

    def test_what_changed_since_is_not_ticked_when_she_wrote_something_else_after(self, writer, reader):
        save(writer, frequence="Le mardi soir")
        save(reader, frequence="Chaque mois")
        save(writer, annee="2003")
        lines = reader.get(address(Revision, "change", waiting().pk)).context["lignes"]
        assert [(line.champ, intact) for line, intact in lines] == [("annee", True), ("frequence", False)]

    def test_what_cannot_be_any_more_is_said(self, writer, reader):
        """A year, and words in place of one: each was right when it was written."""
        save(reader, annee="")
        save(writer, annee_mention="vers 2010")
        save(reader, annee="2012")
        row = waiting()
        page = reader.get(f"/admin/initiatives/revision/{row.pk}/apercu/", follow=True)
        assert said(page)[-1][0] == "error"
        decide(reader, row, champ="annee_mention", motif="Oui")
        assert (fiche().annee, fiche().annee_mention, waiting()) == (2012, "", row)
        assert writer.get(FORM).status_code == 200

    def test_its_page_is_seen_before(self, writer, reader, visitor):
        save(writer, frequence="Le mardi soir")
        page = reader.get(f"/admin/initiatives/revision/{waiting().pk}/apercu/").content.decode()
        assert "Le mardi soir" in page
        assert "Le mardi soir" in writer.get(writer.get(FORM).context["apercu"]).content.decode()
        assert "Le mardi soir" not in reader.get(reader.get(FORM).context["apercu"]).content.decode()
        assert "Le mardi soir" not in visitor.page("/initiatives/les-survivantes/")
        assert fiche().frequence != "Le mardi soir"

    def test_a_decision_is_taken_once(self, writer, reader):
        save(writer, frequence="Le mardi soir")
        row = waiting()
        decide(reader, row, renvoyer="1", motif="Non")
        decide(reader, row, champ="frequence", motif="Oui")
        assert fiche().frequence != "Le mardi soir"
        row.refresh_from_db()
        assert (row.issue, row.raison) == ("renvoyee", "Non")

    def test_who_wrote_it_gives_it_up_and_nobody_else(self, writer, reader):
        save(writer, frequence="Le mardi soir")
        other = session(account("rédaction", "marthe"))
        assert decide(other, waiting(), abandonner="1").status_code == 403
        assert decide(other, waiting(), champ="frequence", motif="Oui").status_code == 403
        row = waiting()
        decide(writer, row, abandonner="1")
        row.refresh_from_db()
        assert row.issue == "abandonnee"
        assert form_data(writer.get(FORM))["frequence"] == fiche().frequence

    def test_what_is_published_is_given_up_no_more(self, writer, reader):
        save(writer, frequence="Le mardi soir")
        row = waiting()
        decide(reader, row, champ="frequence", motif="Oui")
        decide(writer, row, abandonner="1")
        row.refresh_from_db()
        assert (row.issue, row.decidee_par.username) == ("publiee", "rene")

    def test_a_contact_that_looks_like_somebody_s_own_is_asked_about(self, writer, reader):
        contact = {"contacts-TOTAL_FORMS": "1", "contacts-0-nature": "courriel", "contacts-0-visibilite": "publique"}
        save(writer, **contact, **{"contacts-0-valeur": "jeanne.roy@example.org", "contacts-0-confirme": "on"})
        decide(reader, waiting(), champ="contacts", motif="Oui")
        assert not Contact.objects.filter(initiative=145).exists()
        decide(reader, waiting(), champ="contacts", motif="Oui", confirme="1")
        assert Contact.objects.get(initiative=145).valeur == "jeanne.roy@example.org"

    def test_the_public_is_told_nothing_of_what_waits(self, writer, visitor):
        save(writer, frequence="Le mardi soir xqvzbnt")
        for page in (
            "/initiatives/?q=xqvzbnt",
            "/initiatives.json",
            "/initiatives.csv",
            "/initiatives/les-survivantes/",
        ):
            assert "mardi soir xqvzbnt" not in visitor.get(page).getvalue().decode()


def test_a_fiche_archived_meanwhile_is_not_made_public(writer, reader, editor):
    save(writer, frequence="Le mardi soir")
    moderation.archive(fiche(), editor, "Fermée")
    decide(reader, waiting(), champ="frequence", motif="Oui")
    assert fiche().statut == "archivee"


STATUT = address(Initiative, "statut", 145)


def press(browser, geste, **sent):
    return browser.post(STATUT, {geste: "1", **sent}, follow=True)


class TestWhereOneIs:
    """The status is decided on the fiche itself."""

    def offered(self, browser):
        return [step.code for step in browser.get(FORM).context.get("pas", [])]

    def test_a_draft_goes_from_who_writes_to_who_publishes_and_back(self, writer, reader, visitor):
        Initiative.objects.filter(numero=145).update(statut="brouillon", publiee_le=None)
        assert self.offered(writer) == ["soumettre"]
        press(writer, "soumettre")
        assert fiche().statut == "a-relire"
        assert self.offered(writer) == []
        assert visitor.get("/initiatives/les-survivantes/").status_code == 404
        assert self.offered(reader) == ["publier", "renvoyer", "refuser"]
        press(reader, "renvoyer", motif="Depuis quand?")
        assert fiche().statut == "brouillon"
        assert "Depuis quand?" in writer.get(FORM).content.decode()
        press(writer, "soumettre")
        press(reader, "publier", usuelle="Conforme à la source")
        assert fiche().statut == "publiee"
        assert visitor.get("/initiatives/les-survivantes/").status_code == 200
        decision = fiche().decisions.first()
        assert (decision.par.username, decision.motif) == ("rene", "Conforme à la source")

    def test_who_handed_a_draft_in_is_told_that_it_came_back(self, writer, reader):
        def told():
            rows = {row.libelle: row for row in writer.get("/admin/").context["attente"]}
            return rows["Nouvelles, renvoyées ou refusées"]

        Initiative.objects.filter(numero=145).update(statut="brouillon", publiee_le=None)
        press(writer, "soumettre")
        assert told().nombre == 0
        press(reader, "renvoyer", motif="Depuis quand?")
        assert told().nombre == 1
        page = writer.get(told().adresse)
        assert [row.pk for row in page.context["cl"].result_list] == [145]
        assert "Nouvelles, renvoyées ou refusées" in page.content.decode()
        press(writer, "soumettre")
        assert told().nombre == 0
        press(reader, "refuser", usuelle="Hors du sujet du répertoire")
        assert told().nombre == 1
        assert fiche().decisions.first().motif == "Hors du sujet du répertoire"
        fiche().decisions.update(prise_le=timezone.now() - timedelta(days=31))
        assert told().nombre == 0

    @pytest.mark.parametrize(
        ("statut", "reasons"),
        [
            ("publiee", (False, True)),  # archived, and that is all
            ("archivee", (True, False)),  # published again
            ("a-relire", (True, True)),
        ],
    )
    def test_usual_reasons_are_those_of_what_may_be_done(self, reader, statut, reasons):
        Initiative.objects.filter(numero=145).update(statut=statut)
        page = reader.get(FORM).content.decode()
        usual = ("<option>Conforme à la source", "<option>L&#x27;initiative a pris fin")
        assert tuple(reason in page for reason in usual) == reasons

    def test_a_public_fiche_is_archived_and_comes_back(self, reader, visitor):
        assert self.offered(reader) == ["archiver"]
        press(reader, "archiver")
        assert fiche().statut == "publiee"  # nobody said why
        press(reader, "archiver", motif="Fermée")
        assert fiche().statut == "archivee"
        assert self.offered(reader) == ["publier"]
        press(reader, "publier", motif="Rouverte")
        assert fiche().statut == "publiee"

    def test_only_a_draft_is_handed_in(self, reader, editor):
        """Whatever the page showed: the status is read under the lock."""
        stale = fiche()
        stale.statut = "brouillon"
        Initiative.objects.filter(numero=145).update(statut="refusee", publiee_le=None)
        with pytest.raises(ValidationError):
            moderation.submit(stale, editor)
        assert fiche().statut == "refusee"

    def test_a_refused_draft_is_made_a_draft_again(self, reader):
        Initiative.objects.filter(numero=145).update(statut="a-relire", publiee_le=None)
        press(reader, "refuser", motif="Hors sujet")
        assert self.offered(reader) == ["renvoyer"]
        press(reader, "renvoyer", motif="Finalement")
        assert fiche().statut == "brouillon"

    @pytest.mark.parametrize("geste", ["publier", "archiver", "refuser", "renvoyer", "soumettre", "autre"])
    def test_who_writes_decides_nothing_of_a_public_fiche(self, writer, geste):
        press(writer, geste, motif="Essai")
        assert fiche().statut == "publiee"

    def test_the_first_screen_counts_what_waits(self, writer, reader):
        save(writer, frequence="Le mardi soir")
        rows = {row.libelle: row for row in reader.get("/admin/").context["attente"]}
        assert rows["Modifiées, à relire"].nombre == 1
        listed = reader.get(rows["Modifiées, à relire"].adresse)
        assert [row.pk for row in listed.context["cl"].result_list] == [waiting().pk]
        decide(reader, waiting(), renvoyer="1", motif="Non")
        rows = {row.libelle: row for row in writer.get("/admin/").context["attente"]}
        assert (rows["Modifiées, à relire"].nombre, rows["Renvoyées, à reprendre"].nombre) == (0, 1)
        assert len(writer.get(rows["Renvoyées, à reprendre"].adresse).context["cl"].result_list) == 1
        assert "Renvoyées, à reprendre" not in {row.libelle for row in reader.get("/admin/").context["attente"]}


class TestByOtherWays:
    def test_a_spreadsheet_of_who_writes_waits(self, writer):
        page = upload(writer, as_csv(["numero", "frequence"], [145, "Le mardi soir"], [144, "Le jeudi"]))
        written(writer, page)
        assert fiche().frequence != "Le mardi soir"
        rows = Revision.objects.order_by("initiative__numero").values_list("initiative__numero", "apres", "nature")
        assert list(rows) == [
            (144, {"frequence": "Le jeudi"}, "import"),
            (145, {"frequence": "Le mardi soir"}, "import"),
        ]

    def test_the_note_of_a_spreadsheet_is_written_at_once_beside_what_waits(self, writer):
        heading = ["numero", "frequence", "note_interne"]
        written(writer, upload(writer, as_csv(heading, [145, "Le mardi soir", "Rappeler en mai"])))
        assert (fiche().note_interne, waiting().apres) == ("Rappeler en mai", {"frequence": "Le mardi soir"})

    def test_a_spreadsheet_of_who_publishes_is_written(self, reader):
        page = upload(reader, as_csv(["numero", "frequence"], [145, "Le mardi soir"]))
        written(reader, page)
        assert fiche().frequence == "Le mardi soir"
        assert not Revision.objects.exists()

    def test_who_publishes_is_not_told_of_what_another_left_to_read(self, writer, reader):
        told = written(writer, upload(writer, as_csv(["numero", "frequence"], [145, "Le mardi soir"])))
        assert "1 fiche publique attend" in told
        told = written(reader, upload(reader, as_csv(["numero", "annee"], [145, 2003])))
        assert ("Import fait" in told, "fiche publique attend" in told) == (True, False)

    def test_a_spreadsheet_adds_to_what_was_sent_back(self, writer, reader):
        save(writer, annee="2003")
        decide(reader, waiting(), renvoyer="1", motif="Depuis quand?")
        written(writer, upload(writer, as_csv(["numero", "frequence"], [145, "Le mardi soir"])))
        assert waiting().apres == {"annee": 2003, "frequence": "Le mardi soir"}

    def test_a_spreadsheet_adds_to_what_waits_already(self, writer):
        save(writer, annee="2003")
        page = upload(writer, as_csv(["numero", "frequence"], [145, "Le mardi soir"]))
        written(writer, page)
        assert waiting().apres == {"annee": 2003, "frequence": "Le mardi soir"}

    def test_what_an_organisation_answered_waits_with_its_verification(self, writer, reader):
        answer = Proposition.objects.create(
            jeton="r", initiative=fiche(), provenance="verification", reponses={"frequence": "Le mardi soir"}
        )
        sent = {"champ": "frequence", "vu": answering.mark(answer)}
        writer.post(f"/admin/initiatives/proposition/{answer.pk}/decider/", sent)
        assert (fiche().frequence == "Le mardi soir", fiche().verifiee_le) == (False, None)
        row = waiting()
        assert set(row.apres) == {"frequence", "verifiee_le", "a_verifier_le"}
        decide(reader, row, champ=list(row.apres), motif="Oui")
        assert fiche().frequence == "Le mardi soir"
        assert fiche().verifiee_le == timezone.localdate()

    def test_what_an_organisation_answered_is_not_verified_because_somebody_wrote_after(self, writer):
        answer = Proposition.objects.create(
            jeton="r", initiative=fiche(), provenance="verification", reponses={"frequence": "Le mardi soir"}
        )
        sent = {"champ": "frequence", "vu": answering.mark(answer)}
        writer.post(f"/admin/initiatives/proposition/{answer.pk}/decider/", sent)
        save(writer, annee="2003")
        assert fiche().verifiee_le is None
        assert set(waiting().apres) == {"annee", "frequence", "verifiee_le", "a_verifier_le"}

    def test_an_answer_that_changes_nothing_verifies_at_once(self, writer):
        answer = Proposition.objects.create(jeton="r", initiative=fiche(), provenance="verification", reponses={})
        writer.post(f"/admin/initiatives/proposition/{answer.pk}/decider/", {"vu": answering.mark(answer)})
        assert fiche().verifiee_le == timezone.localdate()
        assert not Revision.objects.exists()
