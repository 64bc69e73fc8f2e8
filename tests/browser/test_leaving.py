"""Leaving quickly, in a real browser."""

import pytest

pytestmark = pytest.mark.browser

WIDTHS = [390, 1280]


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


@pytest.mark.parametrize("path", ["/", "/initiatives/?q=fugue", "/initiatives/les-survivantes/", "/en/aide/"])
def test_no_trace(visit, site, path):
    page = visit(f"{site}{path}")
    page.wait_for_load_state("networkidle")
    stored = "[localStorage.length, sessionStorage.length, document.cookie, (await caches.keys()).length]"
    assert page.evaluate(f"(async () => {stored})()") == [0, 0, "", 0]
    assert page.context.cookies() == []
    assert page.notes == []
