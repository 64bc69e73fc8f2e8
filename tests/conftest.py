"""The guards: one database filled once, no network, and a visitor who checks every page that he gets."""

import gc
import gzip
import re
import time
from datetime import timedelta
from functools import lru_cache

import brotli
import pypdfium2
import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.template.backends.django import Template
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone, translation

from initiatives.core import admission
from initiatives.core.versioned import data_version, forget
from initiatives.core.watching.state import site_began
from initiatives.finding.index import present, reading
from initiatives.finding.search import learnt, lexicon
from initiatives.models import Initiative, Panne
from initiatives.publishing import texts
from initiatives.publishing.pdf import DOCUMENTS
from initiatives.templatetags.pieces import HOLE
from initiatives.views.context import is_data

from . import database
from .environment import NO_FILES

DECOMPRESS = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress}
# Said by drafts and internal notes alone: no public answer may hold any of it.
SECRETS = [
    *("PIMP (Programme", "Groupe contact", "(EILP)", "CISSSMO", "hésitait", "Brouillon tiré", "rien développé"),
    "personnes à risque ou victimes",
    *("Ciasf", "ASTTEQ", "555-0142"),  # what the session adds below
]
# What every answer carries, typed out here once; under the workshop's path the referrer alone differs.
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), "
        "fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
        "picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# And every answer of data, which any site may read.
OPEN = SECURITY | {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, Deprecation, ETag, Link, Retry-After, Sunset, Warning",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


collect_ignore = ["standards"]  # of another environment: make test-standards
learnt.KEPT = NO_FILES / "nowhere" / "appris.npz"  # the suite learns by itself, and leaves nothing to `make run`


def pytest_collection_finish():
    """What is imported by now stays to the end: Python need not look again and again for what of it to let go."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_keepdb, django_db_blocker):
    """A new database of the tests is a copy of a filled one."""
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = database.filled()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker, django_db_keepdb):
    """The whole directory, once for the session; every test rolls back what it changes.

    pytest-django's own makes no database for tests that only ask a server: they would read, and fill, a developer's.
    """
    with django_db_blocker.unblock():
        made = setup_databases(0, False, keepdb=django_db_keepdb, serialized_aliases=set())
        if not Initiative.objects.exists():
            database.fill()
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, 0)


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Tests run without collected files."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = NO_FILES
    settings.RESERVE = None  # a test that wants pages set aside says where
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the slow ones are slow on purpose


@pytest.fixture(autouse=True)
def where_the_site_lives(settings):
    """Whatever the port that a developer serves it on."""
    settings.SITE_URL = "http://testserver"


@pytest.fixture
def no_faults(db):
    """Those that servers of other tests noted, in transactions of their own, are not this test's."""
    Panne.objects.all().delete()


@pytest.fixture
def made(db):
    """Says when the database of the site was made: that of the tests may be a copy of one that is days old."""

    def when(ago: timedelta) -> None:
        MigrationRecorder.Migration.objects.update(applied=timezone.now() - ago)
        site_began.cache_clear()

    yield when
    site_began.cache_clear()


@pytest.fixture
def old_site(made):
    """A site made long before what should run by itself is late."""
    made(timedelta(days=60))


@pytest.fixture(scope="session")
def loaded_lexicon(django_db_setup, django_db_blocker):
    """The lexicon of the directory as loaded, read once."""
    with django_db_blocker.unblock():
        return lexicon.read_lexicon(data_version())


@pytest.fixture(scope="session")
def loaded_index(django_db_setup, django_db_blocker):
    """The index of the directory as loaded, read once."""
    with django_db_blocker.unblock():
        return reading.read_index(reading.read_change(data_version(), reading.Index()))


@pytest.fixture
def from_the_database(settings, monkeypatch):
    """No index in the process: the database answers by itself."""
    settings.INDEX_MAX = 0
    monkeypatch.setattr(present, "_INDEX", reading.Index())


@pytest.fixture(autouse=True)
def no_place_kept(request):
    """A stream that is not read to its end keeps its places: some test later would be told to come back.

    A server in a thread gives them back a little after its last byte; a browser may be asking still.
    """
    yield
    if request.node.get_closest_marker("browser"):
        return
    rooms = [room.free for room in (admission.HOUSE, admission.HALL, admission.DESKS, admission.TYPESETTERS)]
    for _try in range(100):
        kept = [free for free in rooms if free._value != free._initial_value]
        if not kept:
            return
        time.sleep(0.05)
    for free in kept:
        free._value = free._initial_value  # the next test is not to blame
    pytest.fail("This test leaves a stream open: read it to its end.")


@pytest.fixture(autouse=True)
def french_first():
    """A request leaves its language active: addresses asked for by the next test would begin with /en/."""
    translation.activate("fr-ca")


@pytest.fixture(autouse=True)
def fresh_memory(monkeypatch, request):
    """A test that rolls back gives the same version number to other data: nothing kept outlives its test."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        monkeypatch.setattr(lexicon, "_LEXICON", request.getfixturevalue("loaded_lexicon"))
        monkeypatch.setattr(present, "_INDEX", request.getfixturevalue("loaded_index"))
        count_at_once(request)
    forget()
    DOCUMENTS.clear()


def count_at_once(request):
    """A test that never commits counts after each statement what a writer counts at commit."""
    if not {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("db")
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS public.compter IMMEDIATE")


class Visitor(Client):
    """A member of the public: reads only, and every answer must leave no trace and leak nothing."""

    def get(self, path, *args, **kwargs):
        with connection.execute_wrapper(select_only):
            response = super().get(path, *args, **kwargs)
        check_answer(response)
        return response

    def page(self, path, **parameters):
        """A page that must be found, as text."""
        response = self.get(path, parameters)
        assert response.status_code == 200, response
        return response.content.decode()

    def json(self, path="/initiatives.json", **parameters):
        response = self.get(path, parameters)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def numeros(self, **parameters):
        """The numbers of all the fiches that the list holds, in order."""
        return [row["numero"] for row in self.json(par_page=100, **parameters)["resultats"]]

    def refused(self, path="/initiatives.json", **parameters):
        """The parameters refused, on data."""
        response = self.get(path, parameters)
        assert response.status_code == 400, response
        return [(row["parametre"], row["valeur"]) for row in response.json()["erreurs"] if row["message"]]


@lru_cache(maxsize=4)
def pdf_text(body: bytes) -> str:
    """The text of every page, in order, its spaces made plain."""
    with pypdfium2.PdfDocument(body) as document:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def select_only(execute, sql, params, many, context):
    assert sql.lstrip(" (").split(None, 1)[0].upper() in {"SELECT", "WITH", "DECLARE", "FETCH", "CLOSE"}, sql
    return execute(sql, params, many, context)


def check_answer(response):
    """What holds for every public answer."""
    assert not response.cookies
    said = OPEN if is_data(response.wsgi_request) else SECURITY
    assert {name: response.headers.get(name) for name in said} == said
    text = b"".join(response.streaming_content) if response.streaming else response.content
    if response.streaming:
        response.streaming_content = [text]
    text = DECOMPRESS[response.headers.get("Content-Encoding", "")](text)
    text = pdf_text(text).encode() if text.startswith(b"%PDF") else text
    for secret in SECRETS:
        assert secret.encode() not in text
    if response.headers.get("Content-Type", "").startswith("text/html") and text:
        check_page(response, text.decode())


def check_page(response, text):
    assert response.headers["Cache-Control"] == "no-store"
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert not re.search(r"<script>|<style| style=|\son\w+=|href=.javascript:", text)
    assert "1 888 933-9007" in text
    assert HOLE not in text  # no hole of a piece is left empty
    assert re.search(r"<a [^>]*>", text)[0].startswith('<a class="quitter"')  # first for who has a keyboard alone
    outside = re.findall(r'(?:src|href)="(https?:)?//(?!127|testserver)[^"]*"', re.sub(r"<a [^>]*>", "", text))
    assert not outside
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.fixture
def visitor(db):
    return Visitor()


@pytest.fixture
def draft(db):
    """A draft that could leak: the same region, words and porteur as public fiches."""
    return Initiative.objects.get(numero=153)


@pytest.fixture
def editor(db):
    return get_user_model().objects.create_superuser("editrice", password="un mot de passe long")


@pytest.fixture
def workshop(editor):
    """The admin as an editor sees it."""
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def undrawn(monkeypatch):
    """No page is drawn: for hundreds of answers whose text nobody reads."""
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "")
    yield
    texts._delivered.cache_clear()  # a text that was delivered empty here would be so for the tests to come
