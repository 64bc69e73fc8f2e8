"""What the service does by itself is noted: the last success and the last failure of each task."""

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from initiatives.core.enums import Tache
from initiatives.core.versioned import data_version
from initiatives.core.watching import runs
from initiatives.hearing import sending
from initiatives.management.commands import erase_contacts as erasing
from initiatives.models import Execution

from .refused import failing

pytestmark = pytest.mark.django_db


def noted() -> list[tuple]:
    return list(Execution.objects.order_by("tache", "reussi").values_list("tache", "reussi", "duree_s", "detail"))


def test_a_script_notes_how_it_ended():
    before = data_version()
    call_command("record_run", "sauvegarde", "--seconds", "12.5", "--detail", "41 Mo")
    call_command("record_run", "sauvegarde", "--failed", "--detail", "disque plein")
    call_command("record_run", "exercice")
    assert noted() == [
        ("exercice", True, None, ""),
        ("sauvegarde", False, None, "disque plein"),
        ("sauvegarde", True, 12.5, "41 Mo"),
    ]
    first = Execution.objects.get(tache="sauvegarde", reussi=True).fini_le
    call_command("record_run", "sauvegarde", "--seconds", "9", "--detail", "x" * 300)
    assert noted()[2] == ("sauvegarde", True, 9, "x" * 200)
    assert Execution.objects.get(tache="sauvegarde", reussi=True).fini_le > first
    assert data_version() == before


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e400", "-5", "vite"])
def test_a_duration_that_is_none_is_refused(seconds):
    """It would be in the metrics."""
    with pytest.raises(CommandError, match="--seconds"):
        call_command("record_run", "sauvegarde", f"--seconds={seconds}")
    assert noted() == []


@pytest.mark.parametrize("days", ["-1", "99999", "999999999", "x"])
def test_a_number_of_days_that_is_none_erases_nothing(days):
    with pytest.raises(CommandError, match="--days"):
        call_command("erase_contacts", f"--days={days}")
    assert noted() == []


def test_a_task_that_is_not_one_is_refused():
    with pytest.raises(CommandError, match="sauvegarde"):
        call_command("record_run", "menage")


def test_erasing_notes_itself(capsys):
    call_command("erase_contacts")
    ((task, succeeded, seconds, detail),) = noted()
    assert (task, succeeded, detail) == ("effacement", True, "propositions : 0, signalements : 0")
    assert seconds > 0


def test_erasing_that_fails_says_its_kind_alone(monkeypatch):
    def fails(days):
        raise ValueError("motsecret")

    monkeypatch.setattr(erasing, "erase_contacts", fails)
    with pytest.raises(ValueError, match="motsecret"):
        call_command("erase_contacts")
    assert [(task, succeeded, detail) for task, succeeded, _seconds, detail in noted()] == [
        ("effacement", False, "ValueError")
    ]


def test_without_a_database_what_failed_first_is_what_is_said():
    def fails():
        with failing("57P01", "terminating connection"), runs.recorded(Tache.EXPORT):
            raise KeyError("first")

    with pytest.raises(KeyError, match="first"):
        fails()


class TestTheSignOfAWorker:
    def test_it_is_given_once_and_again_when_it_is_old_or_says_something_else(self, monkeypatch):
        now = [0.0]
        monkeypatch.setattr(runs, "monotonic", lambda: now[0])
        sign, told = runs.Sign(Tache.COURRIELS), []
        monkeypatch.setattr(runs, "record", lambda task, succeeded, detail: told.append((now[0], succeeded, detail)))
        for now[0], said in [(0, ""), (59, ""), (60, ""), (61, "TimeoutError"), (62, "TimeoutError"), (63, "")]:
            sign.give(not said, said)
        assert told == [(0, True, ""), (60, True, ""), (61, False, "TimeoutError"), (63, True, "")]

    def test_whoever_sends_e_mails_gives_it(self, monkeypatch):
        call_command("send_campaigns", once=True)
        assert noted() == [("courriels", True, None, "")]
        monkeypatch.setattr(sending, "send_ready", lambda go_on, wait: (0, "ConnectionRefusedError"))
        call_command("send_campaigns", once=True)
        assert noted()[0] == ("courriels", False, None, "ConnectionRefusedError")

    def test_a_database_that_is_away_stops_no_worker(self, monkeypatch, caplog):
        def away(*args, **kwargs):
            raise OperationalError("away")

        monkeypatch.setattr(sending, "send_ready", lambda go_on, wait: (0, ""))
        monkeypatch.setattr(sending.connection, "close", lambda: None)
        monkeypatch.setattr(runs, "record", away)
        turns = iter([True, True, False])
        assert sending.run(go_on=lambda: next(turns), wait=lambda seconds: None) == 0
        assert "The database failed while e-mails left: OperationalError" in caplog.text
