"""Who stands behind the directory: what the settings say, and nothing where they say nothing."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.db import OperationalError, connection
from django.test import Client

from initiatives.core import versioned
from initiatives.core.versioned import data_version, forget
from initiatives.models import LigneAide, VersionDonnees

from .people import account, session

pytestmark = pytest.mark.django_db

CHANGED = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # the evening of the first of March, in Québec


@pytest.fixture
def house(settings):
    settings.RUN_BY, settings.RUN_BY_EN = "L'équipe <du> répertoire", "The directory's team"
    settings.RUN_SINCE, settings.CONTACT_EMAIL = date(2026, 1, 1), "repertoire@example.org"


@pytest.fixture(autouse=True)
def changed():
    VersionDonnees.objects.update(modifiee_le=CHANGED)
    forget()


def rows(page: str, part: str = "foot") -> list[tuple[str, str]]:
    """What the foot says of the house, or the page « À propos »."""
    text = page[page.index('<footer class="pied">') :] if part == "foot" else page[page.index('id="tenue"') :]
    found = re.search(r'<dl class="faits[^>]*>(.*?)</dl>', text, re.DOTALL)
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", found[1] if found else "", re.DOTALL)
    return [(unescape(name), value) for name, value in pairs]


PATHS = ["/", "/a-propos/", "/aide/", "/initiatives/", "/initiatives/les-survivantes/", "/proposer/", "/selection/"]


@pytest.mark.parametrize("path", PATHS)
def test_every_foot_says_it(visitor, house, path):
    assert rows(visitor.page(path)) == [
        ("Tenu par", "L&#x27;équipe &lt;du&gt; répertoire"),
        ("Depuis le", "1er janvier 2026"),
        (
            "Écrire à",
            '<a href="mailto:repertoire@example.org" rel="noreferrer">repertoire@example.org</a>',
        ),
        ("Site mis à jour le", "1er mars 2026"),
    ]
    assert [value for _name, value in rows(visitor.page(f"/en{path}"))][:2] == [
        "The directory&#x27;s team",
        "January 1, 2026",
    ]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_said_of_what_is_not_known(visitor, path):
    assert rows(visitor.page(path)) == [("Site mis à jour le", "1er mars 2026")]
    assert rows(visitor.page(f"/en{path}")) == [("Site updated on", "March 1, 2026")]


def test_about_says_it_too(visitor, house):
    for path in ("/a-propos/", "/en/a-propos/"):
        page = visitor.page(path)
        assert rows(page, "page") == rows(page)


def test_a_french_name_is_marked_on_an_english_page(visitor, settings):
    settings.RUN_BY = "L'équipe"
    assert rows(visitor.page("/en/"))[0] == ("Run by", '<span lang="fr-CA">L&#x27;équipe</span>')
    assert rows(visitor.page("/"))[0] == ("Tenu par", "L&#x27;équipe")


def test_where_nothing_answers_the_date_is_left_out(visitor, house):
    def down(*args):
        raise OperationalError("connection refused")

    expected = ["Tenu par", "Depuis le", "Écrire à"]
    assert [name for name, _value in rows(visitor.get("/nulle-part/").content.decode())] == expected
    with connection.execute_wrapper(down):
        page = Client().get("/initiatives/").content.decode()
    assert [name for name, _value in rows(page)] == expected


def test_the_date_moves_with_the_data(visitor, house):
    before = rows(visitor.page("/"))
    LigneAide.objects.filter(slug="211").update(ordre=60)
    after = rows(visitor.page("/"))
    assert before[-1] == ("Site mis à jour le", "1er mars 2026")
    assert (after[:-1], after[-1] != before[-1]) == (before[:-1], True)


def test_a_version_that_moved_on_meanwhile_has_a_moment_still(django_assert_num_queries):
    version = data_version()
    with django_assert_num_queries(0):
        assert versioned.last_change(version) == CHANGED
    with django_assert_num_queries(1):
        assert versioned.last_change(version - 1) == CHANGED


class TestWorkshop:
    sentence = "Le pied des pages ne dit pas encore : "

    def first_screen(self, role="rédaction"):
        return unescape(session(account(role)).get("/admin/").content.decode())

    def test_the_first_screen_says_what_is_empty(self, settings):
        everything = "qui tient le répertoire (RUN_BY), depuis quand (RUN_SINCE), à qui écrire (CONTACT_EMAIL)."
        assert self.sentence + everything in self.first_screen()
        settings.RUN_BY, settings.CONTACT_EMAIL = "L'équipe", "repertoire@example.org"
        assert self.sentence + "depuis quand (RUN_SINCE)." in self.first_screen("révision")

    def test_nothing_where_all_is_said(self, house):
        assert self.sentence not in self.first_screen()

    def test_who_reads_no_text_is_told_nothing(self):
        assert self.sentence not in self.first_screen("sans droit")


def test_the_accessibility_page_says_whom_to_write_to(visitor, settings):
    assert "mailto:" not in visitor.page("/accessibilite/").split("<footer")[0]
    settings.CONTACT_EMAIL = "repertoire@example.org"
    forget()
    assert 'href="mailto:repertoire@example.org"' in visitor.page("/accessibilite/").split("<footer")[0]
