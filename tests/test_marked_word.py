"""A marked word is sent through each failure, and looked for wherever something is written."""

import json
import re
import threading
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection

from initiatives.core.watching import telling
from initiatives.models import Execution, Panne

from .doors import door
from .failing import Server
from .production import ROOT, ask, free_port
from .sessions import committing

WORD = "motquetzalcoatl"
# In every request: what a browser says of itself and of where it comes from.
SAID = [f"{name}: {WORD}" for name in ("User-Agent", "Referer", "X-Request-Id", "X-Forwarded-For", "Cookie", "Origin")]
HERE = ["Host: 127.0.0.1", *SAID]
FORM = "Content-Type: application/x-www-form-urlencoded"
# What is asked → the status of the answer.
ASKED = {
    f"GET /initiatives/?q={WORD}": 200,
    f"GET /initiatives/?region={WORD}": 400,
    f"GET /initiatives.csv?{WORD}={WORD}": 400,
    f"GET /{WORD}/": 404,
    f"GET /verification/{WORD}/": 410,
    f"GET /panne/?q={WORD}": 500,
    f"GET /hors-de-django/?q={WORD}": 500,
    f"GET /base/lente/?q={WORD}": 503,
    f"GET /base/doublon/?q={WORD}": 500,
    f"GET /base/nombre/?q={WORD}": 500,
    f"GET /base/coupee/?q={WORD}": 503,
    f"GET /flux/?q={WORD}": 200,
    f"POST /admin/login/?next={WORD}": 403,
    f"POST /proposer/?{WORD}={WORD}": 200,
    f"{WORD.upper()} /": 405,
}


def exchange(server: Server, line: str, length: int | None = None) -> int:
    body = f"q={WORD}&titre={WORD}&username={WORD}&password={WORD}" if line.startswith("POST") else ""
    answer = server.says(f"{line} HTTP/1.1", *HERE, *[FORM] * bool(body), body=body, length=length)
    return int(re.match(r"HTTP/1\.1 (\d+)", answer)[1])


def settings_of_the_docs(database: str) -> None:
    """What deploy/postgresql.conf says of the logs, for the database of the test alone."""
    text = (ROOT / "deploy/postgresql.conf").read_text("utf-8")
    with connection.cursor() as cursor:
        for name, value in re.findall(r"^(log_\w+) = (\S+)", text, re.MULTILINE):
            cursor.execute(f"ALTER DATABASE \"{database}\" SET {name} = '{value}'")


def log_of_the_database() -> Path:
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        return Path(cursor.fetchone()[0], "log")


def crossed(server: Server) -> list[int]:
    """Two who lock the same things the other way round: one of them is refused."""
    found = []
    paths = (f"GET /base/croisee/?q={WORD}", f"GET /base/croisee/?un=1&q={WORD}")
    threads = [threading.Thread(target=lambda path=path: found.append(exchange(server, path))) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_it_is_written_nowhere(transactionless, tmp_path, settings):
    settings.ADMINS = [("a@example.org", "a@example.org")]
    settings_of_the_docs(connection.settings_dict["NAME"])
    theirs, port = log_of_the_database(), free_port()
    before = theirs.stat().st_size if theirs.exists() else 0
    with door() as way:
        server = Server(tmp_path / "log", DATABASE_URL=way.address, METRICS_BIND=f"127.0.0.1:{port}")
        try:
            assert {line: exchange(server, line) for line in ASKED} == ASKED
            assert crossed(server) == [200, 503]
            assert exchange(server, f"POST /panne/?q={WORD}", length=3_000_000) == 413
            assert "400" in server.says(WORD, *HERE)
            way.shut()
            assert exchange(server, f"POST /proposer/?{WORD}={WORD}") == 503
            metrics = ask(port, "/metrics")[1]
        finally:
            log = server.stop()
    assert telling.tell()
    written = {
        "log": log,
        "metrics": metrics,
        "mail": mail.outbox[0].body + mail.outbox[0].subject,
        "tables": str([*Panne.objects.values(), *Execution.objects.values()]),
        "database": theirs.read_text()[before:] if theirs.exists() else "",
    }
    assert {place for place, text in written.items() if WORD in text.lower()} == set()
    what_was_noted(written)


def what_was_noted(written: dict) -> None:
    """It was not silence that kept the word out."""
    noted = set(Panne.objects.values_list("route", "nature"))
    assert noted == {
        ("panne", "builtins.KeyError"),
        ("base", "django.db.utils.IntegrityError"),
        ("base", "django.db.utils.DataError"),
        ("flux", "builtins.ValueError"),
    }
    assert all(kind in written["mail"] for _route, kind in noted)
    said = {line["message"] for line in map(json.loads, written["log"].splitlines())}
    assert {line for line in said if "the database failed" in line} >= {
        "GET base: the database failed: QueryCanceled 57014: canceling statement due to statement timeout",
        "GET base: the database failed: DeadlockDetected 40P01: deadlock detected",
    }
    assert 'route="base",statut="5xx"' in written["metrics"]


@pytest.fixture
def transactionless(db):
    with committing():
        yield
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" RESET ALL')
