"""Who runs the site is told what broke and what is late: once, at most once an hour, and never a word of a visitor."""

import os
import secrets
from datetime import timedelta
from types import SimpleNamespace

import psycopg
import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from initiatives.core.database.servers import Server, Servers
from initiatives.core.enums import Tache
from initiatives.core.versioned import PRESENT
from initiatives.core.watching import runs, standby, state, telling
from initiatives.hearing import sending
from initiatives.models import Execution, Panne
from repertoire import life

from .production import database_address
from .refused import failing
from .sessions import committing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_faults")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def admins(settings, tmp_path, monkeypatch):
    settings.ADMINS = [("a@example.org", "a@example.org"), ("b@example.org", "b@example.org")]
    monkeypatch.setattr(telling.tempfile, "gettempdir", lambda: str(tmp_path))


@pytest.fixture
def well():
    """Everything that is to run has run."""
    for task in Tache:
        if task != Tache.ANNONCE:
            runs.record(task)


def fault(**values) -> Panne:
    now = timezone.now()
    known = {
        "route": "accueil",
        "nature": "builtins.KeyError",
        "endroit": "initiatives.views.pages:12",
        "version": "v1",
    }
    return Panne.objects.create(**{**known, "premiere_le": now, "derniere_le": now, **values})


def earlier(span: timedelta) -> None:
    """All that was told was told so long before."""
    for row in Execution.objects.filter(tache=Tache.ANNONCE):
        Execution.objects.filter(pk=row.pk).update(fini_le=row.fini_le - span)
    for row in Panne.objects.exclude(annoncee_le=None):
        Panne.objects.filter(pk=row.pk).update(annoncee_le=row.annoncee_le - span, derniere_le=row.derniere_le - span)


def test_a_new_fault_is_told_once(well):
    fault(nombre=3)
    fault(route="aide", reglee_le=timezone.now())
    assert telling.tell()
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["a@example.org", "b@example.org"], "Répertoire : 1 panne")
    for said in ("builtins.KeyError", "adresse : accueil", "initiatives.views.pages:12", "fois : 3", "version : v1"):
        assert said in message.body
    assert "aide" not in message.body
    assert not telling.tell()
    earlier(HOUR)
    assert not telling.tell()
    assert len(mail.outbox) == 1


def test_one_e_mail_an_hour_and_the_next_tells_what_came_meanwhile(well):
    first = fault()
    assert telling.tell()
    fault(route="aide")
    Panne.objects.filter(pk=first.pk).update(derniere_le=timezone.now(), nombre=2)
    assert not telling.tell()
    Execution.objects.filter(tache=Tache.ANNONCE).update(fini_le=timezone.now() - timedelta(minutes=58))
    assert not telling.tell()
    Execution.objects.filter(tache=Tache.ANNONCE).update(fini_le=timezone.now() - HOUR)
    assert telling.tell()
    assert mail.outbox[1].subject == "Répertoire : 2 pannes"


@pytest.mark.parametrize(
    ("task", "age", "need"),
    [
        ("sauvegarde", timedelta(hours=25), ""),
        ("sauvegarde", timedelta(hours=27), "retard"),
        ("exercice", timedelta(days=34), ""),
        ("exercice", timedelta(days=36), "retard"),
        ("effacement", timedelta(hours=49), ""),
        ("effacement", timedelta(hours=51), "retard"),
        ("courriels", timedelta(days=400), ""),
        ("export", timedelta(days=400), ""),
    ],
)
def test_when_a_task_is_late(well, task, age, need):
    Execution.objects.filter(tache=task).update(fini_le=timezone.now() - age)
    assert {told.tache: told.besoin for told in state.tasks() if told.besoin} == ({task: need} if need else {})


def test_what_was_never_done_is_late_and_what_failed_since_needs_somebody(old_site):
    assert {told.tache: told.besoin for told in state.tasks() if told.besoin} == dict.fromkeys(state.LATE, "jamais")
    runs.record(Tache.SAUVEGARDE, False, detail="disque plein")
    (backup,) = [told for told in state.tasks() if told.tache == Tache.SAUVEGARDE]
    assert (backup.besoin, "disque plein" in backup.phrase) == ("echec", True)
    runs.record(Tache.SAUVEGARDE)
    assert "sauvegarde" not in {told.tache for told in state.tasks() if told.besoin}


def test_a_late_task_is_told_at_once_then_once_a_day(well):
    assert not telling.tell()
    Execution.objects.filter(tache=Tache.SAUVEGARDE).update(fini_le=timezone.now() - 2 * DAY)
    assert telling.tell()
    assert mail.outbox[0].subject == "Répertoire : 1 tâche à voir"
    assert "Sauvegarde : en retard" in mail.outbox[0].body
    earlier(23 * HOUR)
    assert not telling.tell()
    earlier(DAY)
    assert telling.tell()
    runs.record(Tache.SAUVEGARDE)
    earlier(HOUR)
    assert not telling.tell()
    Execution.objects.filter(tache=Tache.SAUVEGARDE).update(fini_le=timezone.now() - 2 * DAY)
    assert telling.tell()  # late again is news


@pytest.fixture
def lost(monkeypatch):
    """The server of the reads is one that lacks the last change: a copy that lost the primary."""
    name = f"standby_{secrets.token_hex(4)}"
    with psycopg.connect(database_address(), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        address = make_conninfo(database_address(), dbname=name)
        with psycopg.connect(address) as copy:
            copy.execute("CREATE TABLE initiatives_versiondonnees AS SELECT 0 AS numero, now() AS modifiee_le")
        pair = [Server("", conninfo_to_dict(way), {}, lambda made: False) for way in (database_address(), address)]
        monkeypatch.setattr(standby, "connection", SimpleNamespace(pool=Servers(*pair)))
        monkeypatch.setattr(standby, "_LACKED", None)
        yield address
        life.leave_copy(False)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_a_copy_that_stands_still_is_told(well, lost, monkeypatch):
    """It answers, and nothing else says that visitors read what was true before."""
    monkeypatch.setattr(standby, "LATE", DAY * 36500)
    assert not telling.tell()
    monkeypatch.setattr(standby, "LATE", timedelta(0))
    assert telling.tell()
    assert mail.outbox[0].subject == "Répertoire : 1 tâche à voir"
    assert "La copie que lisent les visiteurs ne suit plus" in mail.outbox[0].body
    earlier(2 * HOUR)
    assert not telling.tell()
    earlier(DAY)
    assert telling.tell()


def test_a_copy_that_has_the_last_change_is_not_late(lost):
    assert standby.behind() > timedelta(0)
    with psycopg.connect(lost) as copy, psycopg.connect(database_address()) as server:
        written = server.execute(PRESENT).fetchone()
        copy.execute("UPDATE initiatives_versiondonnees SET numero = %s, modifiee_le = %s", written)
    assert standby.behind() == timedelta(0)


def test_a_copy_that_stands_still_while_others_write_grows_no_younger(lost):
    """Fails where the last change alone counts: what was withdrawn would be read for as long as others save."""
    with psycopg.connect(database_address(), autocommit=True) as server:
        before = server.execute(PRESENT).fetchone()
        late = standby.behind()
        try:
            server.execute("UPDATE initiatives_versiondonnees SET numero = numero + 1, modifiee_le = now()")
            assert standby.behind() >= late
            with psycopg.connect(lost) as copy:  # it follows, and lacks the last change alone
                copy.execute("UPDATE initiatives_versiondonnees SET numero = %s, modifiee_le = %s", before)
            assert standby.behind() < late
        finally:
            server.execute("UPDATE initiatives_versiondonnees SET numero = %s, modifiee_le = %s", before)


def test_of_a_copy_without_a_version_nothing_is_known(lost):
    with psycopg.connect(lost) as copy:
        copy.execute("DELETE FROM initiatives_versiondonnees")
    assert standby.behind() is None


def test_visitors_leave_a_copy_that_stays_behind_until_it_follows(lost, caplog, monkeypatch):
    """What was withdrawn is there still."""
    monkeypatch.setattr(standby, "TOO_LATE", timedelta(0))
    standby.watch()
    assert life.copy_is_left()
    monkeypatch.setattr(standby, "behind", lambda: None)  # nobody knows: as before
    standby.watch()
    assert life.copy_is_left()
    monkeypatch.setattr(standby, "behind", lambda: timedelta(0))
    standby.watch()
    standby.watch()
    assert not life.copy_is_left()
    assert caplog.messages == ["The copy stays behind: it is left.", "The copy follows again."]


@pytest.mark.parametrize(("seconds", "left"), [(10, False), (11, True)])
def test_a_copy_is_read_ten_seconds_behind_and_no_more(monkeypatch, seconds, left):
    monkeypatch.setattr(standby, "behind", lambda: timedelta(seconds=seconds))
    try:
        standby.watch()
        assert life.copy_is_left() is left
    finally:
        life.leave_copy(False)


@pytest.mark.parametrize(("minutes", "told"), [(5, False), (6, True)])
def test_somebody_is_told_after_five_minutes(monkeypatch, minutes, told):
    monkeypatch.setattr(standby, "behind", lambda: timedelta(minutes=minutes))
    assert standby.is_late() is told


def test_what_is_written_while_it_is_asked_makes_no_copy_late(monkeypatch):
    """The copy is asked first: what it had then is past once the other is asked, or the same."""
    asked = []

    class Asked:
        def __init__(self, name):
            self.name = name

        def connect(self):
            asked.append(self.name)
            raise psycopg.OperationalError

    pair = [Asked("writes"), Asked("reads")]
    monkeypatch.setattr(standby, "connection", SimpleNamespace(pool=Servers(*pair)))
    assert (standby.behind(), asked) == (None, ["reads"])


def test_a_copy_of_what_was_restored_away_is_late(lost):
    """It is ahead of the primary, and no change to come is for it."""
    with psycopg.connect(lost) as copy:
        copy.execute("UPDATE initiatives_versiondonnees SET numero = 2000000000")
    assert standby.behind() > timedelta(0)


def test_of_a_copy_that_is_away_nothing_is_known(monkeypatch):
    """The pages go to the other, and « serveur_absent » says so."""
    pair = [Server("", {"host": "127.0.0.1", "port": 1}, {}, None) for _n in range(2)]
    monkeypatch.setattr(standby, "connection", SimpleNamespace(pool=Servers(*pair)))
    assert (standby.behind(), standby.is_late()) == (None, False)


def test_an_e_mail_that_does_not_leave_is_told_with_the_next(well, monkeypatch):
    def refuses(self, messages):
        raise ConnectionRefusedError("a@example.org")

    fault()
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuses)
        with pytest.raises(CommandError, match=r"^The e-mail did not leave: ConnectionRefusedError$"):
            call_command("tell_faults")
    assert Execution.objects.get(tache=Tache.ANNONCE).detail == "ConnectionRefusedError"
    assert telling.tell()
    assert mail.outbox[0].subject == "Répertoire : 1 panne"  # that it did not leave is no news once it does


def test_a_fault_is_counted_while_an_e_mail_leaves(well, monkeypatch):
    """Fails where its row is held until the mail server has answered: each visitor who meets it would wait, and be
    waited for.
    """
    with committing():
        known, counted = fault(), []

        def slowly(self, messages):
            with psycopg.connect(database_address()) as other:
                other.execute("SET lock_timeout = '100ms'")
                other.execute("UPDATE initiatives_panne SET nombre = nombre + 1 WHERE id = %s", [known.pk])
                counted.append(known.pk)

        monkeypatch.setattr(EmailBackend, "send_messages", slowly)
        assert telling.tell()
    assert counted


def test_two_who_would_tell_at_once(well):
    """The timer and whoever sends the campaigns: fails without the lock."""
    fault()
    with psycopg.connect(database_address(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [telling.LOCK])
        assert not telling.tell()
        other.execute(
            "SELECT pg_advisory_unlock(%s)", [telling.LOCK]
        )  # a connection that closes lets go a moment later
    assert telling.tell()


def test_a_clock_that_was_wrong_silences_nobody(well, tmp_path):
    """A machine that started in another year: what it noted then is in a time to come."""
    runs.record(Tache.ANNONCE, detail="sauvegarde:retard")
    Execution.objects.all().update(fini_le=timezone.now() + 900 * DAY)
    assert {told.tache for told in state.tasks() if told.besoin} == {*state.LATE}
    Execution.objects.filter(tache__in=set(state.LATE) - {Tache.SAUVEGARDE}).update(fini_le=timezone.now())
    assert telling.tell()
    assert telling.tell_away("DiskFull")
    (stamp,) = tmp_path.iterdir()
    os.utime(stamp, (9e9, 9e9))
    assert telling.tell_away("DiskFull")
    assert not telling.tell_away("DiskFull")


def test_another_site_of_the_same_user_tells_for_itself(settings):
    assert telling.tell_away("DiskFull")
    settings.SITE_URL = "https://essai.example.org"
    assert telling.tell_away("DiskFull")


def test_a_database_without_its_tables_is_told(capsys):
    with failing("42P01", "relation motsecret does not exist"):
        call_command("tell_faults")
    assert capsys.readouterr().out == "told\n"
    assert "(UndefinedTable)" in mail.outbox[0].body


def test_nobody_to_tell(settings):
    fault()
    settings.ADMINS = []
    assert not telling.tell()
    with pytest.raises(CommandError, match="ADMINS"):
        call_command("tell_faults")
    assert mail.outbox == []


def test_a_database_that_is_away_is_told_once_an_hour(monkeypatch, capsys):
    def away():
        raise OperationalError("motsecret")

    def refuses(self, messages):
        raise ConnectionRefusedError

    monkeypatch.setattr(telling, "told", away)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuses)
        with pytest.raises(CommandError, match="did not leave"):
            call_command("tell_faults")
    call_command("tell_faults")
    call_command("tell_faults")
    assert capsys.readouterr().out == "told\nnothing to tell\n"
    (message,) = mail.outbox
    assert message.subject == "Répertoire : la base de données ne répond pas"
    assert "motsecret" not in message.body


def test_whoever_sends_the_campaigns_tells_too(well):
    fault()
    sending.run(once=True)
    assert [message.subject for message in mail.outbox] == ["Répertoire : 1 panne"]
