"""How long the database may take, under the server of `make run`; and as long as it needs outside a request."""

import json
import os
import subprocess
import sys
import urllib.request

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from initiatives.core import limits
from initiatives.middleware import Bounds

from .production import ROOT, database_address

pytestmark = pytest.mark.django_db
PUBLIC = {"statement_timeout": "2s", "lock_timeout": "1s"}
WORKSHOP = {"statement_timeout": "15s", "lock_timeout": "4s"}


@pytest.fixture
def server():
    """Its address. One process with one connection, which every request gets from the one before."""
    environment = {
        "DATABASE_URL": database_address(),
        "DJANGO_SETTINGS_MODULE": "repertoire.settings",
        "WEB_PROCESSES": "1",
        "DATABASE_POOL": "1",
    }
    command = [sys.executable, "-m", "tests.shown_limits"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True)  # noqa: S603
    host, port = process.stdout.readline().split()
    yield f"http://{host}:{port}"
    process.terminate()
    process.communicate(timeout=30)


def test_each_request_has_its_own_limits_on_the_same_connection(server):
    def ask(path):
        with urllib.request.urlopen(f"{server}{path}") as answer:  # noqa: S310
            return json.load(answer)

    paths = ["/limites/", "/limites/", "/admin/limites/", "/admin/limites/", "/limites/"]
    assert [ask(path) for path in paths] == [PUBLIC, PUBLIC, WORKSHOP, WORKSHOP, PUBLIC]


class Taken:
    """A connection as a pool gives it, again and again, and what was asked of it."""

    def __init__(self):
        self.connection, self.asked = self, []

    def execute(self, statement, values):
        self.asked.append(values)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/", limits.PUBLIC),
        ("/administration/", limits.PUBLIC),
        ("/admin/", limits.WORKSHOP),
        ("/admin", limits.PUBLIC),
    ],
)
def test_the_workshop_alone_has_more_time(path, wanted):
    seen = []

    def answer(request):
        seen.append(limits._PRESENT.get())
        return HttpResponse()

    response = Bounds(answer)(RequestFactory().get(path))
    assert (seen, limits._PRESENT.get()) == ([wanted], None)
    response.close()


def test_an_error_leaves_no_limits():
    """Whoever comes next in this thread is not held to them."""
    with pytest.raises(ZeroDivisionError), limits.limited(limits.PUBLIC):
        raise ZeroDivisionError
    assert limits.present() is None


def test_limits_cost_a_query_only_where_they_change():
    taken = Taken()
    limits.hold_to_limits(None, taken)
    for wanted in (limits.PUBLIC, limits.PUBLIC, limits.WORKSHOP, limits.PUBLIC):
        with limits.limited(wanted):
            limits.hold_to_limits(None, taken)
    limits.hold_to_limits(None, taken)
    assert taken.asked == [[2000, 1000], [15000, 4000], [2000, 1000]]


def test_behind_a_pooler_the_role_holds_them(settings):
    """What is set on a connection would be met by whoever has it for the next transaction."""
    settings.DATABASE_POOLER = "transaction"
    taken = Taken()
    with limits.limited(limits.PUBLIC):
        limits.hold_to_limits(None, taken)
    assert taken.asked == []
