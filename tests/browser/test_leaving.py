"""Leaving quickly, in a real browser."""

import pytest

pytestmark = pytest.mark.browser

WIDTHS = [390, 1280]
REGIONS = "Régions · Répertoire des initiatives contre l'exploitation sexuelle des mineurs"


def left(page, elsewhere):
    page.wait_for_url(elsewhere)
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_one_click_replaces_the_page(visit, site, elsewhere, width):
    page = visit(f"{site}/aide/", width=width)
    page.goto(f"{site}/initiatives/les-survivantes/")
    page.click(".quitter")
    left(page, elsewhere)
    page.go_back()
    assert page.url == f"{site}/aide/"  # the page that was left is not in the history
    assert page.notes == []


def test_shift_three_times(visit, site, elsewhere):
    page = visit(f"{site}/")
    for _ in range(3):
        page.keyboard.press("Shift")
    left(page, elsewhere)


def test_shift_in_a_field_or_with_other_keys_does_nothing(visit, site, elsewhere):
    page = visit(f"{site}/")
    page.focus("#q")
    for _ in range(4):
        page.keyboard.press("Shift")
    page.focus("h1 >> xpath=ancestor::main")
    for key in ("Shift", "a", "Shift", "a", "Shift"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert page.url == f"{site}/"


def test_the_page_is_covered_and_its_title_neutral_at_once(visit, site, elsewhere):
    page = visit(f"{site}/initiatives/les-survivantes/")
    page.route("**/sante/", lambda route: route.abort())  # the destination does not answer
    page.click(".quitter", no_wait_after=True)
    page.wait_for_timeout(200)
    assert not page.locator("main").is_visible()
    assert "Survivantes" not in page.title()


def test_first_in_the_tab_order_and_absent_from_print(visit, site):
    page = visit(f"{site}/initiatives/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "quitter"
    page.emulate_media(media="print")
    assert not page.locator(".quitter").is_visible()


def test_without_javascript_the_link_leaves(visit, site, elsewhere):
    page = visit(f"{site}/aide/", java_script_enabled=False)
    page.click(".quitter")
    left(page, elsewhere)


def test_discreet_mode_keeps_one_entry(visit, site):
    page = visit(f"{site}/sante/")
    page.goto(f"{site}/?discret=1")
    for link in ("Régions", "Organismes"):
        page.click(f"a:text-is('{link}') >> nth=0")
        page.wait_for_load_state()
    assert "discret=1" in page.url
    assert page.title() == "Page d'information"
    page.go_back()
    assert page.url == f"{site}/sante/"


NEUTRAL = "Page d'information"


def test_entering_the_discreet_mode_leaves_one_line_and_no_title(keeper, site):
    """What the page « Naviguer sans laisser de traces » promises, where a browser keeps it: list of Back, history."""
    page = keeper.page
    page.goto(f"{site}/sante/")
    page.goto(f"{site}/regions/")
    page.goto(f"{site}/")
    page.click("text=Passer en mode discret")
    page.wait_for_url(f"{site}/?discret=1")
    page.focus("a.evitement")
    page.keyboard.press("Enter")
    page.wait_for_url("**#contenu")
    page.click("a:text-is('Initiatives') >> nth=0")
    page.wait_for_url("**/initiatives/?discret=1")
    page.check("input[name=region][value=laval]")
    page.wait_for_url("**region=laval**")
    page.fill("#q", "sexuelle")
    page.press("#q", "Enter")
    page.wait_for_url("**q=sexuelle**")
    page.click(".resultats :is(h2, h3) a >> nth=0")
    page.wait_for_url("**/initiatives/*/?discret=1")
    page.wait_for_load_state()
    before = [(f"{site}/sante/", ""), (f"{site}/regions/", REGIONS)]
    assert keeper.back_list() == [*before, (page.url, NEUTRAL)]
    last = page.url
    listed, held = keeper.on_the_disk()
    assert listed == [*before, (last, NEUTRAL)]
    assert f"{site}/" in held  # the page says so: the file holds every address


def test_leaving_the_discreet_mode_quickly_lists_the_destination_alone(keeper, site, elsewhere):
    page = keeper.page
    page.goto(f"{site}/robots.txt")
    page.goto(f"{site}/?discret=1")
    page.click("a:text-is('Régions') >> nth=0")
    page.wait_for_url("**/regions/?discret=1")
    page.click(".quitter")
    left(page, elsewhere)
    there = [(f"{site}/robots.txt", ""), (elsewhere, "")]
    assert keeper.back_list() == there
    assert [url for url, _title in keeper.on_the_disk()[0]] == [url for url, _title in there]


def test_leaving_quickly_lists_the_pages_seen_before(keeper, site, elsewhere):
    page = keeper.page
    page.goto(f"{site}/regions/")
    page.goto(f"{site}/initiatives/les-survivantes/")
    page.click(".quitter")
    left(page, elsewhere)
    assert keeper.back_list() == [(f"{site}/regions/", REGIONS), (elsewhere, "")]
    assert [url for url, _title in keeper.on_the_disk()[0]] == [f"{site}/regions/", elsewhere]


def test_a_form_that_is_sent_stays_in_the_list_of_back(keeper, site):
    page = keeper.page
    page.goto(f"{site}/sante/")
    page.goto(f"{site}/proposer/?discret=1")
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    assert [url for url, _title in keeper.back_list()] == [f"{site}/sante/", *[f"{site}/proposer/?discret=1"] * 2]


def test_without_javascript_the_discreet_mode_is_entered_all_the_same(visit, site):
    page = visit(f"{site}/", java_script_enabled=False)
    page.click("text=Passer en mode discret")
    page.wait_for_url(f"{site}/?discret=1")
    assert page.title() == NEUTRAL


@pytest.mark.parametrize("path", ["/", "/initiatives/?q=fugue", "/initiatives/les-survivantes/", "/en/aide/"])
def test_no_trace(visit, site, path):
    page = visit(f"{site}{path}")
    page.wait_for_load_state("networkidle")
    stored = "[localStorage.length, sessionStorage.length, document.cookie, (await caches.keys()).length]"
    assert page.evaluate(f"(async () => {stored})()") == [0, 0, "", 0]
    assert page.context.cookies() == []
    assert page.notes == []
