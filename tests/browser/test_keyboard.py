"""Whole journeys with the keyboard alone: find a fiche from home, filter, choose, compare, leave."""

import re

import pytest

pytestmark = pytest.mark.browser

UNDER_THE_BAR = """() => {
  const box = (item) => item.getBoundingClientRect();
  const [focused, bar] = [box(document.activeElement), box(document.querySelector('.entete'))];
  return !document.activeElement.closest('.entete') && focused.height > 0
    && focused.top >= bar.top && focused.bottom <= bar.bottom;
}"""


def tab_to(page, selector, most=120):
    """Presses Tab until the element has the focus; on the way the focus is always visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert not page.evaluate(UNDER_THE_BAR)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(f"{selector} is not reached in {most} presses")


def press(page, key="Enter"):
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.mark.parametrize("width", [390, 1280])
def test_from_home_to_a_fiche_by_searching(visit, site, width):
    page = visit(f"{site}/", width=width)
    tab_to(page, "#q")
    page.keyboard.type("hébergement jeunes")
    press(page)
    tab_to(page, ".vignette-titre a", 60 if width == 390 else 250)
    press(page)
    assert page.locator("article h1").count() == 1
    assert page.notes == []


def test_three_questions_then_the_list_says_why(visit, site):
    page = visit(f"{site}/")
    tab_to(page, ".porte .bouton[href*=trouver]")
    press(page)
    tab_to(page, "#besoin summary")
    page.keyboard.press("Enter")
    tab_to(page, "input[value=dormir]")
    page.keyboard.press("Space")
    press(page)
    tab_to(page, "#age")
    page.keyboard.type("14")
    press(page)
    tab_to(page, "#ville")
    page.keyboard.type("Longueuil")
    press(page)
    tab_to(page, "button[type=submit]")
    press(page)
    assert re.search(r"/initiatives/\?besoin=dormir&region=monteregie&age=14$", page.url)
    reasons = page.locator(".raisons").first.inner_text()
    assert reasons.endswith("accepte les personnes de 14 ans")


def test_filter_choose_and_compare(visit, site):
    page = visit(f"{site}/initiatives/")
    tab_to(page, "input[name=region][value=estrie]")
    page.keyboard.press("Space")
    page.locator("#nombre").filter(has_text="9 initiatives").wait_for()
    for _ in range(2):
        tab_to(page, ".vignette-outils .choisir", 250)
        while "Retirer" in page.evaluate("document.activeElement.textContent"):
            tab_to(page, ".choisir")
        press(page)
    page.goto("about:blank")  # the focus begins again at the top
    page.go_back()
    tab_to(page, ".selection-barre a", 20)
    press(page)
    assert page.locator(".comparaison thead a").count() == 2


def test_leave(visit, site, elsewhere):
    page = visit(f"{site}/initiatives/les-survivantes/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(elsewhere)


CONTROLS = (
    "button, .bouton, .choisir, .menu a, .quitter, .porte, .case, summary, select, .ligne, .entrees a, .outils a,"
    " .pagination a, .choix a, .selection-barre a, input:not([type=hidden], .case *)"
)
PLACES = ["/", "/initiatives/", "/initiatives/les-survivantes/", "/trouver/", "/besoins/", "/selection/?f=1&f=2"]


@pytest.mark.parametrize("path", PLACES)
def test_touch_targets(visit, site, path):
    """Every control is at least 44 pixels high; links inside sentences are exempt."""
    page = visit(f"{site}{path}", width=390, has_touch=True)
    small = page.evaluate(
        """(controls) => [...document.querySelectorAll(controls)].filter((item) => item.checkVisibility())
          .map((item) => [item.tagName, item.textContent.trim(), Math.round(item.getBoundingClientRect().height)])
          .filter(([, , height]) => height < 44)""",
        CONTROLS,
    )
    assert small == []
