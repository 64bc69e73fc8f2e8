"""A real browser on the real pages: Debian's Chromium, driven by Playwright. Skipped with a sentence without one."""

import itertools
import os
import re
import shutil
import sqlite3
from contextlib import closing, contextmanager

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from initiatives.core.versioned import forget
from initiatives.importer.load import load_directory
from initiatives.models import Initiative, VersionDonnees

HERE = re.compile(r"http://(localhost|127\.0\.0\.1):\d+/")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
VERSIONS = itertools.count(1000, 1000)
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


def is_advice(message) -> bool:
    """What the browser says that is no fault of a page: where it put the focus when two fields ask for it, how it would
    like Django's password forms, and that the neutral destination of these tests has no icon.
    """
    return message.text.startswith(("Autofocus processing", "[DOM]")) or "favicon" in str(message.location)


@pytest.fixture(scope="session")
def driver():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make test-browser")
    if CHROMIUM is None:
        pytest.skip("No Chromium on this machine: apt-get install chromium")
    # Playwright keeps an event loop running in this thread; Django would refuse the database to it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(driver):
    chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield chromium
    chromium.close()


class Keeper:
    """A browser that keeps its history on the disk, as somebody's own does."""

    def __init__(self, driver, profile):
        self.profile = profile
        self.context = driver.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=FLAGS)
        self.page = self.context.new_page()

    def back_list(self) -> list[tuple[str, str]]:
        """What the buttons Back and Forward lead to: addresses and titles, this page last."""
        entries = self.context.new_cdp_session(self.page).send("Page.getNavigationHistory")["entries"]
        return [(row["url"], row["title"]) for row in entries if row["url"] != "about:blank"]

    def on_the_disk(self) -> tuple[list[tuple[str, str]], list[str]]:
        """What the browser's own page of the history lists, and every address that its file holds. Closes the browser.

        A visit that another one replaced is not the end of its chain, and the page lists ends alone.
        """
        self.context.close()
        with closing(sqlite3.connect(self.profile / "Default" / "History")) as file:
            rows = file.execute(
                "SELECT urls.url, urls.title, transition & 0x20000000 FROM visits JOIN urls ON urls.id = visits.url "
                "WHERE NOT urls.hidden ORDER BY visits.id"
            ).fetchall()
        return [(url, title) for url, title, end in rows if end], [url for url, _title, _end in rows]


@pytest.fixture
def keeper(driver, tmp_path):
    keeper = Keeper(driver, tmp_path)
    yield keeper
    keeper.context.close()


def fill() -> None:
    """The directory, under a version of the data that this process has not seen: what it keeps is of another."""
    VersionDonnees.objects.update_or_create(defaults={"modifiee_le": timezone.now(), "numero": next(VERSIONS)})
    load_directory()
    forget()


@pytest.fixture(scope="session")
def standing_server(django_db_setup):
    """One server for all the tests that only read."""
    server = LiveServer("localhost")
    with server._live_server_modified_settings:
        yield server
    server.stop()


@pytest.fixture(scope="session")
def filled(django_db_setup, django_db_blocker):
    """Opens the database to what only reads: filled again where a test that writes emptied it."""

    @contextmanager
    def opened():
        with django_db_blocker.unblock():
            if not Initiative.objects.exists():
                fill()
            yield
            connections.close_all()

    return opened


@pytest.fixture
def site(standing_server, filled):
    """The address of the site, filled, for a test that only reads."""
    with filled():
        yield standing_server.url


@pytest.fixture
def site_of_its_own(live_server, transactional_db):
    """The address of the site, filled, for a test that writes; its tables are emptied at its end."""
    fill()
    return live_server.url


@pytest.fixture
def elsewhere(settings, site):
    """Where leaving leads: an address of this machine, so that no test needs another host."""
    settings.QUICK_EXIT_URL = f"{site}/sante/"
    return settings.QUICK_EXIT_URL


@pytest.fixture
def visit(browser):
    """Opens a page in a context of its own; every console message, error and request to another host is noted."""
    contexts = []

    def open_page(address, width=1280, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15000)
        page.notes = []
        page.on("console", lambda message: None if is_advice(message) else page.notes.append(message.text))
        page.on("pageerror", lambda error: page.notes.append(str(error)))
        page.on("request", lambda request: None if HERE.match(request.url) else page.notes.append(request.url))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
