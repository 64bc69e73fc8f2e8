"""Campaigns: one e-mail an organisation, one reminder, and answers that change nothing by themselves."""

import re
import socket
import time
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth.models import Permission
from django.core import mail, signing
from django.core.mail.backends.smtp import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from initiatives.hearing import campaigns
from initiatives.keeping import state
from initiatives.models import Campagne, Contact, Desabonnement, Envoi, Initiative, Organisme, Proposition

from .forms import address, form_data, said
from .people import account, session

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

    def test_a_fiche_to_be_verified_today_is_not_late_yet(self, editor):
        today = timezone.localdate()
        Initiative.objects.update(a_verifier_le=today)
        Initiative.objects.filter(numero=145).update(a_verifier_le=today - timedelta(days=1))
        assert [row.pk for row in campaigns.due()] == [145]

    def test_e_mails_are_prepared_all_or_none(self, editor, monkeypatch):
        """Fails without the transaction of `prepare`."""
        row = Campagne.objects.create(nom="Essai", creee_par=editor)
        monkeypatch.setattr(Envoi.initiatives.through.objects, "bulk_create", None)
        with pytest.raises(TypeError):
            campaigns.prepare(row)
        assert not row.envois.exists()

    def test_one_e_mail_in_french_and_no_second(self, campagne):
        assert campaigns.send(campagne) == campaigns.Delivery(sent=1)
        assert campaigns.send(campagne) == campaigns.Delivery()
        (message,) = mail.outbox
        assert message.to == ["service@example.org"]
        assert message.body.count("\n- ") == 11

    def test_what_each_e_mail_says_whatever_the_language_of_who_sends(self, campagne, settings):
        envoi = campagne.envois.get(courriel="service@example.org")
        envoi.initiatives.set([145])
        with override("en"):
            campaigns.send(campagne)
            campaigns.remind(campagne)
        first, reminder = mail.outbox
        address = re.search(r"http\S+", first.body)[0]
        until = date_format(timezone.localdate() + timedelta(days=45), "j F Y")
        assert first.subject == reminder.subject == "Vos fiches au Répertoire sont-elles encore justes?"
        assert first.from_email == settings.DEFAULT_FROM_EMAIL
        assert first.body.splitlines()[:9] == [
            *("Bonjour,", ""),
            "Le Répertoire des initiatives contre l'exploitation sexuelle des mineurs présente Projet Intervention "
            "Prostitution Québec (PIPQ). Ces fiches sont-elles encore justes?",
            *("", "- Les Survivantes", ""),
            "Pour le confirmer en un clic, ou proposer des changements, sans compte :",
            *(address, ""),
        ]
        assert f"Le lien vaut jusqu'au {until}." in first.body
        told = "Nous vous avons écrit il y a quelque temps; voici notre seul rappel.\n\n"
        assert reminder.body.replace(told, "") == first.body.replace(address, re.search(r"http\S+", reminder.body)[0])
        assert told in reminder.body

    def test_one_reminder_and_never_more(self, campagne, capsys):
        campaigns.send(campagne)
        call_command("send_reminders")
        assert len(mail.outbox) == 1  # too early
        Envoi.objects.update(envoye_le=timezone.now() - timedelta(days=21, minutes=-1))
        call_command("send_reminders")
        assert len(mail.outbox) == 1  # a minute too early
        Envoi.objects.update(envoye_le=timezone.now() - timedelta(days=21))
        for _again in range(2):
            call_command("send_reminders")
        assert len(mail.outbox) == 2
        assert "notre seul rappel" in mail.outbox[1].body
        assert "Essai: 1 reminded, 0 failed, 0 uncertain" in capsys.readouterr().out

    @pytest.mark.parametrize("meanwhile", ["sent", "silent"])
    def test_what_became_of_the_others_while_one_leaves(self, campagne, monkeypatch, meanwhile):
        """Whoever presses too sends the second e-mail, or its organisation asks for silence: it is not sent here."""
        spvm = campagne.envois.get(organisme__slug="spvm")
        Envoi.objects.filter(pk=spvm.pk).update(courriel="police@example.org")
        write, written = campaigns.email, []

        def email(envoi, *args, **kwargs):
            written.append(envoi.courriel)
            if len(written) == 1 and meanwhile == "sent":
                campaigns.send(campagne)
            elif len(written) == 1:
                campaigns.unsubscribe(campagne.envois.exclude(pk=envoi.pk).exclude(courriel="").get())
            return write(envoi, *args, **kwargs)

        monkeypatch.setattr(campaigns, "email", email)
        campaigns.send(campagne)
        assert len(written) == len(set(written)) == len(mail.outbox) == (2 if meanwhile == "sent" else 1)

    def test_who_answered_is_not_reminded(self, campagne, link):
        Client().post(link, {"fiche": campagne.envois.get(courriel="service@example.org").initiatives.first().slug})
        assert campaigns.remind(campagne) == campaigns.Delivery()

    def test_a_server_that_does_not_answer_is_told_and_nothing_is_marked(self, campagne, workshop, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
        url = f"/admin/initiatives/campagne/{campagne.pk}/lancer/"
        page = workshop.post(url, {"envoyer": "1"}, follow=True).content.decode()
        assert "Le serveur de courriel ne répond pas (ConnectionRefusedError)" in page
        assert not Envoi.objects.exclude(envoye_le=None, tente_le=None).exists()
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert campaigns.send(campagne) == campaigns.Delivery(sent=1)

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


class TestScreen:
    def test_its_page_costs_the_same_for_one_e_mail_and_for_many(self, workshop, campagne):
        url, costs = f"/admin/initiatives/campagne/{campagne.pk}/change/", []
        workshop.get(url)
        for _time in range(2):
            with CaptureQueriesContext(connection) as queries:
                assert workshop.get(url).status_code == 200
            costs.append(len(queries))
            Envoi.objects.exclude(pk=Envoi.objects.first().pk).delete()
        assert costs[0] == costs[1]

    def test_each_e_mail_is_told_with_its_state(self, workshop, campagne):
        names = {row.organisme.slug: str(row.organisme) for row in campagne.envois.all()}
        sent = timezone.now() - timedelta(days=3)
        campagne.envois.filter(organisme__slug="spvm").update(tente_le=sent)
        campagne.envois.filter(organisme__slug="pipq").update(envoye_le=sent)
        campagne.envois.exclude(organisme__slug__in=["spvm", "pipq", "piamp"]).delete()
        for envoi in campagne.envois.all():
            envoi.initiatives.set([1, 145] if envoi.organisme.slug == "pipq" else [1])
        page = workshop.get(address(Campagne, "change", campagne.pk))
        (table,) = page.context["inline_admin_formsets"]
        shown = {form.instance.organisme.slug: form.instance for form in table.formset.forms}
        told = {slug: [getattr(table.opts, name)(row) for name in TOLD] for slug, row in shown.items()}
        none = "aucun courriel : à joindre autrement"
        when = date_format(timezone.localtime(sent), "DATETIME_FORMAT")
        first, both = str(fiche(1)), f"{fiche(1)}, {fiche(145)}"
        assert told == {
            "spvm": [none, first, f"incertain : parti peut-être le {when}"],
            "pipq": ["service@example.org", both, "parti"],
            "piamp": [none, first, "à envoyer"],
        }
        assert [form.instance.organisme.nom for form in table.formset.forms] == sorted(
            row.organisme.nom for row in shown.values()
        )
        assert list(page.context["incertains"]) == [shown["spvm"]]
        text = page.content.decode()
        assert [text.count(f'name="{name}"') for name in ("envoyer", "relancer", "arrive", "perdu")] == [1, 1, 1, 1]
        assert names["spvm"] in text

    def test_the_list_counts_what_left_and_what_came_back(self, workshop, campagne):
        now = timezone.now()
        campagne.envois.filter(organisme__slug__in=["spvm", "pipq"]).update(envoye_le=now)
        campagne.envois.filter(organisme__slug="pipq").update(repondu_le=now)
        screen = workshop.get(address(Campagne, "changelist")).context["cl"].model_admin
        assert (screen.envoyes(campagne), screen.repondus(campagne)) == (2, 1)

    def test_it_is_prepared_once_and_whoever_made_it_stays(self, workshop, campagne, editor):
        assert (campagne.creee_par, workshop.get(address(Campagne, "add")).status_code) == (editor, 200)
        before = campagne.envois.count()
        colleague = session(account("révision"))
        data = {"nom": "Printemps", "jours": "30"} | {
            f"envois-{name}": value for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
        }
        assert colleague.post(address(Campagne, "change", campagne.pk), data).status_code == 302
        campagne.refresh_from_db()
        assert (campagne.nom, campagne.jours, campagne.creee_par) == ("Printemps", 30, editor)
        assert campagne.envois.count() == before

    def test_who_may_only_look_is_not_asked_what_arrived(self, campagne):
        campagne.envois.update(tente_le=timezone.now())
        reader = account("révision")
        reader.groups.clear()
        reader.user_permissions.set(Permission.objects.filter(codename__in=["view_campagne", "view_envoi"]))
        page = session(reader).get(address(Campagne, "change", campagne.pk))
        assert (page.status_code, "incertains" in page.context) == (200, False)

    def test_each_thing_that_became_of_it_is_told(self, workshop, campagne, monkeypatch):
        one, other = campagne.envois.filter(organisme__slug__in=["spvm", "pipq"])
        outcome = campaigns.Delivery(sent=3, failed=[one], uncertain=[other], stopped="Le serveur dort.")
        monkeypatch.setattr(campaigns, "send", lambda row: outcome)
        monkeypatch.setattr(campaigns, "remind", lambda row: campaigns.Delivery())
        url = address(Campagne, "lancer", campagne.pk)
        response = workshop.post(url, {"envoyer": "1"}, follow=True)
        assert response.redirect_chain == [(address(Campagne, "change", campagne.pk), 302)]
        assert said(response) == [
            ("success", "Courriels partis : 3."),
            ("error", "Le serveur dort."),
            ("error", f"Le courriel n'est pas parti : {one}"),
            ("warning", f"On ne sait pas si le courriel est parti : {other}"),
        ]
        assert said(workshop.post(url, {"relancer": "1"}, follow=True)) == [("success", "Courriels partis : 0.")]

    def test_what_is_settled_is_of_this_campaign(self, workshop, campagne, editor):
        other = Campagne.objects.create(nom="Autre", creee_par=editor)
        envoi = Envoi.objects.create(
            campagne=other, organisme=Organisme.objects.get(slug="spvm"), tente_le=timezone.now()
        )
        url = address(Campagne, "lancer", campagne.pk)
        for wrong in (envoi.pk, "x", "", "-1"):
            assert workshop.post(url, {"incertain": wrong, "arrive": "1"}).status_code == 404
        own = address(Campagne, "lancer", other.pk)
        assert said(workshop.post(own, {"incertain": envoi.pk, "perdu": "1"}, follow=True)) == [
            ("success", "C'est noté.")
        ]
        assert said(workshop.post(own, {"incertain": envoi.pk, "perdu": "1"}, follow=True)) == [
            ("error", "Cet envoi n'est plus incertain.")
        ]
        envoi.refresh_from_db()
        assert (envoi.tente_le, envoi.envoye_le, envoi.relance_le) == (None, None, None)
        assert workshop.get(own).status_code == 403


TOLD = ["joint_par", "fiches", "etat"]


class Post:
    """A post office with its moods: it refuses some, and hangs up on others once it has the whole e-mail."""

    def __init__(self):
        self.received = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's names
        if address.startswith("refuse"):
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.received += envelope.rcpt_tos
        if envelope.rcpt_tos[0].startswith("coupe"):
            server.transport.abort()
        return "250 OK"


@pytest.fixture
def post(settings):
    """A real server, on this machine."""
    office = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = False
    yield office
    controller.stop()


class TestRealServer:
    @pytest.fixture
    def four(self, editor):
        """One that can be written to, one refused, one whose answer is lost, and one badly typed before contacts were
        checked; in an order in which the good one comes last.
        """
        rows = Organisme.objects.filter(liens_porteurs__initiative__statut="publiee").distinct().order_by("nom")[:4]
        addresses = ["a@example.org, b@example.org", "refuse@example.org", "coupe@example.org", "bon@example.org"]
        campagne = Campagne.objects.create(nom="Essai", creee_par=editor)
        campaigns.prepare(campagne)
        for row, courriel in zip(rows, addresses, strict=True):
            Envoi.objects.filter(organisme=row).update(courriel=courriel)
        return campagne

    def test_one_that_fails_stops_none_of_the_others(self, four, post, caplog):
        outcome = campaigns.send(four)
        assert post.received == ["coupe@example.org", "bon@example.org"]
        assert outcome.sent == 1
        assert [row.courriel for row in outcome.failed] == ["a@example.org, b@example.org", "refuse@example.org"]
        assert [row.courriel for row in outcome.uncertain] == ["coupe@example.org"]
        marked = Envoi.objects.exclude(envoye_le=None)
        assert [row.courriel for row in marked] == ["bon@example.org"]
        assert Envoi.objects.exclude(tente_le=None).get().courriel == "coupe@example.org"
        assert [record.getMessage() for record in caplog.records if record.name.startswith("initiatives")] == [
            f"An e-mail of a campaign was refused: {kind}" for kind in ("ValueError", "SMTPRecipientsRefused")
        ]
        again = campaigns.send(four)
        assert (again.sent, len(again.failed), again.uncertain, again.stopped) == (0, 2, [], "")
        assert Envoi.objects.exclude(tente_le=None).get().courriel == "coupe@example.org"

    def test_a_connection_that_cannot_even_be_closed_is_left(self, four, post, monkeypatch):
        """Fails when what the system says of a broken connection is not caught, or when the connection is kept."""

        def breaks(self):
            if self.connection:
                self.connection.close()
            raise ConnectionResetError

        monkeypatch.setattr(EmailBackend, "close", breaks)
        outcome = campaigns.send(four)
        assert (outcome.sent, len(outcome.failed), len(outcome.uncertain), outcome.stopped) == (1, 2, 1, "")
        assert post.received == ["coupe@example.org", "bon@example.org"]

    def test_what_is_uncertain_is_shown_and_never_sent_again_by_itself(self, four, post, workshop):
        url = f"/admin/initiatives/campagne/{four.pk}/"
        page = workshop.post(f"{url}lancer/", {"envoyer": "1"}, follow=True).content.decode()
        assert page.count("Le courriel n&#x27;est pas parti") == 2
        assert page.count("On ne sait pas si le courriel est parti") == 1
        assert "incertain : parti peut-être le" in page
        post.received.clear()
        again = campaigns.send(four)
        assert (again.sent, post.received) == (0, [])
        envoi = four.envois.get(courriel="coupe@example.org")
        workshop.post(f"{url}lancer/", {"incertain": envoi.pk, "perdu": "1"})
        assert [row.courriel for row in campaigns.send(four).uncertain] == ["coupe@example.org"]
        workshop.post(f"{url}lancer/", {"incertain": envoi.pk, "arrive": "1"})
        envoi.refresh_from_db()
        assert (envoi.tente_le, bool(envoi.envoye_le), envoi.relance_le) == (None, True, None)
        late = workshop.post(f"{url}lancer/", {"incertain": envoi.pk, "perdu": "1"}, follow=True)
        assert "n&#x27;est plus incertain" in late.content.decode()
        envoi.refresh_from_db()
        assert envoi.envoye_le

    def test_an_uncertain_reminder_is_a_reminder(self, four, post):
        four.envois.filter(courriel="coupe@example.org").update(envoye_le=timezone.now())
        assert [row.courriel for row in campaigns.remind(four).uncertain] == ["coupe@example.org"]
        envoi = four.envois.get(courriel="coupe@example.org")
        campaigns.settle_uncertain(envoi, arrived=True)
        envoi.refresh_from_db()
        assert envoi.relance_le

    def test_a_crash_between_the_two_marks_nothing_and_sends_nothing_twice(self, four, post, monkeypatch):
        """The process dies in the middle of an e-mail: nobody knows, and nobody is written to again."""

        def dies(*args, **kwargs):
            raise SystemExit

        monkeypatch.setattr(campaigns.EmailMessage, "send", dies)
        with pytest.raises(SystemExit):
            campaigns.send(four)
        monkeypatch.undo()
        taken = four.envois.exclude(tente_le=None).get()
        assert taken.envoye_le is None
        campaigns.send(four)
        assert taken.courriel not in post.received


def test_only_an_e_mail_that_can_be_written_to_is_kept(editor):
    organisme = Organisme.objects.get(slug="pipq")
    Contact.objects.create(organisme=organisme, nature="adresse", valeur="adresse@example.org")
    for valeur in ("info@example.org", "second@example.org", "a@example.org, b@example.org"):
        Contact.objects.create(organisme=organisme, nature="courriel", valeur=valeur)
    Contact.objects.create(organisme=Organisme.objects.get(slug="piamp"), nature="courriel", valeur="a@x, b@y")
    row = Campagne.objects.create(nom="Essai", creee_par=editor)
    campaigns.prepare(row)
    assert row.envois.get(organisme=organisme).courriel == "info@example.org"
    assert row.envois.get(organisme__slug="piamp").courriel == ""


@pytest.mark.parametrize(
    ("nature", "valeur", "valid"),
    [
        ("courriel", "info@example.org", True),
        ("courriel", "a@example.org, b@example.org", False),
        ("courriel", "Info <info@example.org>", False),
        ("courriel", "info", False),
        ("telephone", "418 555-0100, poste 12", True),
        ("telephone", "211", True),
        ("telephone", "sur demande", False),
        ("telephone", "info@example.org 12345", False),
        ("site-web", "https://example.org/aide", True),
        ("site-web", "example.org", False),
        ("site-web", "javascript:alert(1)", False),
        ("adresse", "au coin de la rue", True),
        ("municipalite", "Matane", True),
    ],
)
def test_a_contact_is_of_its_kind(workshop, nature, valeur, valid):
    url = address(Initiative, "change", 145)
    page = workshop.get(url)
    contact = {"nature": nature, "valeur": valeur, "visibilite": "editeurs", "precision": ""}
    rows = {f"contacts-0-{name}": value for name, value in contact.items()} | {"contacts-TOTAL_FORMS": "1"}
    answer = workshop.post(url, form_data(page) | rows | {"version_vue": page.context["version_vue"]})
    assert answer.status_code == (302 if valid else 200)
    assert Contact.objects.filter(valeur=valeur).count() == int(valid)


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
        assert "trop ancien, incomplet" in answer.content.decode()
        sent = int(time.time())
        for seconds, status in ((45 * 86400 - 1, 200), (45 * 86400 + 1, 410)):
            monkeypatch.setattr(signing.time, "time", lambda seconds=seconds: sent + seconds)
            assert Client().get(link).status_code == status

    def test_one_answer_and_one_silence_are_of_one_organisation(self, link, campagne):
        other, envoi = campagne.envois.get(organisme__slug="spvm"), campagne.envois.get(organisme__slug="pipq")
        campaigns.unsubscribe(other)
        campaigns.unsubscribe(other)
        assert Client().get(link).status_code == 200
        Client().post(link, {"fiche": envoi.initiatives.first().slug})
        assert list(campagne.envois.exclude(repondu_le=None)) == [envoi]

    def test_the_organisation_may_ask_for_silence(self, link, campagne, editor):
        assert Client().post(link, {"desabonner": "1"}).url == "/proposer/merci/"
        assert Desabonnement.objects.get().organisme.slug == "pipq"
        assert Client().get(link).status_code == 410
        assert campaigns.remind(campagne) == campaigns.Delivery()
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
