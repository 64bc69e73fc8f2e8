"""A release after another on real gunicorns: nobody sees it, and two never migrate at once."""

import os
import secrets
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import psycopg
import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.errors import LockNotAvailable

from initiatives.management.commands import upgrade as upgrading
from initiatives.management.commands.upgrade import KEY

from . import database
from .production import GUNICORN, ROOT, ask, database_address, environment
from .sessions import committing

pytestmark = pytest.mark.django_db
PATHS = ["/", "/initiatives/", "/initiatives/?q=fugue", "/initiatives/mobilis/", "/initiatives.json", "/sante/"]


@pytest.fixture
def copy():
    """The address of a database of this test alone, filled."""
    name = f"upgrade_{secrets.token_hex(4)}"
    with psycopg.connect(database_address(), autocommit=True) as server:
        template = sql.Identifier(database.filled())
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
        yield make_conninfo(database_address(), dbname=name)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def variables(address: str, release: str) -> dict[str, str]:
    given = {"REPERTOIRE_ENV": "development", "SECRET_KEY": site.SECRET_KEY, "DATABASE_URL": address}
    given |= {"WEB_PROCESSES": "2", "RESERVE": "none", "PROCESS_GROUP": "tout"}
    return environment(**given, DJANGO_SETTINGS_MODULE=f"tests.{release}_settings")


@contextmanager
def release(listener: socket.socket, address: str, settings: str):
    """gunicorn on a socket that somebody else holds, as systemd gives it (LISTEN_FDS)."""

    def hand_over():
        os.dup2(listener.fileno(), 3)
        os.set_inheritable(3, True)

    start = (
        "import os, sys; os.environ['LISTEN_PID'] = str(os.getpid()); os.environ['LISTEN_FDS'] = '1'; "
        "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", start, *GUNICORN],
        cwd=ROOT,
        env=variables(address, settings),
        preexec_fn=hand_over,
        close_fds=False,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def upgrade(address: str) -> str:
    command = [sys.executable, "manage.py", "upgrade"]
    result = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=variables(address, "later"), capture_output=True, text=True, timeout=120, check=True
    )
    return result.stdout


def test_a_release_takes_the_place_of_another_unseen(copy):
    """Old code, the database of the next, both codes, the new one alone: every answer meanwhile is a 200."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    port, over, statuses = listener.getsockname()[1], Event(), []

    def visit(start: int) -> None:
        turn = start
        while not over.is_set():
            statuses.append(ask(port, PATHS[turn % len(PATHS)])[0])
            turn += 1

    with Releases(listener, copy) as releases, ThreadPoolExecutor(6) as visitors:
        old = releases.start("failing")
        assert ask(port, "/sante/pret/")[0] == 200
        visits = [visitors.submit(visit, n) for n in range(6)]
        try:
            assert "initiatives.9999_later" in upgrade(copy)
            assert "Nothing to migrate" in upgrade(copy)
            assert ask(port, "/sante/pret/")[0] == 200
            releases.start("later")
            old.send_signal(signal.SIGTERM)
            old.wait(timeout=60)
            for _n in range(20):
                assert ask(port, "/initiatives/")[0] == 200
        finally:
            over.set()
        for done in visits:
            done.result()
    assert set(statuses) == {200}
    assert len(statuses) > 50


class Releases:
    """The releases that one address had, all stopped at the end."""

    def __init__(self, listener, address):
        self.listener, self.address, self.open = listener, address, []

    def __enter__(self):
        return self

    def start(self, settings: str):
        started = release(self.listener, self.address, settings)
        self.open.append(started)
        return started.__enter__()

    def __exit__(self, *error):
        for started in self.open:
            started.__exit__(None, None, None)
        self.listener.close()


def test_the_new_code_is_not_ready_before_its_migrations(copy):
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with release(listener, copy, "later"):
        status, body, _headers = ask(port, "/sante/pret/")
        assert (status, "migrations" in body) == (503, True)
        upgrade(copy)
        assert ask(port, "/sante/pret/")[0] == 200
    listener.close()


def test_a_second_upgrade_is_refused(capsys):
    with committing(), psycopg.connect(database_address()) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [KEY])
        with pytest.raises(CommandError, match="Another upgrade"):
            call_command("upgrade", wait=0)
    with committing():
        call_command("upgrade", wait=30)  # a connection that closes lets go a moment later
        assert connection.connection is None  # its lock goes with it
    assert "Nothing to migrate" in capsys.readouterr().out


def test_behind_a_pooler_nothing_is_upgraded(settings):
    """The lock of who upgrades is that of a connection, which a pooler gives to others."""
    settings.DATABASE_POOLER = "transaction"
    with pytest.raises(CommandError, match="PostgreSQL itself"):
        call_command("upgrade", wait=0)


@pytest.mark.parametrize(
    ("cause", "raised", "times"), [(LockNotAvailable(), CommandError, 3), (None, OperationalError, 1)]
)
def test_a_busy_table_alone_is_tried_again(monkeypatch, cause, raised, times):
    tried = []

    def fails(*args, **options):
        tried.append(args)
        raise OperationalError from cause

    monkeypatch.setattr(upgrading, "call_command", fails)
    monkeypatch.setattr(upgrading.time, "sleep", lambda seconds: None)
    with pytest.raises(raised):
        upgrading.Command().migrate(3)
    assert tried == [("migrate",)] * times


def test_a_busy_table_is_not_queued_for(copy):
    """Somebody reads the table for long: the migration gives up, says so, and leaves nothing."""
    with psycopg.connect(copy) as reader:
        reader.execute("SELECT 1 FROM initiatives_initiative LIMIT 1")
        command = [sys.executable, "manage.py", "upgrade", "--tries", "1"]
        result = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=variables(copy, "later"), capture_output=True, text=True, timeout=120
        )
        assert result.returncode == 1
        assert "A table stays busy" in result.stderr
        assert "initiatives.9999_later" in result.stderr
        reader.rollback()
        assert "Applied" in upgrade(copy)
