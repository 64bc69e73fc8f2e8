"""The e-mails of campaigns, to a real server that accepts, refuses, puts off, hangs up or sleeps; and after a crash."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.smtp import EmailBackend
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from initiatives.hearing import campaigns, sending
from initiatives.models import Campagne, Contact, Desabonnement, Envoi, Geste

from .campaigning import Office, launched, opened, queued, reachable, send
from .people import session
from .sessions import Session, committing, stopped

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def office(settings):
    post = Office()
    controller = opened(post, settings)
    yield post
    controller.stop()


def states(campagne) -> dict:
    """What became of each address: (left, uncertain, failure)."""
    return {
        row.courriel: (bool(row.envoye_le), bool(row.tente_le), f"{row.echec} {row.code_smtp or ''}".strip())
        for row in campagne.envois.order_by("pk")
    }


SENT, UNCERTAIN, WAITS = (True, False, ""), (False, True, ""), (False, False, "")


class TestRealServer:
    def test_what_is_received_once_each(self, office, editor, settings):
        settings.DEFAULT_FROM_EMAIL, settings.CONTACT_EMAIL = "Répertoire <envoi@example.org>", "equipe@example.org"
        settings.MINISTRY_PHONE = "1 888 933-9007"
        campagne = queued(editor, "a@example.org", "b@example.org")
        assert (send(), send()) == (2, 0)
        assert office.to() == ["a@example.org", "b@example.org"]
        message = office.received[0]
        assert (message["From"], message["Reply-To"]) == ("Répertoire <envoi@example.org>", "equipe@example.org")
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["List-Unsubscribe"].strip().startswith("<http://testserver/verification/")
        assert message["List-Unsubscribe"].endswith("/courriel/silence/>")
        assert message["Subject"].strip() == (
            "Vos fiches au Répertoire sont-elles encore justes? / Are your entries in the Directory still right?"
        )
        assert message.get_content_type() == "text/plain"
        body = message.get_content()
        assert body.count(site.MINISTRY_NAME) == body.count("1 888 933-9007") == 2
        assert body.count("http") == 2  # one link a language: nothing that tells who read
        assert "/en/verification/" in body
        assert "Bonjour," in body
        assert "Hello," in body
        assert states(campagne) == {"a@example.org": SENT, "b@example.org": SENT}

    def test_one_that_fails_stops_none_of_the_others(self, office, editor, caplog):
        addresses = ["a@example.org, b@example.org", "refuse@example.org", "plus-tard@example.org"]
        addresses += ["message@example.org", "coupe@example.org", "en-route@example.org", "lent@example.org"]
        campagne = queued(editor, *addresses, "bon@example.org")
        assert send() == 1
        assert states(campagne) == {
            "a@example.org, b@example.org": (False, False, "mal-ecrite"),
            "refuse@example.org": (False, False, "adresse 550"),
            "plus-tard@example.org": (False, False, "adresse 451"),
            "message@example.org": (False, False, "message 554"),
            "coupe@example.org": UNCERTAIN,
            "en-route@example.org": UNCERTAIN,
            "lent@example.org": UNCERTAIN,
            "bon@example.org": SENT,
        }
        again = list(campagne.envois.exclude(pas_avant=None))
        assert [row.courriel for row in again] == ["plus-tard@example.org"]
        assert send() == 0
        assert office.to() == ["coupe@example.org", "lent@example.org", "bon@example.org"]
        assert "example.org" not in caplog.text

    def test_put_off_it_is_tried_again_by_itself_a_few_times(self, office, editor):
        campagne = queued(editor, "plus-tard@example.org")
        waits = []
        for _time in range(6):
            send()
            row = campagne.envois.get()
            waits.append(row.pas_avant and round((row.pas_avant - row.essaye_le).total_seconds() / 60))
            campagne.envois.exclude(pas_avant=None).update(pas_avant=timezone.now())
        assert (waits, row.essais) == ([5, 15, 60, 240, None, None], 5)
        office.moods = False
        Contact.objects.create(organisme=row.organisme, nature="courriel", valeur="plus-tard@example.org")
        assert (send(), sending.try_again(campagne), send()) == (0, 1, 1)
        row.refresh_from_db()
        assert (row.echec, row.essais, row.code_smtp, bool(row.envoye_le)) == ("", 0, None, True)

    def test_a_server_that_is_away_is_told_and_nothing_is_taken(self, editor, settings):
        office = Office()
        controller = opened(office, settings)
        controller.stop()
        campagne = queued(editor, "a@example.org")
        assert send() == 0
        campagne.refresh_from_db()
        assert (campagne.arret, sending.doing(campagne)) == ("ConnectionRefusedError", sending.Sending.STOPPED)
        assert states(campagne) == {"a@example.org": WAITS}
        controller = opened(office, settings)
        assert send() == 1
        controller.stop()
        campagne.refresh_from_db()
        assert (campagne.arret, sending.doing(campagne)) == ("", sending.Sending.DONE)

    def test_a_server_that_wants_none_of_ours_stops_the_rest(self, office, editor, settings):
        settings.DEFAULT_FROM_EMAIL = "inconnu@example.org"
        campagne = queued(editor, "a@example.org", "b@example.org")
        assert send() == 0
        campagne.refresh_from_db()
        assert campagne.arret == "SMTPSenderRefused 550"
        assert states(campagne) == {"a@example.org": WAITS, "b@example.org": WAITS}

    def test_a_server_without_starttls_is_given_nothing(self, office, editor, settings):
        settings.EMAIL_USE_TLS = True
        campagne = queued(editor, "a@example.org")
        assert send() == 0
        campagne.refresh_from_db()
        assert (campagne.arret, office.received) == ("SMTPNotSupportedError", [])

    def test_a_password_refused_is_told_and_not_shown(self, editor, settings, caplog):
        office = Office()
        controller = opened(office, settings, authenticator=office.authenticate, auth_require_tls=False)
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "site", "motdepasse"
        campagne = queued(editor, "a@example.org")
        assert send() == 0
        controller.stop()
        campagne.refresh_from_db()
        assert (campagne.arret, office.login) == ("SMTPAuthenticationError", (b"site", b"motdepasse"))
        assert states(campagne) == {"a@example.org": WAITS}
        assert "motdepasse" not in caplog.text

    def test_a_connection_that_cannot_even_be_closed_is_left(self, office, editor, monkeypatch):
        """Fails when what the system says of a broken connection is not caught, or when the connection is kept."""

        def breaks(self):
            if self.connection:
                self.connection.close()
            raise ConnectionResetError

        monkeypatch.setattr(EmailBackend, "close", breaks)
        campagne = queued(editor, "refuse@example.org", "coupe@example.org", "bon@example.org")
        assert send() == 1
        assert states(campagne)["bon@example.org"] == SENT


class TestQueue:
    def test_nothing_leaves_before_somebody_says_so(self, editor):
        reachable(pipq="a@example.org")
        Campagne.objects.create(nom="Essai", creee_par=editor)
        assert (send(), mail.outbox) == (0, [])

    def test_paused_nothing_leaves_and_resumed_the_rest_does(self, editor):
        campagne = queued(editor, "a@example.org", "b@example.org")
        campaigns.pause(campagne, True)
        campagne.refresh_from_db()
        assert (send(), sending.doing(campagne)) == (0, sending.Sending.PAUSED)
        campaigns.pause(campagne, False)
        assert send() == 2

    def test_paused_in_the_middle(self, editor, monkeypatch):
        campagne = queued(editor, "a@example.org", "b@example.org")
        write = sending.letter

        def letter(*args, **kwargs):
            campaigns.pause(campagne, True)
            return write(*args, **kwargs)

        monkeypatch.setattr(sending, "letter", letter)
        assert send() == 1

    @pytest.mark.parametrize("meanwhile", ["silence", "link", "call"])
    def test_who_answered_or_wants_silence_meanwhile_is_not_written_to(self, editor, meanwhile):
        campagne = queued(editor, "a@example.org", "b@example.org")
        envoi = campagne.envois.get(courriel="a@example.org")
        if meanwhile == "silence":
            campaigns.unsubscribe(envoi)
        elif meanwhile == "link":
            Envoi.objects.filter(pk=envoi.pk).update(repondu_le=timezone.now())
        else:
            geste = Geste.objects.create(nature="verifier", par=editor, motif="Essai", fiches=[])
            Envoi.objects.filter(pk=envoi.pk).update(appel=geste)
        assert (send(), [message.to for message in mail.outbox]) == (1, [["b@example.org"]])
        assert sending.doing(campagne) == sending.Sending.DONE
        Geste.objects.update(annule_le=timezone.now())
        Desabonnement.objects.all().delete()
        assert send() == (0 if meanwhile == "link" else 1)

    def test_fiches_that_left_the_public_pages_are_asked_about_no_more(self, editor):
        campagne = queued(editor, "a@example.org")
        campagne.envois.get().initiatives.all().update(statut="archivee")
        assert (send(), states(campagne)) == (0, {"a@example.org": (False, False, "rien")})

    def test_no_more_a_minute_than_may_be(self, editor, settings):
        settings.EMAIL_PER_MINUTE = 2
        campagne = queued(editor, *(f"{letter}@example.org" for letter in "abcde"))
        waited = []

        def wait(seconds):
            waited.append((seconds, len(mail.outbox)))
            Envoi.objects.exclude(essaye_le=None).update(essaye_le=timezone.now() - timedelta(seconds=61))

        assert send(wait=wait) == 5
        assert waited == [(1, 2), (1, 4)]
        assert all(row == SENT for row in states(campagne).values())

    def test_tried_again_at_the_address_that_is_theirs_now(self, editor):
        campagne = queued(editor, "a@example.org", "b@example.org")
        first, second = campagne.envois.order_by("pk")
        campagne.envois.update(echec="adresse", code_smtp=550, essais=1)
        Contact.objects.create(organisme=first.organisme, nature="courriel", valeur="neuf@example.org")
        assert sending.try_again(campagne, second.pk) == 1
        assert sending.try_again(campagne) == 1
        assert sending.try_again(campagne) == 0
        assert send() == 1
        assert [message.to for message in mail.outbox] == [["neuf@example.org"]]
        second.refresh_from_db()
        assert (second.courriel, list(campaigns.to_call(campagne).filter(pk=second.pk))) == ("", [second])

    def test_without_a_server_it_says_what_to_set(self, editor, settings):
        settings.EMAIL_CONFIGURED = False
        with pytest.raises(CommandError, match="EMAIL_HOST"):
            call_command("send_campaigns", once=True)

    def test_the_command_says_how_many(self, editor, capsys):
        queued(editor, "a@example.org", "b@example.org")
        call_command("send_campaigns", once=True)
        assert capsys.readouterr().out == "2 sent\n"
        call_command("send_campaigns", parent=1)  # its parent is gone: it ends at once
        assert capsys.readouterr().out == "0 sent\n"

    def test_it_looks_again_and_waits_longer_where_something_failed(self, editor, monkeypatch):
        outcomes, waits = [(1, ""), OperationalError("away"), (2, "TimeoutError")], []

        def send_ready(go_on, wait):
            outcome = outcomes.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(sending, "send_ready", send_ready)
        monkeypatch.setattr(sending.connection, "close", lambda: None)
        assert sending.run(go_on=lambda: bool(outcomes), wait=waits.append) == 3
        assert waits == [3, 30, 30]
        outcomes.append(OperationalError("away"))
        with pytest.raises(OperationalError):
            send()

    def test_what_it_is_doing(self, editor):
        campagne = queued(editor, "a@example.org")
        assert sending.doing(campagne) == sending.Sending.GOING
        Campagne.objects.update(lancee_le=timezone.now() - timedelta(minutes=3))
        campagne.refresh_from_db()
        assert sending.doing(campagne) == sending.Sending.ABSENT
        campagne.envois.update(pas_avant=timezone.now() + timedelta(minutes=5), echec="adresse")
        assert sending.doing(campagne) == sending.Sending.LATER
        campagne.envois.update(pas_avant=None, echec="", essaye_le=timezone.now())
        assert sending.doing(campagne) == sending.Sending.GOING


class TestUncertain:
    def test_never_tried_again_by_itself(self, office, editor):
        campagne = queued(editor, "coupe@example.org")
        envoi = campagne.envois.get()
        assert (send(), send(), office.to()) == (0, 0, ["coupe@example.org"])
        sending.settle(envoi, arrived=False)
        assert (send(), office.to()) == (0, ["coupe@example.org"] * 2)
        sending.settle(envoi, arrived=True)
        envoi.refresh_from_db()
        assert (envoi.tente_le, bool(envoi.envoye_le), envoi.relance_le) == (None, True, None)
        with pytest.raises(ValidationError, match="n'est plus incertain"):
            sending.settle(envoi, arrived=False)

    def test_an_uncertain_reminder_is_a_reminder(self, office, editor):
        campagne = queued(editor, "coupe@example.org")
        campagne.envois.update(envoye_le=timezone.now(), relance_demandee_le=timezone.now())
        envoi = campagne.envois.get()
        assert send() == 0
        envoi.refresh_from_db()
        sending.settle(envoi, arrived=True)
        envoi.refresh_from_db()
        assert (bool(envoi.relance_le), send()) == (True, 0)


def test_behind_a_pooler_nothing_leaves(settings):
    """The lock of an e-mail is that of a connection, which a pooler gives to others between two transactions."""
    settings.DATABASE_POOLER = "transaction"
    with pytest.raises(ValidationError, match="sans intermédiaire"):
        sending.run(once=True)


class TestTwoAtOnce:
    """What was committed is seen by another session, another process."""

    @pytest.fixture(autouse=True)
    def committed(self, db):
        with committing():
            yield

    @pytest.fixture
    def campagne(self, editor_committed):
        return queued(editor_committed, *(f"{letter}@example.org" for letter in "abc"))

    @pytest.fixture
    def editor_committed(self, committed, django_user_model):
        return django_user_model.objects.create_superuser("cheffe", password="x" * 20)

    def test_two_senders_never_send_the_same(self, campagne):
        """Fails without the lock that skips, or when an e-mail is not taken before it leaves."""
        with stopped(send, "initiatives.hearing.sending.letter") as one:
            assert send() == 2
        assert one.result == 1
        assert sorted(message.to[0] for message in mail.outbox) == [f"{letter}@example.org" for letter in "abc"]

    def test_two_that_begin_at_the_same_e_mail(self, campagne):
        """Fails without FOR UPDATE, where both take the first, and if one asks again for what the other holds."""
        with stopped(send, "initiatives.hearing.sending.hold") as one:
            assert send() == 2
        assert one.result == 1
        assert sorted(message.to[0] for message in mail.outbox) == [f"{letter}@example.org" for letter in "abc"]

    def test_what_is_leaving_is_not_settled(self, campagne):
        """Fails without the lock that the sender holds: somebody would send it a second time."""
        with stopped(send, "initiatives.hearing.sending.letter") as one:
            envoi = campagne.envois.exclude(tente_le=None).get()
            assert sending.leaving() == {envoi.pk}
            browser = session(campagne.creee_par)
            campagne.envois.exclude(pk=envoi.pk).update(courriel="")
            page = browser.get(f"/admin/initiatives/campagne/{campagne.pk}/change/?suivre=1")
            told = {row.pk: state for row, state in page.context["envois"]}
            assert (told[envoi.pk], page.context["incertains"]) == ("part à l'instant", [])
            assert (page.context["suivre"], page.context["faits"], page.context["tous"]) == (True, 0, 1)
            with pytest.raises(ValidationError, match="en train de partir"):
                sending.settle(envoi, arrived=False)
        assert (one.result, sending.leaving()) == (1, set())

    def test_launched_by_two_clicks(self, editor_committed):
        """Fails without the lock of the campaigns: both would write the e-mails down."""
        reachable(pipq="a@example.org")
        campagne = Campagne.objects.create(nom="Essai", creee_par=editor_committed)
        mark = campaigns.plan(campagne).mark

        def click():
            return campaigns.launch(campagne, editor_committed, mark, set())

        with stopped(click, "initiatives.hearing.campaigns.plan") as one:
            two = Session(click)
            two.start()
            assert two.waits_for(one)
        two.join()
        assert one.result == 1
        assert "déjà lancée" in " ".join(two.result.messages)
        assert (send(), send()) == (1, 0)

    def test_two_campaigns_launched_at_once_write_once_to_an_organisation(self, editor_committed):
        """Fails where only the campaign itself is locked."""
        reachable(pipq="a@example.org")
        rows = [Campagne.objects.create(nom=nom, creee_par=editor_committed) for nom in ("Une", "Autre")]
        marks = [campaigns.plan(row).mark for row in rows]
        clicks = [
            lambda row=row, mark=mark: campaigns.launch(row, editor_committed, mark, set())
            for row, mark in zip(rows, marks, strict=True)
        ]
        with stopped(clicks[0], "initiatives.hearing.campaigns.plan") as one:
            two = Session(clicks[1])
            two.start()
            assert two.waits_for(one)
        two.join()
        assert one.result == 1
        assert "a changé" in " ".join(two.result.messages)

    def test_killed_in_the_middle_nobody_twice_and_nobody_forgotten(self, editor_committed, settings):
        """kill -9 while the server has the second e-mail and has not answered."""
        office = Office()
        office.patience = 8
        controller = opened(office, settings)
        try:
            campagne = queued(editor_committed, "a@example.org", "lent@example.org", "c@example.org", "d@example.org")
            process = background(settings)
            until(lambda: "lent@example.org" in office.to())
            assert sending.leaving() == {campagne.envois.get(courriel="lent@example.org").pk}
            process.send_signal(signal.SIGKILL)
            process.wait()
            until(lambda: sending.leaving() == set())
            assert states(campagne) == {
                "a@example.org": SENT,
                "lent@example.org": UNCERTAIN,
                "c@example.org": WAITS,
                "d@example.org": WAITS,
            }
            assert background(settings).wait(60) == 0
            assert sorted(office.to()) == ["a@example.org", "c@example.org", "d@example.org", "lent@example.org"]
            assert list(states(campagne).values()) == [SENT, UNCERTAIN, SENT, SENT]
        finally:
            controller.stop()


def background(settings):
    """The command in a process of its own."""
    environment = os.environ | {
        "REPERTOIRE_ENV": "development",
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]),
        "EMAIL_HOST": settings.EMAIL_HOST,
        "EMAIL_PORT": str(settings.EMAIL_PORT),
        "EMAIL_USE_TLS": "0",
    }
    command = [sys.executable, "manage.py", "send_campaigns", "--once"]
    return subprocess.Popen(command, cwd=site.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603


def until(seen, seconds=60):
    """Waits for what another process does."""
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_reminder_leaves_once(editor):
    campagne = queued(editor, "a@example.org")
    send()
    campagne.envois.update(envoye_le=timezone.now() - timedelta(days=21))
    envoi = campagne.envois.get()
    assert campaigns.remind(campagne, {envoi.pk}) == 1
    assert (send(), send()) == (1, 0)
    with pytest.raises(ValidationError, match="a changé"):
        campaigns.remind(campagne, {envoi.pk})
    assert "notre seul rappel" in mail.outbox[1].body
    assert "our only reminder" in mail.outbox[1].body


def test_launched_is_launched(editor):
    reachable(pipq="a@example.org")
    assert launched(editor).lancee_par == editor
