"""The database dies, hangs, comes back, or is two: what visitors and editors get, from gunicorn, through a door."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from psycopg.pq import TransactionStatus
from psycopg_pool import PoolClosed, PoolTimeout

from initiatives.core import limits
from initiatives.core.database import again, breaker, servers
from initiatives.core.database.breaker import AwayError, Breaker
from initiatives.core.database.servers import Purpose, Server, Servers, taken_for
from initiatives.middleware import Bounds
from initiatives.models import LigneAide
from initiatives.views import stale
from initiatives.views.public import kept, public_form

from .doors import door
from .production import GUNICORN, PRODUCTION, ask, collect_static_files, database_address, free_port, serving

pytestmark = pytest.mark.django_db
FICHE = "/initiatives/les-survivantes/"
STALE = "Le site est coupé de ses données pour un moment."


@contextmanager
def site(**variables):
    """One process of the site, and its port."""
    collect_static_files()
    port = free_port()
    variables = PRODUCTION | {
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "0",
        "WEB_PROCESSES": "1",
        "PORT": str(port),
        **variables,
    }
    with serving(port, sys.executable, *GUNICORN, **variables):
        yield port


def is_fresh(port: int, path: str) -> bool:
    status, page, _headers = ask(port, path)
    return status == 200 and STALE not in page


def eventually(check) -> None:
    """What becomes true by itself; the time limit of the suite says when it does not."""
    while not check():
        pass


@pytest.fixture(scope="module")
def one(django_db_setup):
    """(door, port) of a site with one server."""
    with door() as way, site(DATABASE_URL=way.address) as port:
        yield way, port


@pytest.fixture(scope="module")
def two(django_db_setup):
    """(door of the writes, door of the reads, port)."""
    with door() as writes, door() as reads, site(DATABASE_URL=writes.address, DATABASE_READ_URL=reads.address) as port:
        yield writes, reads, port


@pytest.mark.parametrize("way_it_fails", ["shut", "jam"])
def test_a_server_that_dies_or_hangs_and_comes_back(one, way_it_fails):
    """What was asked before is answered, and says how old it is; all else has help; then all is as before."""
    way, port = one
    for path in (FICHE, "/initiatives.json", "/aide/"):
        assert ask(port, path)[0] == 200
    getattr(way, way_it_fails)()
    status, page, headers = ask(port, FICHE)
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    before, _line, after = page.partition(STALE)
    assert "<main" not in before
    assert 'href="/aide/"' in before[before.index('class="perime"') :]
    assert re.match(r"\s+Cette page dit ce qu.{1,6}elles étaient le \w+ \w+ \d{4}, \d\d h \d\d\.", after)
    assert "Les Survivantes" in after
    status, body, headers = ask(port, "/initiatives.json")
    assert (status, headers["Warning"], body[0]) == (200, '110 - "Response is Stale"', "{")
    assert ("ETag" in headers, "Last-Modified" in headers) == (False, False)  # it is not what the data say now
    for path in ("/proposer/", "/initiatives/?q=fugue", "/initiatives.csv"):
        status, _page, headers = ask(port, path)
        assert (path, status, headers["Retry-After"]) == (path, 503, "60")
    page = ask(port, "/en/proposer/")[1]
    assert ("1 888 933-9007" in page, "can still be read" in page) == (True, True)
    status, page, _headers = ask(port, "/proposer/", {"titre": "Un titre <tapé>"})
    assert (status, "Un titre &lt;tapé&gt;" in page, "dans une minute" in page) == (503, True, True)
    way.shut()
    way.unlock()
    eventually(lambda: is_fresh(port, FICHE))
    assert ask(port, f"{FICHE}?discret=1")[0] == 200


def test_backends_that_are_ended_are_not_noticed(django_db_setup):
    """An upkeep, a restart: every connection dies between two requests, or under one, and nobody gets an error."""
    with site(DATABASE_URL=database_address() + " application_name=essai") as port:
        paths = [
            FICHE,
            "/initiatives/?q=fugue",
            "/admin/login/",
            "/initiatives.csv",
            "/proposer/",
            "/initiatives/?region=",
        ]
        for path in paths:
            ask(port, path)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'essai'"
                )
                assert cursor.fetchone()[0]
            assert (path, ask(port, path)[0]) == (path, 200)


def test_help_is_answered_by_a_process_that_never_saw_the_database(django_db_setup):
    """A dead database, and a start: nothing was kept, and the help lines are there all the same."""
    with site(DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing") as port:
        for path in ("/aide/", "/", FICHE):
            status, page, _headers = ask(port, path)
            assert status == 503
            assert "se lisent encore" not in page
            assert all(line.nom in page for line in LigneAide.objects.affichees()[:2])


class TestTwoServers:
    def test_whoever_reads_is_content_with_the_other(self, two):
        _writes, reads, port = two
        reads.shut()
        assert is_fresh(port, "/initiatives/?region=laval")
        reads.unlock()

    def test_visitors_do_not_notice_that_nothing_can_be_written(self, two):
        writes, _reads, port = two
        ask(port, "/proposer/", {"titre": "x"})
        writes.shut()
        eventually(lambda: is_fresh(port, "/initiatives/?region=montreal"))
        assert ask(port, "/initiatives/?region=montreal&q=fugue")[0] == 200
        assert ask(port, "/proposer/", {"titre": "Gardé"})[0] == 503
        writes.unlock()
        eventually(lambda: ask(port, "/proposer/", {"titre": "Gardé"})[0] != 503)


def test_one_that_slept_is_asked_and_begins_nothing():
    """Given back in the middle of a transaction, it is no longer in autocommit: Django would refuse it."""
    server = connection.pool.writes
    with limits.limited(limits.PUBLIC):
        taken = server.take()
        try:
            taken.autocommit = False
            taken.used, taken.proven = float("-inf"), False
            assert taken.answers()
            assert taken.pgconn.transaction_status == TransactionStatus.IDLE
            assert taken.proven
        finally:
            taken.autocommit = True
            taken._pool.putconn(taken)


def test_a_command_waits_as_long_as_it_must():
    """On a connection that a request had, too."""
    had = SimpleNamespace(bound=2.4)
    server = Server("essai", {}, {}, None)
    server.kept = SimpleNamespace(getconn=lambda: had)
    assert server.take() is had
    assert had.bound is None


def test_no_connection_of_before_is_taken_after_a_failure():
    """Fails where the pool of a server that failed is kept: its other connections may be dead, or those of a copy."""
    known = connection.pool.writes
    server = Server("essai", known.parameters, known.options, known.configure)
    with limits.limited(limits.PUBLIC):
        before = server.take()
        before._pool.putconn(before)
        server.fail()
        eventually(lambda: not server.breaker.away)
        after = server.take()
    assert after is not before
    after._pool.putconn(after)
    server.drop()


def test_a_pool_that_was_thrown_away_says_nothing_of_the_server():
    """Fails where who waited in it has the next one thrown away too, and who waits in that one the next."""
    known = connection.pool.writes
    server = Server("essai", known.parameters, known.options | {"max_size": 1, "timeout": 60}, known.configure)

    def waits():
        with limits.limited(limits.PUBLIC):
            return server.take()

    with limits.limited(limits.PUBLIC), ThreadPoolExecutor(1) as thread:
        taken, old = server.take(), server.kept
        waiting = thread.submit(waits)
        eventually(lambda: old.get_stats()["requests_waiting"])
        server.drop()
        present = server.pool
        met = waiting.exception()
        taken._pool.putconn(taken)
        left = server.kept
        server.drop()
    assert isinstance(met, PoolClosed)
    assert (left, server.breaker.away) == (present, False)


def test_a_server_that_nobody_can_enter_is_asked_no_more():
    known = connection.pool.writes
    nowhere = {"host": "127.0.0.1", "port": str(free_port())}
    server = Server("essai", known.parameters | nowhere, known.options, known.configure)
    with limits.limited(limits.PUBLIC):
        for expected in (PoolTimeout, AwayError):
            with pytest.raises(expected):
                server.take()
    server.drop()


@pytest.mark.parametrize(("atomic", "lost", "tries"), [(False, True, 2), (True, True, 1), (False, False, 1)])
def test_what_only_reads_is_begun_again_where_nothing_else_hangs_on_it(atomic, lost, tries, monkeypatch):
    """Not in a transaction, whose first half is gone with its connection; nor for another reason."""
    asked = []
    dead = SimpleNamespace(in_atomic_block=atomic, close=lambda: None)
    monkeypatch.setattr(again, "connection", dead)
    monkeypatch.setattr(again, "lost", lambda: lost)

    def work():
        asked.append(1)
        raise OperationalError

    with pytest.raises(OperationalError):
        again.once_more(work)
    assert len(asked) == tries


def test_a_view_that_the_database_refuses_is_not_asked_twice():
    """A list that took too long would take as long again."""
    asked = []

    def view(request):
        asked.append(1)
        raise OperationalError

    with pytest.raises(OperationalError):
        kept(RequestFactory().get("/initiatives/"), view, (), {})
    assert asked == [1]


def test_a_stream_is_not_begun_without_the_database():
    """It would be cut where it asks for more."""
    assert stale.from_memory(None, lambda request: StreamingHttpResponse([b"a"]), (), {}) is None


@contextmanager
def jammed(allowed: limits.Limits):
    """(door, server behind it, a connection taken before it was jammed)."""
    known = connection.pool.writes
    with door() as way, limits.limited(allowed):
        there = {"host": "127.0.0.1", "port": str(way.port)}
        server = Server("essai", known.parameters | there, known.options, known.configure)
        taken = server.take()
        way.jam()
        yield way, server, taken
        server.drop()


def test_a_server_that_says_nothing_is_asked_no_more(monkeypatch):
    """One statement without an answer: its connection is closed, and nobody after it waits."""
    with jammed(limits.Limits(3_600_000, 0)) as (way, server, taken):  # an hour: its first statement has far less
        monkeypatch.setattr(servers, "FIRST_ANSWER", 0.01)
        with pytest.raises(psycopg.OperationalError):
            taken.execute("SELECT 1")
        assert (taken.closed, server.breaker.away) == (True, True)
        with pytest.raises(AwayError):
            server.take()
        way.shut()
        way.unlock()
        eventually(lambda: not server.breaker.away)


def test_nobody_asks_beside_one_who_hears_nothing(monkeypatch):
    """It is not known yet that the server hangs: one waits for it, and the next are told at once."""
    with jammed(limits.PUBLIC) as (way, server, taken), ThreadPoolExecutor(1) as thread:
        monkeypatch.setattr(servers, "FIRST_ANSWER", 3600)
        waits = thread.submit(taken.execute, "SELECT 1")
        eventually(lambda: server.breaker.asking)
        monkeypatch.setattr(breaker, "SILENCE", 0)
        with pytest.raises(AwayError, match="silent"):
            server.take()
        way.unlock()
        assert waits.result().fetchone() == (1,)
        assert server.breaker.asking == {}


@pytest.mark.parametrize(
    ("method", "path", "purpose"),
    [
        ("GET", "/", Purpose.READ),
        ("HEAD", "/en/aide/", Purpose.READ),
        ("OPTIONS", "/initiatives.json", Purpose.READ),
        ("POST", "/proposer/", Purpose.WRITE),
        ("GET", "/admin/", Purpose.READ_ONES_OWN),
        ("POST", "/admin/login/", Purpose.WRITE),
    ],
)
def test_what_a_request_takes_its_connection_for(method, path, purpose):
    seen = []

    def answer(request):
        seen.append(servers._PURPOSE.get())
        return HttpResponse()

    Bounds(answer)(RequestFactory().generic(method, path)).close()
    assert seen == [purpose]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_form_is_read_where_it_is_written(method):
    """Who comes back to the page of a campaign reads what he has just answered."""
    seen = []

    def form(request):
        seen.append(servers._PURPOSE.get())
        return HttpResponse()

    with taken_for(Purpose.READ):
        public_form(form)(RequestFactory().generic(method, "/verification/x/"))
    assert seen == [Purpose.WRITE if method == "POST" else Purpose.READ_ONES_OWN]


class Named:
    """A server as `Servers` asks it."""

    def __init__(self, name, away):
        self.name, self.away = name, away

    def take(self):
        if self.away:
            raise AwayError(self.name)
        return self.name


@pytest.mark.parametrize(
    ("purpose", "away", "taken"),
    [
        (Purpose.WRITE, "", "writes"),
        (Purpose.WRITE, "reads", "writes"),
        (Purpose.WRITE, "writes", None),
        (Purpose.READ, "", "reads"),
        (Purpose.READ, "reads", "writes"),
        (Purpose.READ, "writes", "reads"),
        (Purpose.READ_ONES_OWN, "", "writes"),
        (Purpose.READ_ONES_OWN, "reads", "writes"),
        (Purpose.READ_ONES_OWN, "writes", "reads"),
        (Purpose.READ, "writes reads", None),
    ],
)
def test_which_server_is_taken(purpose, away, taken):
    assert_taken(purpose, away, taken)


@pytest.mark.parametrize(
    ("purpose", "away", "taken"),
    [
        (Purpose.READ, "", "writes"),
        (Purpose.READ, "writes", None),
        (Purpose.READ_ONES_OWN, "", "writes"),
        (Purpose.READ_ONES_OWN, "writes", "reads"),
        (Purpose.WRITE, "writes", None),
    ],
)
def test_no_visitor_reads_a_copy_that_stays_behind(purpose, away, taken, monkeypatch):
    monkeypatch.setattr(servers.life, "copy_is_left", lambda: True)
    assert_taken(purpose, away, taken)


def assert_taken(purpose, away, taken) -> None:
    found = Servers(*(Named(name, name in away.split()) for name in ("writes", "reads")))
    with taken_for(purpose):
        if taken is None:
            with pytest.raises(AwayError):
                found.getconn()
        else:
            assert found.getconn() == taken
    assert servers._PURPOSE.get() == Purpose.WRITE


class TestBreaker:
    def test_one_tries_and_nobody_else_asks(self, monkeypatch):
        """It is away at the first failure, tried until it answers, and there again."""
        tries, answers = [], iter([psycopg.OperationalError(), psycopg.OperationalError(), None])

        def attempt():
            tries.append(breaker.away)
            if error := next(answers):
                raise error

        slept = []
        monkeypatch.setattr("initiatives.core.database.breaker.sleep", slept.append)
        breaker = Breaker("essai", attempt)
        breaker.check()
        assert breaker.fail()
        eventually(lambda: not breaker.away)
        breaker.check()
        assert (tries, slept) == ([True, True, True], [1.0, 1.0])

    @pytest.mark.parametrize("error", [OSError(24, "Too many open files"), ValueError()])
    def test_whatever_a_try_meets_it_is_tried_again(self, monkeypatch, error):
        """Fails where what is no word of the server ends the thread: nobody would ask it ever again."""
        answers = iter([error, None])

        def attempt():
            if met := next(answers):
                raise met

        monkeypatch.setattr("initiatives.core.database.breaker.sleep", lambda seconds: None)
        breaker = Breaker("essai", attempt)
        assert breaker.fail()
        eventually(lambda: not breaker.away)

    def test_a_second_failure_starts_no_second_thread(self, monkeypatch):
        breaker = Breaker("essai", lambda: None)
        monkeypatch.setattr(breaker, "watch", lambda: None)
        assert (breaker.fail(), breaker.fail()) == (True, False)
        breaker.tried.set()
        with pytest.raises(AwayError):
            breaker.check()

    def test_nobody_waits_behind_one_who_hears_nothing(self, monkeypatch):
        breaker = Breaker("essai", lambda: None)
        breaker.asking[1] = -1e9
        with pytest.raises(AwayError):
            breaker.check()
        breaker.asking.clear()
        breaker.check()
