"""An organisation that was merged: its addresses, its e-mails, and whatever is given to it afterwards."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from initiatives.hearing import campaigns, letters, sending
from initiatives.importer.load import load_directory
from initiatives.keeping import history, organisations, spreadsheet, state
from initiatives.models import (
    Campagne,
    Contact,
    Desabonnement,
    Envoi,
    Initiative,
    Organisme,
    Porteur,
    Sondage,
)

from .forms import address, form_data, said
from .organisations import carry, make, organisme, slugs

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def pipq(db):
    """The organisation of the report that stays."""
    return organisme("pipq")


@pytest.fixture
def other(db):
    """The same, entered again: it carries a fiche of another, and one with the first."""
    row = make("projet-intervention", sigle="PIP", nom_court="Le Projet", variantes=["Projet Intervention"])
    carry(row, 145)
    carry(row, 30, rang=2)
    return row


@pytest.fixture
def merged(pipq, other, editor):
    return organisations.merge(pipq, other, editor, "Le même")


class TestCampaigns:
    @pytest.fixture
    def campagnes(self, editor):
        return [Campagne.objects.create(nom=name, creee_par=editor) for name in "abc"]

    def asked(self, campagne, row, numero, **values):
        envoi = Envoi.objects.create(campagne=campagne, organisme=row, courriel="info@example.org", **values)
        envoi.initiatives.add(Initiative.objects.get(pk=numero))
        return envoi

    def fiches(self, envoi):
        return set(envoi.initiatives.values_list("pk", flat=True))

    def test_one_e_mail_a_campaign(self, pipq, other, editor, campagnes):
        now = "2026-01-01T00:00Z"
        alone = self.asked(campagnes[0], other, 145)
        own, unsent = self.asked(campagnes[1], pipq, 1), self.asked(campagnes[1], other, 145)
        own_sent, sent = (self.asked(campagnes[2], row, n, envoye_le=now) for row, n in ((pipq, 1), (other, 145)))
        fusion = organisations.merge(pipq, other, editor, "Le même")
        for row in (alone, unsent, sent):
            row.refresh_from_db()
        assert [row.organisme for row in (alone, unsent, sent)] == [pipq, other, other]
        assert self.fiches(own) == {1, 145}  # asked with its own
        assert self.fiches(own_sent) == {1}  # the other's was asked
        organisations.separate(fusion, editor)
        alone.refresh_from_db()
        assert (alone.organisme, self.fiches(own), self.fiches(unsent)) == (other, {1}, {145})

    def test_no_more_is_sent_to_the_other(self, pipq, other, editor, campagnes, settings, mailoutbox):
        settings.EMAIL_CONFIGURED = True
        self.asked(campagnes[0], pipq, 1)
        self.asked(campagnes[0], other, 145)
        organisations.merge(pipq, other, editor, "Le même")
        Campagne.objects.update(lancee_le=timezone.now())
        sending.run(once=True)
        assert len(mailoutbox) == 1

    def test_its_link_answers_and_refuses_for_the_one_that_stays(self, pipq, other, editor, campagnes):
        envois = [
            self.asked(campagnes[0], row, n, envoye_le="2026-01-01T00:00Z") for row, n in ((pipq, 1), (other, 145))
        ]
        organisations.merge(pipq, other, editor, "Le même")
        link = letters.token(envois[1])
        assert letters.read_link(link) == envois[1]
        campaigns.unsubscribe(letters.read_link(link))
        assert [row.organisme for row in Desabonnement.objects.all()] == [pipq]
        assert letters.read_link(link) == envois[1]  # it answers still: she may correct, and take her refusal back


class TestAddresses:
    @pytest.fixture(autouse=True)
    def both(self, merged):
        self.fusion = merged

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_the_former_page_leads_to_the_present_one(self, visitor, prefix):
        answer = visitor.get(f"{prefix}/organismes/projet-intervention/", {"discret": "1"})
        assert (answer.status_code, answer.url) == (301, f"{prefix}/organismes/pipq/?discret=1")
        assert visitor.get(f"{prefix}/organismes/projet-intervention/").url == f"{prefix}/organismes/pipq/"

    @pytest.mark.parametrize("prefix", ["", "/en"])
    @pytest.mark.parametrize(
        "path", ["/initiatives/", "/initiatives.json", "/initiatives.csv", "/initiatives.pdf", "/porteurs.json"]
    )
    def test_so_does_the_list_of_what_it_carried(self, visitor, prefix, path):
        answer = visitor.get(f"{prefix}{path}?porteur=projet-intervention&region=montreal&porteur=pipq&porteur=spvm")
        assert answer.status_code == 301
        assert answer.url == f"{prefix}{path}?porteur=pipq&porteur=spvm&region=montreal"

    def test_with_words_too(self, visitor):
        answer = visitor.get("/initiatives/?q=rue&porteur=projet-intervention")
        assert (answer.status_code, answer.url) == (301, "/initiatives/?q=rue&porteur=pipq")

    def test_what_was_never_an_organisation_is_refused_as_before(self, visitor):
        assert visitor.refused(porteur="jamais-vu") == [("porteur", "jamais-vu")]
        assert visitor.get("/organismes/jamais-vu/").status_code == 404

    def test_where_the_one_that_stays_is_not_public_nothing_leads_there(self, visitor, editor):
        hidden = make("cachee", "Une cachée")
        lost = make("perdue", "Une perdue")
        carry(lost, 153)
        organisations.merge(hidden, lost, editor, "La même")
        assert visitor.get("/organismes/perdue/").status_code == 404
        assert visitor.refused(porteur="perdue") == [("porteur", "perdue")]

    def test_the_sitemap_and_the_lists_hold_one(self, visitor):
        places = visitor.get("/sitemap.xml").content.decode()
        assert "/organismes/pipq/" in places
        assert "/organismes/projet-intervention/" not in places
        assert "/organismes/projet-intervention/" not in visitor.page("/organismes/")
        values = {row["valeur"] for row in visitor.json()["facettes"]["porteur"]}
        assert "pipq" in values
        assert "projet-intervention" not in values
        assert 145 in visitor.numeros(porteur="pipq")

    def test_a_survey_does_not_make_the_other_public(self, visitor):
        with transaction.atomic():
            row = Sondage.objects.publics().first()
            Sondage.objects.filter(pk=row.pk).update(organisme=organisme("projet-intervention"))
        row.refresh_from_db()
        assert row.organisme.slug == "pipq"  # the database gave it to the one that stays
        assert not Organisme.objects.publics().filter(slug="projet-intervention").exists()

    def test_a_search_for_the_lost_name_finds_its_fiches(self, visitor):
        fiche = Initiative.objects.get(pk=145)
        assert {"projet", "intervention", "pip"} <= set(Initiative.objects.defer(None).get(pk=145).mots)
        assert fiche.pk in visitor.numeros(q="Le Projet PIP", exact="1")

    def test_a_partner_called_by_the_lost_name_leads_to_the_one_that_stays(self, visitor, other, editor):
        lost = make("maison-quetzal", "Maison Quetzal", region_id="laval")
        carry(lost, 30)
        Initiative.objects.filter(pk=1).update(partenaires="La Maison Quetzal et d'autres")
        slug = Initiative.objects.get(pk=1).slug
        assert "/organismes/maison-quetzal/" in visitor.page(f"/initiatives/{slug}/")
        organisations.merge(organisme("pipq"), lost, editor, "La même")
        page = visitor.page(f"/initiatives/{slug}/")
        assert "/organismes/maison-quetzal/" not in page
        assert 'href="/organismes/pipq/"' in page


class TestWhoeverWritesAfter:
    """What is given to one that was merged is given to the one that stays."""

    def test_a_reload_of_the_fixtures_brings_nothing_back(self, editor):
        kept, lost = organisme("spvm"), organisme("spvq")
        carried = list(organisations.carried(lost).values_list("pk", flat=True))
        assert carried
        organisations.merge(kept, lost, editor, "Le même")
        before = (Organisme.objects.count(), [slugs(numero) for numero in carried])
        Sondage.objects.filter(organisme=kept).delete()
        load_directory()
        assert (Organisme.objects.count(), [slugs(numero) for numero in carried]) == before
        assert not lost.sondages.exists()
        assert organisme("spvq").fusionne_dans == kept

    def test_a_fiche_that_was_taken_away_comes_back_to_the_one_that_stays(self, editor):
        lost = organisme("spvq")
        numero = next(fiche.pk for fiche in organisations.carried(lost) if slugs(fiche.pk) == ["spvq"])
        organisations.merge(organisme("spvm"), lost, editor, "Le même")
        fiche = Initiative.objects.get(pk=numero)
        fiche.versions.all().delete()
        Initiative.objects.filter(pk=numero).delete()
        load_directory()
        assert slugs(numero) == ["spvm"]

    def test_a_restored_version_names_it(self, pipq, other, merged, editor):
        fiche = Initiative.objects.get(pk=145)
        with history.change(fiche, "modification") as row:
            state.apply_state(row, {"porteurs": ["spvm"]})
        old = next(version for version in fiche.versions.all() if other.slug in version.etat["porteurs"])
        history.restore(fiche, old, editor, "Comme avant", ["porteurs"])
        assert slugs(145)[0] == "pipq"
        assert other.slug not in slugs(145)

    def test_a_spreadsheet_made_before_names_it(self, pipq, other, merged, editor):
        lines = [
            {"titre": "Un essai", "region": "laval", "stade": "en-application", "porteurs": name}
            for name in (*(other.slug, "Le Projet", "PIP", "PIPQ | projet-intervention"),)
        ]
        checked, _names = spreadsheet.check_lines(list(enumerate(lines, start=2)))
        assert [row["valeurs"]["porteurs"] for row in spreadsheet.keep_trial("a.csv", editor, checked).lignes] == [
            ["pipq"]
        ] * 4

    def test_an_import_tried_before_and_written_after(self, pipq, other, editor):

        line = {"titre": "Un essai", "region": "laval", "stade": "en-application", "porteurs": f"{other.slug} | pipq"}
        row = spreadsheet.keep_trial("a.csv", editor, spreadsheet.check_lines([(2, line)])[0])
        organisations.merge(pipq, other, editor, "Le même")
        list(spreadsheet.write_import(row, editor, timezone.now()))
        assert slugs(Initiative.objects.get(titre="Un essai").pk) == ["pipq"]

    def test_raw_sql_gives_it_nothing(self, pipq, other, merged):
        link = Porteur.objects.create(initiative_id=144, organisme=other)
        link.refresh_from_db()
        assert link.organisme == pipq
        row = Contact.objects.create(organisme=other, nature="telephone", valeur="418 555-0111")
        row.refresh_from_db()
        assert row.organisme == pipq
        Porteur.objects.filter(initiative_id=143).update(organisme=other)
        assert other.slug not in slugs(143)

    def test_a_form_opened_before_and_sent_after(self, pipq, other, editor, workshop):
        page = workshop.get(address(Initiative, "change", 144))
        organisations.merge(pipq, other, editor, "Le même")
        data = form_data(page) | {
            "version_vue": page.context["version_vue"],
            "liens_porteurs-TOTAL_FORMS": "2",
            "liens_porteurs-1-organisme": other.pk,
            "liens_porteurs-1-rang": "2",
            "liens_porteurs-1-initiative": "144",
        }
        assert workshop.post(address(Initiative, "change", 144), data).status_code == 302
        assert slugs(144)[-1] == "pipq"

    def test_nothing_is_written_in_the_one_that_was_merged(self, pipq, other, editor, workshop):
        page = workshop.get(address(Organisme, "change", other.pk))
        old = other.versions.last()
        organisations.merge(pipq, other, editor, "Le même")
        with pytest.raises(ValidationError, match="fusionné dans"):
            history.restore(organisme(other.slug), old, editor, "Comme avant")
        data = form_data(page) | {"version_vue": page.context["version_vue"], "note_interne": "Mes mots"}
        answer = workshop.post(address(Organisme, "change", other.pk), data, follow=True)
        assert answer.redirect_chain == [(address(Organisme, "change", pipq.pk), 302)]
        ((level, words),) = said(answer)
        assert level == "warning"
        assert "Mes mots" in words
        assert organisme(other.slug).note_interne == ""
        read = workshop.get(address(Organisme, "change", other.pk))
        assert read.context["has_change_permission"] is False
        assert address(Organisme, "change", pipq.pk) in read.content.decode()
