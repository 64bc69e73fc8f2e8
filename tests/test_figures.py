"""The ministry's figures: each is what the lists hold, as a page and as a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from initiatives.core.enums import Regions
from initiatives.keeping import moderation, revisions
from initiatives.models import (
    Campagne,
    Contact,
    Envoi,
    Initiative,
    Organisme,
    Proposition,
    Region,
    Signalement,
)

from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
PAGE, FILE = "/admin/statistiques/", "/admin/statistiques.csv"


def public():
    return Initiative.objects.publiees()


def told(browser, name):
    return {row.libelle: (row.nombre, row.total, row.depuis) for row in browser.get(PAGE).context[name]}


def ago(days):
    return timezone.now() - timedelta(days=days)


class TestVerified:
    def test_by_when(self, workshop):
        today = timezone.localdate()
        month = today.replace(day=1)
        year = today - timedelta(days=365)
        dates = {
            1: (today, today + timedelta(days=365)),
            2: (month, today + timedelta(days=30)),
            3: (month - timedelta(days=1), today),
            4: (year, today - timedelta(days=1)),
            5: (year + timedelta(days=1), today + timedelta(days=31)),
        }
        for numero, (verified, next_time) in dates.items():
            public().filter(pk=numero).update(verifiee_le=verified, a_verifier_le=next_time)
        Initiative.objects.exclude(statut="publiee").update(verifiee_le=today, a_verifier_le=today)
        assert told(workshop, "verifiees") == {
            "Vérifiées ce mois-ci": (2, 152, None),
            "Vérifiées depuis un an": (4, 152, None),
            "Jamais vérifiées": (147, 152, None),
            "Date de vérification passée": (1, 152, None),
            "À vérifier d'ici trente jours": (2, 152, None),
        }


class TestWaiting:
    def test_how_many_and_since_when(self, workshop):
        for days, etat in ((9, "recue"), (3, "recue"), (40, "ecartee")):
            row = Proposition.objects.create(jeton=f"p{days}", reponses={"titre": "Essai"}, etat=etat)
            Proposition.objects.filter(pk=row.pk).update(recue_le=ago(days))
        row = Signalement.objects.create(jeton="s", initiative_id=145, raisons=["autre"])
        Signalement.objects.filter(pk=row.pk).update(recue_le=ago(1))
        writer, fiche = account("rédaction"), Initiative.objects.get(pk=145)
        nature = "modification"
        revision = revisions.write(
            fiche, writer, nature, "", lambda row: Initiative.objects.filter(pk=row.pk).update(frequence="Le soir")
        )
        type(revision).objects.filter(pk=revision.pk).update(faite_le=ago(5))
        drafts = list(Initiative.objects.filter(statut="brouillon")[:2])
        for days, draft in zip((20, 12), drafts, strict=True):
            moderation.submit(draft, writer)
            draft.decisions.update(prise_le=ago(days))
        assert told(workshop, "attente") == {
            "Propositions reçues": (2, None, 9),
            "Signalements reçus": (1, None, 1),
            "Modifiées, à relire": (1, None, 5),
            "Nouvelles, à relire": (2, None, 20),
        }
        text = workshop.get(PAGE).content.decode()
        assert "la plus ancienne depuis 20 jours" in text
        assert "la plus ancienne depuis 1 jour " in text.replace("\n", " ")

    def test_handed_in_again_it_waits_since_then(self, workshop):
        """Sent back and handed in again: the first time is not what one waits for."""
        writer, draft = account("rédaction"), Initiative.objects.filter(statut="brouillon").first()
        moderation.submit(draft, writer)
        draft.decisions.update(prise_le=ago(50))
        moderation.send_back(draft, account("révision"), "À compléter")
        moderation.submit(draft, writer)
        assert told(workshop, "attente")["Nouvelles, à relire"] == (1, None, 0)
        text = workshop.get(PAGE).content.decode()
        assert ("depuis aujourd" in text, "0 jour" in text) == (True, False)

    def test_nothing_waits_since_nothing(self, workshop):
        assert set(told(workshop, "attente").values()) == {(0, None, None)}


class TestCampaigns:
    def test_who_answered(self, workshop, editor):
        row = Campagne.objects.create(nom="Automne", creee_par=editor, lancee_le=ago(9))
        moments = [(ago(9), ago(1)), (ago(9), None), (None, None)]
        for organisme, (sent, answer) in zip(Organisme.objects.all()[:3], moments, strict=True):
            Envoi.objects.create(campagne=row, organisme=organisme, envoye_le=sent, repondu_le=answer)
        Campagne.objects.create(nom="Pas encore", creee_par=editor)
        Campagne.objects.create(nom="Automne", creee_par=editor, lancee_le=ago(400))
        dates = [date_format(localtime(ago(days))) for days in (9, 400)]
        assert told(workshop, "campagnes") == {
            f"Automne, {dates[0]}": (1, 3, None),
            f"Automne, {dates[1]}": (0, 0, None),
        }
        assert "(33 %)" in workshop.get(PAGE).content.decode()


class TestComplete:
    def test_each_region_and_all_of_them(self, workshop):
        lines = {name: (total, {row.libelle: row.nombre for row in rows}) for name, total, rows in self.lines(workshop)}
        assert len(lines) == Region.objects.count() + 1
        assert lines[str(Regions.GASPESIE.label)][0] == 0
        total, has = lines["Toutes les régions"]
        assert total == 152
        assert has["une année"] == public().exclude(annee=None).count()
        assert has["des types"] == public().exclude(types=[]).count()
        total, has = lines["Laval"]
        assert (total, has["une année"]) == (17, public().filter(region="laval").exclude(annee=None).count())

    def test_what_was_verified_this_month_by_region(self, workshop):
        month = timezone.localdate().replace(day=1)
        for numero, day in ((107, month), (108, month - timedelta(days=1))):
            public().filter(pk=numero, region="laval").update(verifiee_le=day)
        lines = {name: {row.libelle: row.nombre for row in rows} for name, _total, rows in self.lines(workshop)}
        assert lines["Laval"]["vérifiée ce mois-ci"] == 1
        assert lines["Estrie"]["vérifiée ce mois-ci"] == 0

    def lines(self, workshop):
        return workshop.get(PAGE).context["completude"]

    def reached(self, workshop):
        return next(rows for name, _total, rows in self.lines(workshop) if name == "Laval")[0].nombre

    def test_only_what_the_public_can_call_counts(self, workshop):
        fiche = public().filter(region="laval", liens_porteurs__isnull=False).first()
        Contact.objects.filter(organisme__in=fiche.porteurs).delete()
        before = self.reached(workshop)
        Contact.objects.create(initiative=fiche, nature="telephone", valeur="211", visibilite="editeurs")
        assert self.reached(workshop) == before
        own = Contact.objects.create(initiative=fiche, nature="telephone", valeur="211", visibilite="publique")
        assert self.reached(workshop) == before + 1
        own.delete()
        Contact.objects.create(organisme=fiche.porteurs[0], nature="telephone", valeur="211", visibilite="publique")
        assert self.reached(workshop) > before


class TestPage:
    def test_the_file_holds_what_the_page_says(self, workshop, editor):
        Campagne.objects.create(nom="=Automne", creee_par=editor, lancee_le=ago(1))
        answer, page = workshop.get(FILE), workshop.get(PAGE).context
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="repertoire-statistiques-')
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert rows[0] == ["rubrique", "objet", "mesure", "nombre", "sur", "jours d'attente du plus ancien"]
        assert ["Campagnes", "", f"'=Automne, {date_format(localtime(ago(1)))}", "0", "0", ""] in rows
        shown = [
            ["Complétude", region, row.libelle, str(row.nombre), str(row.total), ""]
            for region, _total, figures in page["completude"]
            for row in figures
        ]
        assert [row for row in rows if row[0] == "Complétude"] == shown
        assert len([row for row in rows if row[0] in ("Vérification", "Attente")]) == 9

    def test_it_is_one_click_from_the_first_screen(self, workshop):
        assert f'href="{PAGE}"' in workshop.get("/admin/").content.decode()
        assert f'href="{FILE}"' in workshop.get(PAGE).content.decode()

    @pytest.mark.parametrize("url", [PAGE, FILE])
    def test_who_may_read_no_fiche_reads_none_of_it(self, url):
        user = account("rédaction")
        user.groups.clear()
        assert session(user).get(url).status_code == 403
        assert "statistiques" not in session(user).get("/admin/").content.decode()

    def test_in_few_queries(self, workshop):
        workshop.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            workshop.get(PAGE)
        assert len(queries) <= 12
