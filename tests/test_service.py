"""« État du service » on the first screen: red only where somebody is to do something, and the faults."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from initiatives.core.enums import Tache
from initiatives.core.watching import runs
from initiatives.keeping.service import service
from initiatives.models import Campagne, Envoi, Execution, Panne

from .campaigning import queued
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_faults"), pytest.mark.ignore_template_errors]
WELL = (Tache.SAUVEGARDE, Tache.EXERCICE, Tache.EFFACEMENT, Tache.COURRIELS)


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.SECOND_FACTOR = False


@pytest.fixture
def well():
    for task in WELL:
        runs.record(task)


def fault(**values) -> Panne:
    now = timezone.now()
    known = {"route": "accueil", "nature": "builtins.KeyError", "endroit": "initiatives.views.pages:12"}
    return Panne.objects.create(**{**known, "premiere_le": now, "derniere_le": now, **values})


def red() -> dict[str, str]:
    return {line.libelle: line.faire for line in service()[0] if line.faire}


def said(libelle: str) -> str:
    return next(line.dit for line in service()[0] if line.libelle == libelle)


def test_three_queries_and_nothing_red_where_all_is_well(well, django_assert_num_queries):
    with django_assert_num_queries(3):
        lines, faults = service()
    assert [line.libelle for line in lines] == [
        *("Sauvegarde", "Exercice de restauration", "Effacement des coordonnées", "Dernière relance"),
        *("Courriels partis cette semaine", "Courriels en échec", "Courriels incertains", "L'envoi des courriels"),
        "Pannes du site cette semaine",
    ]
    assert (red(), faults, said("L'envoi des courriels")) == ({}, [], "en marche")


def test_what_was_never_done_is_red_with_what_to_do(old_site):
    assert red() == {
        "Sauvegarde": "Sauvegarde : jamais à ce jour. Dites-le à qui exploite le site.",
        "Exercice de restauration": "Exercice de restauration : jamais à ce jour. Dites-le à qui exploite le site.",
        "Effacement des coordonnées": "Effacement des coordonnées : jamais à ce jour. Dites-le à qui exploite le site.",
    }
    assert (said("Sauvegarde"), said("L'envoi des courriels")) == ("jamais", "jamais vu")


def test_a_site_of_today_is_not_late_in_anything(made):
    made(timedelta(hours=1))
    assert (red(), said("Sauvegarde")) == ({}, "jamais")


def test_a_backup_that_failed_says_how(well):
    runs.record(Tache.SAUVEGARDE, False, detail="disque plein")
    assert "(disque plein)" in red()["Sauvegarde"]
    runs.record(Tache.ANNONCE, False, detail="ConnectionRefusedError")
    assert "(ConnectionRefusedError)" in red()["Annonce des pannes"]


class TestEMails:
    def test_what_became_of_them(self, well, editor):
        campagne = queued(editor, "a@example.org", "b@example.org", "c@example.org", "d@example.org")
        one, two, three, four = campagne.envois.order_by("pk")
        now = timezone.now()
        Envoi.objects.filter(pk=one.pk).update(envoye_le=now, relance_le=now)
        Envoi.objects.filter(pk=two.pk).update(echec="adresse", code_smtp=550)
        Envoi.objects.filter(pk=three.pk).update(tente_le=now)
        Envoi.objects.filter(pk=four.pk).update(envoye_le=now - timedelta(days=8))
        told = {line.libelle: line.dit for line in service()[0] if "ourriels" in line.libelle}
        assert told == {
            "Courriels partis cette semaine": "2",
            "Courriels en échec": "1",
            "Courriels incertains": "1",
            "L'envoi des courriels": "en marche",
        }
        assert set(red()) == {"Courriels en échec", "Courriels incertains"}
        assert said("Dernière relance") != "jamais"

    def test_who_sends_is_missed_only_where_something_waits(self, well, editor):
        Execution.objects.filter(tache=Tache.COURRIELS).update(fini_le=timezone.now() - timedelta(minutes=6))
        assert said("L'envoi des courriels").startswith("sans nouvelles depuis")
        assert red() == {}
        queued(editor, "a@example.org", "b@example.org")
        assert red() == {
            "L'envoi des courriels": ("2 courriels attendent et rien ne les envoie. Dites-le à qui exploite le site.")
        }

    def test_what_nobody_launched_waits_for_nobody(self, editor):
        campagne = queued(editor, "a@example.org")
        Campagne.objects.filter(pk=campagne.pk).update(lancee_le=None)
        assert "L'envoi des courriels" not in red()

    def test_a_server_that_refuses_is_said(self, well):
        runs.record(Tache.COURRIELS, False, detail="SMTPAuthenticationError")
        assert said("L'envoi des courriels") == "en marche"
        assert "(SMTPAuthenticationError)" in red()["L'envoi des courriels"]


class TestFaults:
    def test_those_of_the_week_and_those_to_settle(self, well):
        old = timezone.now() - timedelta(days=8)
        fault(reglee_le=timezone.now())
        fault(route="aide")
        fault(route="besoins", derniere_le=old, premiere_le=old)
        fault(route="regions", derniere_le=old, premiere_le=old, reglee_le=old)
        _lines, faults = service()
        assert {row.route for row in faults} == {"aide", "besoins"}
        assert said("Pannes du site cette semaine") == "2"
        assert red() == {"Pannes du site cette semaine": "2 ne sont pas réglées. Dites-le à qui exploite le site."}

    @pytest.mark.parametrize(
        ("role", "summary", "listed"),
        [("rédaction", True, False), ("révision", True, False), ("administration", True, True)],
    )
    def test_who_sees_what(self, well, role, summary, listed):
        fault()
        page = session(account(role)).get("/admin/").content.decode()
        assert ("État du service" in page, "builtins.KeyError" in page) == (summary, listed)

    def test_who_has_no_right_sees_nothing_of_it(self, well):
        fault()
        page = session(account("sans droit")).get("/admin/").content.decode()
        assert "État du service" not in page

    def test_it_is_settled_from_the_first_screen_and_stays_in_the_list(self, well):
        row, other = fault(), fault(route="aide")
        browser = session(account("administration"))
        answer = browser.post(f"/admin/initiatives/panne/{row.pk}/regler/", follow=True)
        row.refresh_from_db()
        assert (row.reglee_par.username, bool(row.reglee_le)) == ("administration", True)
        assert answer.context["pannes"] == [other]
        page = browser.get("/admin/initiatives/panne/", {"etat": "reglee"}).context["cl"]
        assert list(page.queryset) == [row]
        when = row.reglee_le
        browser.post(f"/admin/initiatives/panne/{row.pk}/regler/")
        row.refresh_from_db()
        assert row.reglee_le == when

    def test_several_are_settled_at_once(self, well):
        rows = [fault(), fault(route="aide")]
        browser = session(account("administration"))
        sent = {"action": "settle", "_selected_action": [row.pk for row in rows]}
        browser.post("/admin/initiatives/panne/", sent)
        assert Panne.objects.filter(reglee_le=None).count() == 0

    def test_who_only_reads_them_settles_none(self):
        """Neither from the list nor from the first screen."""
        row, reader = fault(), account("sans droit")
        reader.user_permissions.add(Permission.objects.get(codename="view_panne"))
        browser = session(reader)
        assert browser.get("/admin/initiatives/panne/").status_code == 200
        browser.post("/admin/initiatives/panne/", {"action": "settle", "_selected_action": [row.pk]})
        assert browser.post(f"/admin/initiatives/panne/{row.pk}/regler/").status_code == 403
        assert browser.get(f"/admin/initiatives/panne/{row.pk}/regler/").status_code == 405
        row.refresh_from_db()
        assert row.reglee_le is None

    def test_nobody_settles_without_a_session(self):
        row = fault()
        assert Client().post(f"/admin/initiatives/panne/{row.pk}/regler/").status_code == 302
        row.refresh_from_db()
        assert row.reglee_le is None
