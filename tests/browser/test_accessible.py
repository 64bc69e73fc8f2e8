"""axe finds nothing, on every template, in both languages, light, dark and forced colours, phone and desk."""

import pytest

from .pages import PAGES

pytestmark = pytest.mark.browser

LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "forced": {"forced_colors": "active"}}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_axe(visit, site, look, width, prefix):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="make test-browser installs axe").Axe()
    page = visit(f"{site}{prefix}/", width=width, bypass_csp=True, **LOOKS[look])
    found = []
    for path in PAGES:
        page.goto(f"{site}{prefix}{path}")
        for violation in axe.run(page).response["violations"]:
            targets = [node["target"] for node in violation["nodes"][:3]]
            found.append((path, violation["id"], targets))
    assert found == [], "\n".join(map(str, found))
