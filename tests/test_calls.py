"""Who is called of a campaign and who is not yet, or not at all; what was said, noted and undone."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from initiatives.hearing import campaigns
from initiatives.models import Campagne, Contact, Envoi, Geste, Initiative, Organisme

from .campaigning import drafted, launched, reachable, send
from .forms import address, said
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def two_weeks_ago(campagne, days=14) -> None:
    """As if what left had left so many days ago."""
    campagne.envois.exclude(envoye_le=None).update(envoye_le=timezone.now() - timedelta(days=days))


def sentences(page) -> str:
    return page.content.decode().replace("&#x27;", "'")


def permissions(*codenames):
    return Permission.objects.filter(codename__in=codenames)


class TestCalls:
    @pytest.fixture
    def campagne(self, editor):
        reachable(pipq="a@example.org")
        pipq = Organisme.objects.get(slug="pipq")
        Contact.objects.create(organisme=pipq, nature="telephone", valeur="418 555-0100", precision="accueil")
        return launched(editor)

    def test_who_is_called_and_why(self, workshop, campagne):
        url = address(Campagne, "telephone", campagne.pk)
        rows = {row["envoi"].organisme.slug: row for row in workshop.get(url).context["appels"]}
        assert "pipq" not in rows  # its e-mail has not left
        assert (rows["piamp"]["pourquoi"], rows["piamp"]["telephones"]) == ("sans courriel", [])
        send()
        page = workshop.get(url)
        assert "pipq" not in {row["envoi"].organisme.slug for row in page.context["appels"]}  # it may answer yet
        assert (page.context["jours"], page.context["pas_encore"]) == (14, 1)
        assert "C'est le cas de 1 organisme." in sentences(page)
        two_weeks_ago(campagne)
        page = workshop.get(url)
        assert page.context["pas_encore"] == 0
        row = next(row for row in page.context["appels"] if row["envoi"].organisme.slug == "pipq")
        assert (row["pourquoi"], len(row["fiches"])) == ("pas de réponse", 11)
        assert 'href="tel:4185550100"' in page.content.decode()
        campagne.envois.filter(organisme__slug="pipq").update(envoye_le=None, echec="adresse")
        row = next(row for row in workshop.get(url).context["appels"] if row["envoi"].organisme.slug == "pipq")
        assert row["pourquoi"] == "courriel pas parti"

    def test_two_weeks_from_the_last_e_mail(self, campagne):
        send()
        envoi = campagne.envois.get(organisme__slug="pipq")
        for days, called in ((13, False), (14, True)):
            two_weeks_ago(campagne, days)
            assert (envoi in campaigns.to_call(campagne)) is called
        Envoi.objects.filter(pk=envoi.pk).update(relance_le=timezone.now() - timedelta(days=2))
        assert envoi not in campaigns.to_call(campagne)
        assert campaigns.may_answer_yet(campagne) == 1
        Envoi.objects.filter(pk=envoi.pk).update(relance_le=timezone.now() - timedelta(days=14))
        assert envoi in campaigns.to_call(campagne)
        Envoi.objects.filter(pk=envoi.pk).update(envoye_le=timezone.now(), echec="adresse")
        assert envoi in campaigns.to_call(campagne)  # the reminder failed: nothing will be answered
        assert campaigns.may_answer_yet(campagne) == 0

    def test_a_note_before_the_next_call(self, workshop, campagne):
        url = address(Campagne, "telephone", campagne.pk)
        envoi = campagne.envois.get(organisme__slug="piamp")
        page = workshop.post(url, {"envoi": envoi.pk, "noter": "1", "note": " Rappeler lundi "}, follow=True)
        assert said(page) == [("success", f"{envoi.organisme} : note gardée.")]
        assert 'value="Rappeler lundi"' in page.content.decode()
        assert not Geste.objects.exists()
        assert ';"Rappeler lundi"' in workshop.get(address(Campagne, "telephonecsv", campagne.pk)).content.decode()
        workshop.post(url, {"envoi": envoi.pk, "noter": "1", "note": "m" * 300})
        envoi.refresh_from_db()
        assert envoi.note_appel == "m" * 200
        reader = account("lectrice")
        reader.user_permissions.add(*permissions("view_campagne", "view_envoi"))
        assert session(reader).post(url, {"envoi": envoi.pk, "noter": "1", "note": ""}).status_code == 403
        envoi.refresh_from_db()
        assert envoi.note_appel

    def test_who_asked_not_to_be_reached_is_not_called(self, workshop, campagne):
        send()
        two_weeks_ago(campagne)
        pipq, piamp = (campagne.envois.get(organisme__slug=slug) for slug in ("pipq", "piamp"))
        for envoi in (pipq, piamp):
            campaigns.unsubscribe(envoi)
        url = address(Campagne, "telephone", campagne.pk)
        page = workshop.get(url)
        assert not {"pipq", "piamp"} & {row["envoi"].organisme.slug for row in page.context["appels"]}
        assert set(page.context["silencieux"]) == {pipq.organisme, piamp.organisme}
        assert workshop.post(url, {"envoi": pipq.pk}).status_code == 404
        page = workshop.get(address(Campagne, "change", campagne.pk))
        states = {envoi.pk: state for envoi, state in page.context["envois"]}
        assert [states[envoi.pk] for envoi in (pipq, piamp)] == ["a demandé de ne plus être joint"] * 2
        assert page.context["campagne"].silencieux == 2
        Envoi.objects.filter(pk=pipq.pk).update(repondu_le=timezone.now())
        page = workshop.get(address(Campagne, "change", campagne.pk))
        assert {envoi.pk: state for envoi, state in page.context["envois"]}[pipq.pk] == "a répondu"
        assert workshop.get(url).context["silencieux"] == [piamp.organisme]

    def test_as_a_spreadsheet(self, workshop, campagne):
        send()
        two_weeks_ago(campagne)
        Initiative.objects.filter(organismes__slug="pipq").update(titre="Un titre")
        Organisme.objects.filter(slug="pipq").update(nom="=1+1", sigle="")
        answer = workshop.get(address(Campagne, "telephonecsv", campagne.pk))
        assert "no-store" in answer.headers["Cache-Control"]
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert lines[0] == '"Organisme";"Pourquoi";"Téléphones";"Fiches";"Note"'
        (line,) = [line for line in lines if "=1+1" in line]
        assert line.startswith('"\'=1+1";"pas de réponse";"418 555-0100 (accueil)";"11. Un titre | 12. Un titre')

    def test_nothing_changed_in_one_gesture_and_undone_in_another(self, workshop, campagne, editor):
        send()
        two_weeks_ago(campagne)
        envoi = campagne.envois.get(organisme__slug="pipq")
        url = address(Campagne, "telephone", campagne.pk)
        page = workshop.post(url, {"envoi": envoi.pk, "qui": "la coordonnatrice"}, follow=True)
        ((level, told),) = said(page)
        assert (level, "rien n'a changé" in told.replace("&#x27;", "'")) == ("success", True)
        fiches = envoi.initiatives.all()
        assert {fiche.verifiee_le for fiche in fiches} == {timezone.localdate()}
        version = fiches[0].versions.first()
        assert (version.nature, version.motif, version.par) == (
            *("verification", "Confirmé par téléphone : la coordonnatrice"),
            editor,
        )
        assert envoi not in campaigns.to_call(campagne)
        assert workshop.post(url, {"envoi": envoi.pk}).status_code == 404
        assert Campagne.objects.comptees().get(pk=campagne.pk).repondus == 1
        workshop.post(re.search(r'action="([^"]+annuler/)"', told)[1])
        assert {fiche.verifiee_le for fiche in envoi.initiatives.all()} == {None}
        assert envoi in campaigns.to_call(campagne)
        assert Campagne.objects.comptees().get(pk=campagne.pk).repondus == 0

    def test_of_this_campaign_alone_and_for_who_may(self, campagne, editor):
        send()
        two_weeks_ago(campagne)
        url = address(Campagne, "telephone", campagne.pk)
        envoi = campagne.envois.get(organisme__slug="pipq")
        other = Envoi.objects.create(campagne=drafted(editor), organisme=envoi.organisme, courriel="")
        writer = session(account("rédaction"))
        for wrong in ("", "x", other.pk):
            assert writer.post(url, {"envoi": wrong}).status_code == 404
        assert writer.post(url, {"envoi": envoi.pk}).status_code == 302
        assert Geste.objects.get().par.username == "rédaction"
        reader = account("lectrice")
        reader.user_permissions.add(*permissions("view_campagne", "view_envoi"))
        reader = session(reader)
        spvm = campagne.envois.get(organisme__slug="spvm").pk
        assert (reader.get(url).status_code, reader.post(url, {"envoi": spvm}).status_code) == (200, 403)
        assert session(account("personne")).get(url).status_code == 403

    def test_a_fiche_that_left_is_not_verified(self, workshop, campagne):
        envoi = campagne.envois.get(organisme__slug="spvm")
        url = address(Campagne, "telephone", campagne.pk)
        envoi.initiatives.all().update(statut="archivee")
        assert workshop.post(url, {"envoi": envoi.pk}, follow=True).context["messages"]
        assert not Geste.objects.exists()
        assert envoi.organisme.slug not in {row["envoi"].organisme.slug for row in workshop.get(url).context["appels"]}
