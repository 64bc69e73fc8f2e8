"""Campaigns: one e-mail an organisation, one reminder, and answers that change nothing by themselves."""

import re
from datetime import timedelta
from threading import Thread

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from initiatives.hearing import campaigns
from initiatives.keeping import state
from initiatives.models import Campagne, Contact, Desabonnement, Envoi, Initiative, Organisme, Proposition

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def fiche(numero=145):
    return Initiative.objects.get(numero=numero)


@pytest.fixture
def campagne(editor):
    """A campaign in which one organisation has an e-mail."""
    organisme = Organisme.objects.get(slug="pipq")
    Contact.objects.create(organisme=organisme, nature="courriel", valeur="service@example.org")
    row = Campagne.objects.create(nom="Essai", creee_par=editor)
    campaigns.prepare(row)
    return row


@pytest.fixture
def link(campagne):
    """The address in the e-mail that it sends."""
    campaigns.send(campagne)
    return re.search(r"http://127\.0\.0\.1:8000(/verification/\S+)", mail.outbox[0].body)[1]


class TestSending:
    def test_every_due_fiche_is_asked_about_by_porteur(self, campagne):
        asked = set(Envoi.objects.values_list("initiatives", flat=True))
        with_porteur = set(Initiative.objects.publiees().filter(organismes__isnull=False).values_list("pk", flat=True))
        assert asked == with_porteur
        assert campagne.envois.filter(organisme__slug="pipq").get().initiatives.count() == 11

    def test_what_was_verified_lately_is_left_alone(self, editor):
        tomorrow = timezone.localdate() + timedelta(days=1)
        Initiative.objects.exclude(numero=145).update(verifiee_le=timezone.localdate(), a_verifier_le=tomorrow)
        row = Campagne.objects.create(nom="Essai", creee_par=editor)
        campaigns.prepare(row)
        assert set(Envoi.objects.values_list("initiatives", flat=True)) == {145}

    def test_one_e_mail_in_french_and_no_second(self, campagne):
        assert campaigns.send(campagne) == (1, [])
        assert campaigns.send(campagne) == (0, [])
        (message,) = mail.outbox
        assert message.to == ["service@example.org"]
        assert "Projet Intervention Prostitution Québec" in message.body
        assert "Ne plus" not in message.subject
        assert message.body.count("\n- ") == 11

    def test_one_reminder_and_never_more(self, campagne, capsys):
        campaigns.send(campagne)
        call_command("send_reminders")
        assert len(mail.outbox) == 1  # too early
        Envoi.objects.update(envoye_le=timezone.now() - timedelta(days=22))
        for _again in range(2):
            call_command("send_reminders")
        assert len(mail.outbox) == 2
        assert "notre seul rappel" in mail.outbox[1].body
        assert "Essai: 1 reminded, 0 failed" in capsys.readouterr().out

    def test_who_answered_is_not_reminded(self, campagne, link):
        Client().post(link, {"fiche": campagne.envois.get(courriel="service@example.org").initiatives.first().slug})
        assert campaigns.remind(campagne) == (0, [])

    def test_a_failure_can_be_tried_again(self, campagne, monkeypatch):
        def broken(*args, **kwargs):
            raise ConnectionRefusedError

        monkeypatch.setattr(campaigns, "send_mail", broken)
        sent, failed = campaigns.send(campagne)
        assert (sent, len(failed)) == (0, 1)
        monkeypatch.undo()
        assert campaigns.send(campagne) == (1, [])

    def test_without_a_server_it_says_what_to_set(self, campagne, settings, workshop):
        settings.EMAIL_CONFIGURED = False
        page = workshop.post(f"/admin/initiatives/campagne/{campagne.pk}/lancer/", {"envoyer": "1"}, follow=True)
        assert "EMAIL_HOST" in page.content.decode()
        assert not mail.outbox

    def test_in_the_admin(self, workshop, campagne):
        data = {"nom": "Automne", "jours": "45"}
        assert workshop.post("/admin/initiatives/campagne/add/", data).status_code == 302
        row = Campagne.objects.get(nom="Automne")
        page = workshop.get(f"/admin/initiatives/campagne/{row.pk}/change/").content.decode()
        assert "aucun courriel : à joindre autrement" in page
        assert "service@example.org" in page
        answer = workshop.post(f"/admin/initiatives/campagne/{row.pk}/lancer/", {"envoyer": "1"}, follow=True)
        assert "Courriels partis : 1." in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_one_e_mail_leaves(request, django_user_model):
    request.getfixturevalue("reload_directory")
    organisme = Organisme.objects.get(slug="pipq")
    Contact.objects.create(organisme=organisme, nature="courriel", valeur="service@example.org")
    row = Campagne.objects.create(nom="Essai", creee_par=django_user_model.objects.create_superuser("e", password="x"))
    campaigns.prepare(row)

    def press():
        campaigns.send(row)
        connection.close()

    threads = [Thread(target=press) for _index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.outbox) == 1


class TestAnswering:
    def test_reading_the_link_changes_nothing(self, visitor, link):
        page = visitor.page(link)
        assert page.count("Rien n&#x27;a changé<") == 11 or page.count("Rien n'a changé<") == 11
        assert not Proposition.objects.exists()
        assert Envoi.objects.filter(repondu_le=None).count() == Envoi.objects.count()
        assert "Are your entries still right?" in visitor.page(f"/en{link}")
        assert visitor.get("/sitemap.xml").content.decode().count("verification") == 0

    def test_nothing_has_changed_then_the_moderator_says_verified(self, link, workshop, visitor):
        row = Organisme.objects.get(slug="pipq").initiatives.first()
        browser = Client()
        assert browser.post(link, {"fiche": row.slug}).status_code == 302
        assert not browser.cookies
        assert Initiative.objects.get(pk=row.pk).verifiee_le is None
        (proposition,) = Proposition.objects.all()
        assert (proposition.provenance, proposition.reponses, proposition.initiative_id) == ("verification", {}, row.pk)
        assert "Réponse reçue" in browser.get(link).content.decode()
        browser.post(link, {"fiche": row.slug})
        assert Proposition.objects.count() == 1
        workshop.post(f"/admin/initiatives/proposition/{proposition.pk}/decider/", {})
        assert Initiative.objects.get(pk=row.pk).verifiee_le == timezone.localdate()
        assert "déjà été traitée" in browser.post(link, {"fiche": row.slug}).content.decode()

    def test_changes_are_proposed_and_taken_field_by_field(self, link, workshop):
        row = Organisme.objects.get(slug="pipq").initiatives.filter(stade="en-application").first()
        browser, url = Client(), f"{link}{row.slug}/"
        form = browser.get(url).context["form"]
        data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
        data = {name: "\n".join(value) if name == "objectifs" else value for name, value in data.items()}
        data = {name: value for name, value in data.items() if value not in (None, False, [])}
        bad = browser.post(url, data | {"age_min": "30", "age_max": "12", "tous_ages": ""})
        assert 'role="alert"' in bad.content.decode()
        changed = data | {"stade": "en-suspens", "frequence": "Chaque mois", "precisions": "Le 211"}
        assert browser.post(url, changed).status_code == 302
        (proposition,) = Proposition.objects.all()
        assert proposition.reponses == {"stade": "en-suspens", "frequence": "Chaque mois"}
        page = workshop.get(f"/admin/initiatives/proposition/{proposition.pk}/change/").content.decode()
        assert page.count('name="champ"') == 2
        assert "Le 211" in page
        workshop.post(f"/admin/initiatives/proposition/{proposition.pk}/decider/", {"champ": ["stade"]})
        after = Initiative.objects.get(pk=row.pk)
        assert (after.stade, after.frequence, after.verifiee_le) == ("en-suspens", row.frequence, timezone.localdate())
        assert [version.nature for version in after.versions.order_by("rang")] == [
            "reprise",
            "modification",
            "verification",
        ]

    def test_another_s_fiche_is_not_theirs_to_answer(self, link):
        assert Client().post(link, {"fiche": "les-survivantes"}).status_code == 404
        assert Client().get(f"{link}les-survivantes/").status_code == 404

    def test_old_or_tampered_links(self, link, monkeypatch, campagne):
        for wrong in ("/verification/x/", link[:-3] + "aa/"):
            answer = Client().get(wrong)
            assert answer.status_code == 410
            assert "1 888 933-9007" in answer.content.decode()
        Campagne.objects.update(jours=0)
        assert Client().get(link).status_code == 410

    def test_the_organisation_may_ask_for_silence(self, link, campagne, editor):
        assert Client().post(link, {"desabonner": "1"}).url == "/proposer/merci/"
        assert Desabonnement.objects.get().organisme.slug == "pipq"
        assert Client().get(link).status_code == 410
        assert campaigns.remind(campagne) == (0, [])
        again = Campagne.objects.create(nom="Encore", creee_par=editor)
        campaigns.prepare(again)
        assert not again.envois.filter(organisme__slug="pipq").exists()


def test_a_fiche_changed_since_is_compared_with_what_it_is_now(link, workshop):
    row = Organisme.objects.get(slug="pipq").initiatives.filter(stade="en-application").first()
    envoi = Envoi.objects.get(courriel="service@example.org")
    campaigns.record_answer(envoi, row, {"stade": "en-suspens"})
    Initiative.objects.filter(pk=row.pk).update(stade="en-suspens")
    page = workshop.get(f"/admin/initiatives/proposition/{Proposition.objects.get().pk}/change/").content.decode()
    assert 'name="champ"' not in page
    assert state.state_of(row)["stade"] == "en-suspens"
