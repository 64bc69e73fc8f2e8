"""The two probes and the stop, on a real gunicorn: what the machine that watches the site is told, and when."""

import json
import selectors
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings as site

from repertoire import probes, worker

from .production import GUNICORN, PRODUCTION, answers, ask, database_address, free_port, serving

pytestmark = pytest.mark.django_db
ALIVE, READY = "/sante/vivant/", "/sante/pret/"
FILES_ABSENT = {"DJANGO_SETTINGS_MODULE": "tests.failing_settings"}


@contextmanager
def started(**variables):
    """A server on the database of the tests: (port, process)."""
    port = free_port()
    given = {"REPERTOIRE_ENV": "development", "SECRET_KEY": site.SECRET_KEY, "DATABASE_URL": database_address()}
    given |= {"WEB_PROCESSES": "1", "PORT": str(port)} | FILES_ABSENT | variables
    with serving(port, sys.executable, *GUNICORN, **given) as process:
        yield port, process


def probe(port, path=READY, **headers):
    """What the probe says: (status, state, cause)."""
    status, body, _headers = ask(port, path, **headers)
    said = json.loads(body)
    return status, said["etat"], said.get("cause", "")


@pytest.fixture
def elsewhere():
    """Somebody else's connection, in a transaction that is undone."""
    with psycopg.connect(database_address()) as connection:
        yield connection
        connection.rollback()


def test_without_a_database_it_lives_and_is_not_ready():
    port = free_port()
    variables = PRODUCTION | {"WEB_PROCESSES": "1", "PORT": str(port), "STOP_DELAY": "0"} | FILES_ABSENT
    with serving(port, sys.executable, *GUNICORN, **variables):
        assert probe(port, ALIVE, Host="n'importe.quoi") == (200, "vivant", "")
        assert probe(port, READY, Host="n'importe.quoi") == (503, "pas prêt", "base de données")
        status, _body, headers = ask(port, ALIVE)
        assert (status, headers["Cache-Control"], headers["Content-Type"]) == (200, "no-store", "application/json")
        assert "Set-Cookie" not in headers
        assert ask(port, ALIVE, data={})[0] == ask(port, READY, data={})[0] == 405


def test_ready_follows_the_database_and_its_migrations():
    with started() as (port, _process), psycopg.connect(database_address(), autocommit=True) as other:
        assert probe(port) == (200, "prêt", "")
        rows = other.execute("DELETE FROM django_migrations WHERE app = 'axes' RETURNING *").fetchall()
        try:
            assert probe(port) == (503, "pas prêt", "migrations")
        finally:
            other.cursor().executemany("INSERT INTO django_migrations VALUES (%s, %s, %s, %s)", rows)
        assert probe(port) == (200, "prêt", "")
        other.execute("ALTER TABLE django_migrations RENAME TO ailleurs")
        try:
            assert probe(port) == (503, "pas prêt", "migrations")
        finally:
            other.execute("ALTER TABLE ailleurs RENAME TO django_migrations")
        other.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('initiatives', '9999_later', now())")
        try:
            assert probe(port) == (200, "prêt", "")  # the code of before goes on while the next is put in place
        finally:
            other.execute("DELETE FROM django_migrations WHERE name = '9999_later'")


def test_a_database_that_says_nothing_is_not_waited_for(elsewhere):
    """The table of the migrations is locked by somebody who never ends."""
    with started() as (port, _process):
        elsewhere.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(5) as pool:
            assert set(pool.map(probe, [port] * 5)) == {(503, "pas prêt", "base de données")}
        assert probe(port, ALIVE) == (200, "vivant", "")
        elsewhere.rollback()
        while probe(port)[0] != 200:
            pass


def test_it_is_ready_once_what_visitors_would_wait_for_is_read(monkeypatch):
    """Where a start found no database it is read when the database is there, and once."""
    monkeypatch.setattr(probes, "missing", lambda server: "")
    could = iter([False, False, True])
    site = probes.Probes(None, lambda: next(could))
    assert [site.lacking() for _time in range(3)] == ["démarrage", "", ""]


def test_a_database_that_fails_a_probe_is_away_for_visitors_too():
    failed = []

    def connect():
        raise psycopg.OperationalError

    server = SimpleNamespace(connect=connect, fail=lambda: failed.append("failed"))
    assert (probes.missing(server), failed) == ("base de données", ["failed"])


@pytest.mark.parametrize(
    ("away", "said"), [((True, True), "base de données"), ((False, True), ""), ((True, False), "")]
)
def test_a_server_that_is_away_is_not_asked_and_one_is_enough(monkeypatch, away, said):
    every = [SimpleNamespace(breaker=SimpleNamespace(away=gone)) for gone in away]
    monkeypatch.setattr(probes, "connections", {"default": SimpleNamespace(pool=SimpleNamespace(all=every))})
    monkeypatch.setattr(probes, "missing", lambda server: "demandée" if server.breaker.away else "")
    assert probes.Probes(None, lambda: True).lacking() == said


def test_one_asks_for_all_who_wait(monkeypatch):
    """Else those who ask a database that hangs queue up, and the probe says so long after it came back."""
    asked, go = [], Event()

    class Hanging(probes.Probes):
        def ask(self):
            asked.append("asked")
            go.wait(20)

    monkeypatch.setattr(probes, "WAIT", 0.01)
    site = Hanging(None, lambda: True)
    assert [site.lacking() for _time in range(2)] == ["base de données"] * 2
    go.set()
    site.asker.submit(int).result()
    assert asked == ["asked"]


def test_a_probe_that_breaks_says_its_kind_alone(monkeypatch, caplog):
    def breaks(server):
        raise ValueError("motsecret")

    monkeypatch.setattr(probes, "missing", breaks)
    assert probes.Probes(None, lambda: True).lacking() == "erreur"
    assert caplog.messages == ["A probe failed: ValueError"]


def test_a_probe_may_ask_for_the_head_alone():
    told = []
    asked = {"PATH_INFO": ALIVE, "REQUEST_METHOD": "HEAD"}
    assert probes.Probes(None, lambda: True)(asked, lambda status, headers: told.append(status)) == []
    assert told == ["200 OK"]


def test_it_lives_while_every_thread_waits():
    """Each thread waits for the end of a form that never comes."""
    head = b"POST /proposer/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    with started(WEB_THREADS="4") as (port, _process):
        waiting = [socket.create_connection(("127.0.0.1", port)) for _n in range(4)]
        for found in waiting:
            found.sendall(head)
        assert probe(port, ALIVE) == (200, "vivant", "")
        assert probe(port, READY) == (200, "prêt", "")
        assert not any(closed(found) for found in waiting)
        for found in waiting:
            found.close()


@pytest.mark.parametrize(("path", "is_one"), [(ALIVE, True), (READY, True), (f"{READY}x", False), ("/", False)])
def test_the_threads_of_the_probes_are_theirs_alone(path, is_one):
    """What only begins like one is a visitor's."""
    assert f"GET {path} HTTP/1.1".encode().startswith(worker.PROBES) is is_one


def test_it_is_not_ready_before_it_stops():
    with started(STOP_DELAY="300") as (port, process):
        assert probe(port) == (200, "prêt", "")
        process.send_signal(signal.SIGTERM)
        while probe(port)[0] == 200:
            pass
        assert probe(port) == (503, "pas prêt", "arrêt")
        assert probe(port, ALIVE) == (200, "vivant", "")
        assert ask(port, "/")[0] == 200
        assert process.poll() is None  # the second SIGTERM, which `serving` sends, ends it
    assert not answers(port)


def test_who_says_nothing_takes_no_thread():
    """Connections that are open and silent leave the only threads to others."""
    with started(WEB_THREADS="2") as (port, _process):
        silent = [socket.create_connection(("127.0.0.1", port)) for _n in range(4)]
        assert ask(port, "/aide/")[0] == 200
        assert not any(closed(found) for found in silent)
        for found in silent:
            found.close()


def test_who_says_nothing_is_let_go_after_five_seconds(monkeypatch):
    """By gunicorn, which looks through those it waits for: what is open and silent does not pile up."""
    watched = []
    poller = SimpleNamespace(register=lambda sock, event, heard: watched.append((sock, event)))
    process = SimpleNamespace(pending_conns=[], poller=poller, on_pending_socket_readable=lambda conn, sock: None)
    silent = SimpleNamespace(sock=SimpleNamespace(setblocking=lambda blocks: None))
    monkeypatch.setattr(worker, "monotonic", lambda: 100.0)
    worker.Worker.wait_for_words(process, silent)
    assert (silent.timeout, process.pending_conns) == (105.0, [silent])
    assert watched == [(silent.sock, selectors.EVENT_READ)]


def closed(found) -> bool:
    """Whether the server let this connection go."""
    try:
        return found.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False


def test_a_process_is_replaced_after_so_many_requests():
    with started(PROCESS_GROUP="public", MAX_REQUESTS="5", WEB_PROCESSES="2") as (port, process):
        before = children(process.pid)
        assert [ask(port, "/aide/")[0] for _n in range(40)] == [200] * 40
        assert children(process.pid).isdisjoint(before)


def children(pid: int) -> set[str]:
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
