"""A copy of the site, opened from the disk in a real browser: found, read, left, with and without JavaScript."""

from datetime import UTC, datetime

import pytest
from django.test import override_settings

from initiatives.core.versioned import forget
from initiatives.publishing.copies import places
from initiatives.publishing.copies.whole import export
from initiatives.views.copies import search_page
from initiatives.views.inside import ask

pytestmark = pytest.mark.browser

PAGES = [
    *("index.html", "recherche.html", "aide/index.html", "initiatives/index.html", "regions/laval/index.html"),
    *("initiatives/par/region-laval/index.html", "initiatives/les-survivantes/index.html", "organismes/index.html"),
    *("portrait/index.html", "portrait/regions/index.html", "ressources/index.html", "donnees/index.html"),
]


def wanted(address: str) -> bool:
    """Every page but most lists and documents."""
    return not address.endswith((".pdf", ".xlsx")) and (not places.is_list(address) or "region=laval" in address)


@pytest.fixture(scope="module")
def copy(filled, tmp_path_factory):
    place = tmp_path_factory.mktemp("cle") / "copie"
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with filled(), override_settings(STORAGES=plain):
        forget()
        export(place, ask, search_page, datetime(2026, 3, 2, 15, 0, tzinfo=UTC), False, wanted=wanted)
        forget()
    return place.as_uri()


@pytest.fixture
def opened(visit):
    """Opens a page of the copy; what it asks for outside of its folder, and what it complains of, is noted."""

    def open_page(address, **options):
        page = visit(address, **options)
        page.faults = lambda: [note for note in page.notes if not note.startswith("file:///")]
        return page

    return open_page


def titles(page) -> list[str]:
    return page.locator("#resultats .vignette-titre").all_inner_texts()


def said(page, words: str) -> None:
    page.locator("#trouve").filter(has_text=words).wait_for()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("prefix", "one"), [("", "1 initiative"), ("en/", "1 initiative")])
def test_words_find_a_fiche_with_the_keyboard_alone(opened, copy, width, prefix, one):
    page = opened(f"{copy}/{prefix}recherche.html", width=width)
    page.focus("#mots")
    page.keyboard.type("SURVIVANTE spvm")
    page.keyboard.press("Enter")
    said(page, one)
    assert titles(page) == ["Les Survivantes"]
    assert page.url == f"{copy}/{prefix}recherche.html"  # what is typed is in no address
    while not page.evaluate("document.activeElement.closest('#resultats')"):
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.inner_text("h1") == "Les Survivantes"
    page.go_back()
    assert page.input_value("#mots") == ""
    assert page.faults() == []


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("hébergement", "HEBERGEMENT"),
        ("maisons", "maison"),
        ("œuvre", "oeuvre"),
        ("un atelier pour les jeunes", "atelier jeune"),
    ],
)
def test_accents_plurals_and_small_words_do_not_matter(opened, copy, typed, same):
    page = opened(f"{copy}/recherche.html")
    found = []
    for words in (typed, same):
        page.fill("#mots", words)
        page.press("#mots", "Enter")
        found.append((page.inner_text("#trouve"), titles(page)))
    assert found[0] == found[1]
    assert found[0][1]


def test_words_that_nobody_says_and_words_that_some_say(opened, copy):
    page = opened(f"{copy}/recherche.html")
    page.fill("#mots", "zzzyx")
    said(page, "Aucune initiative ne dit ces mots.")
    page.fill("#mots", "survivantes zzzyx")
    said(page, "Aucune ne dit tous ces mots;")
    assert "Les Survivantes" in titles(page)


def test_more_are_shown_on_demand_and_the_focus_goes_there(opened, copy):
    page = opened(f"{copy}/recherche.html")
    page.fill("#mots", "jeunes")
    page.press("#mots", "Enter")
    assert len(titles(page)) == 30
    page.click("#suite button")
    shown = len(titles(page))
    assert 30 < shown <= 60
    assert page.evaluate("document.activeElement.textContent") == titles(page)[30]


def test_without_javascript_the_page_says_so_and_leads_on(opened, copy):
    page = opened(f"{copy}/recherche.html", java_script_enabled=False)
    assert page.is_visible("noscript p")
    assert page.locator("form").count() == 1
    assert not page.is_visible("form")
    page.click("a[href*=region-laval]")
    assert page.inner_text("h1") == "17 initiatives"


def test_leaving_replaces_the_page(opened, copy, elsewhere):
    page = opened(f"{copy}/aide/index.html")
    page.evaluate("address => (document.querySelector('.quitter').href = address)", elsewhere)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(elsewhere)


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("prefix", ["", "en/"])
def test_axe(opened, copy, look, width, prefix):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="make test-browser installs axe").Axe()
    page = opened(f"{copy}/{prefix}index.html", width=width, bypass_csp=True, **look)
    found = []
    for name in PAGES:
        page.goto(f"{copy}/{prefix}{name}")
        if name == "recherche.html":
            page.fill("#mots", "jeunes")
            page.press("#mots", "Enter")
        violations = axe.run(page).response["violations"]
        found += [(name, row["id"], [node["target"] for node in row["nodes"][:3]]) for row in violations]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert found == [], "\n".join(map(str, found))


@pytest.mark.parametrize("prefix", ["", "en/"])
def test_no_page_complains_nor_asks_anything_outside(opened, copy, prefix):
    page = opened(f"{copy}/{prefix}index.html")
    for name in PAGES:
        page.goto(f"{copy}/{prefix}{name}")
    assert page.faults() == []
