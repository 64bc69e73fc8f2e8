"""The portrait on a phone, on a desk and on paper."""

import pytest

pytestmark = pytest.mark.browser
SEEN = """() => [...document.querySelectorAll('.repli > :not(summary), .sous-l-image > :not(summary)')]
    .filter(one => one.checkVisibility({contentVisibilityAuto: true})).length"""


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_phone_folds_what_is_long_and_paper_prints_it(visit, site, prefix):
    page = visit(f"{site}{prefix}/portrait/", width=390)
    assert page.evaluate("document.documentElement.scrollHeight") < 16_000  # 25 950 before it was folded
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate(SEEN) == 0
    everything = page.evaluate(
        "document.querySelectorAll('.repli > :not(summary), .sous-l-image > :not(summary)').length"
    ) - page.evaluate("document.querySelectorAll('.repli > .large-seulement').length")
    assert everything > 0
    page.emulate_media(media="print")
    page.wait_for_function(f"wanted => ({SEEN})() === wanted", arg=everything)  # drawn anew when it likes


@pytest.mark.parametrize("width", [390, 1248, 1280])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_leaving_keeps_its_size_beside_the_menu(visit, site, prefix, width):
    page = visit(f"{site}{prefix}/portrait/", width=width)
    assert page.locator(".quitter").bounding_box()["height"] == 44
    assert page.evaluate("document.documentElement.scrollWidth") == width
    brand, leave = (page.locator(name).bounding_box() for name in (".marque", ".quitter"))
    links = [box for link in page.locator(".menu nav a").all() if (box := link.bounding_box())]
    if width > 390:
        assert len({box["y"] for box in links}) == 1
        assert brand["x"] + brand["width"] <= links[0]["x"]
        assert links[-1]["x"] + links[-1]["width"] <= leave["x"]
