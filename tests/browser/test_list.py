"""The list changes in place, and the address is the state."""

import pytest

from .pages import PAGES

pytestmark = pytest.mark.browser


def count(page, number):
    page.locator("#nombre").filter(has_text=f"{number} initiative").wait_for()


def test_filters_change_the_list_and_back_undoes_them(visit, site):
    page = visit(f"{site}/initiatives/")
    page.check("input[name=region][value=laval]")
    count(page, 17)
    assert page.url.endswith("?region=laval")
    assert page.evaluate("document.activeElement.value") == "laval"
    page.check("input[name=region][value=estrie]")
    count(page, 26)
    page.go_back()
    count(page, 17)
    assert not page.is_checked("input[value=estrie]")
    page.click(".choix a >> nth=0")
    count(page, 152)
    assert page.notes == []


def test_typing_searches_without_a_button(visit, site):
    page = visit(f"{site}/initiatives/?region=laval")
    page.fill("#q", "sextage")
    count(page, 1)
    assert "q=sextage" in page.url
    assert page.input_value("#q") == "sextage"


def test_danger_is_said_as_soon_as_it_is_known_and_no_longer(visit, site):
    page = visit(f"{site}/initiatives/")
    page.click("#filtres summary:has-text('Pour moi')")
    page.check("input[name=besoin][value=danger]")
    page.locator(".danger").filter(has_text="911").wait_for()
    assert page.evaluate("document.activeElement.value") == "danger"
    assert page.is_visible("input[name=besoin][value=dormir]")
    page.uncheck("input[name=besoin][value=danger]")
    page.locator(".danger").wait_for(state="detached")
    assert page.notes == []


def test_where_nothing_is_found_nothing_is_offered_of_it(visit, site):
    page = visit(f"{site}/initiatives/?q=horaire+de+l'autobus")
    page.locator(".rien").wait_for()
    shown = [name for name in (".donnees", "#adresse", "#tri", "#filtres") if page.is_visible(name)]
    assert shown == []
    assert page.locator("a[href='tel:211']:visible").count() == 1
    page.goto(f"{site}/initiatives/?region=gaspesie&type=outil")
    assert page.is_visible("input[name=region][value=gaspesie]")
    assert not page.is_visible("#filtres summary:has-text('Besoin')")


@pytest.mark.parametrize("scrolled", [0, 2000])
def test_on_a_desk_the_button_of_the_filters_stays_in_sight(visit, site, scrolled):
    page = visit(f"{site}/initiatives/?f=54", width=1280)
    page.evaluate("y => scrollTo({top: y, behavior: 'instant'})", scrolled)
    box = page.locator(".barre-bas button").bounding_box()
    assert 0 < box["y"] < box["y"] + box["height"] <= page.evaluate("innerHeight")
    assert box["x"] + box["width"] <= page.locator(".resultats").bounding_box()["x"]


@pytest.mark.parametrize("width", [390, 1280])
def test_without_javascript_the_form_is_sent(visit, site, width):
    page = visit(f"{site}/initiatives/", width=width, java_script_enabled=False)
    page.fill("#q", "hébergement")
    page.click("button[type=submit]")
    page.wait_for_load_state()
    assert "q=h%C3%A9bergement" in page.url


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("query", ["", "?discret=1"])
def test_the_exit_is_whole_at_every_width_of_a_phone(visit, site, prefix, query):
    """It fitted at 320 and at 390, where everybody looks, and was cut between."""
    page = visit(f"{site}{prefix}/{query}", width=320)
    cut = []
    for width in range(320, 430, 5):
        page.set_viewport_size({"width": width, "height": 700})
        box = page.locator(".quitter").bounding_box()
        if box["x"] + box["width"] > width or page.evaluate("document.documentElement.scrollWidth") > width:
            cut.append(width)
    assert cut == []


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_sideways_scroll_at_400_percent(visit, site, prefix):
    page = visit(f"{site}{prefix}/", width=320, height=256)
    wide = []
    for path in PAGES:
        page.goto(f"{site}{prefix}{path}")
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(path)
    assert wide == []
