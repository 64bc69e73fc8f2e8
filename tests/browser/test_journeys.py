"""What people come for, counted in clicks, in both languages: each from the home page, typing apart."""

import pytest

pytestmark = pytest.mark.browser
# Waits for the page to be still.
IN_SIGHT = """
element => new Promise(done => new IntersectionObserver((seen, watch) => {
    if (seen.at(-1).isIntersecting) { watch.disconnect(); done(true) }
}).observe(element))
"""
LANGUAGES = pytest.mark.parametrize("prefix", ["", "/en"])


class Walk:
    """A visit whose clicks are counted; Enter in a field is one."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def click(self, selector):
        self.clicks += 1
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()

    def enter(self, selector):
        self.clicks += 1
        with self.page.expect_navigation():
            self.page.locator(selector).first.press("Enter")

    def titles(self):
        return [title.strip() for title in self.page.locator(".vignette-titre").all_text_contents()]


@pytest.fixture(params=[390, 1280])
def walk(request, visit, site):
    def start(prefix):
        return Walk(visit(f"{site}{prefix}/", width=request.param))

    return start


@LANGUAGES
def test_from_home_to_help_and_out(walk, elsewhere, prefix):
    here = walk(prefix)
    here.click(".secours a[href*='/aide/']")
    assert here.page.locator("a.ligne[href='tel:18889339007']").first.is_visible()
    here.click(".quitter")
    here.page.wait_for_url(elsewhere)
    assert here.clicks == 2


@LANGUAGES
def test_a_girl_of_fifteen_to_a_service_that_takes_her(walk, prefix):
    here = walk(prefix)
    here.click(".porte.aide a[href*='besoin=rue']")
    here.page.fill("#preciser-age", "15")
    here.enter("#preciser-age")
    assert here.page.url.endswith("besoin=rue&age=15&region=")
    here.click(".vignette-titre a")
    bref = here.page.locator("#bref + dl").inner_text()
    assert ("Jeunes" if not prefix else "Young people") in bref
    assert here.page.locator(".etat.en-application").count() == 1
    assert here.clicks == 3


@LANGUAGES
def test_lodging_for_a_boy_of_seventeen_near_quebec(walk, prefix):
    here = walk(prefix)
    here.page.fill("#q", "lodging for a boy of 17 in Quebec City" if prefix else "hébergement garçon 17 ans Québec")
    here.enter("#q")
    assert here.titles()[0] in ("Travail de rue et hébergement", "Hébergement jeunesse l'antichambre 12-17")
    here.click(".vignette-titre a")
    assert here.clicks == 2


@LANGUAGES
def test_training_for_a_police_team(walk, prefix):
    here = walk(prefix)
    here.click(".porte a[href*='besoin=former-police']")
    here.click(".vignette-titre a")
    assert ("Milieux policiers" if not prefix else "Police") in here.page.locator("#bref + dl").inner_text()
    assert here.clicks == 2


@LANGUAGES
def test_a_group_for_parents_where_there_is_none(walk, prefix):
    here = walk(prefix)
    asked = (
        "I have nowhere to sleep tonight, I am in the Laurentides"
        if prefix
        else "nulle part où dormir, dans les Laurentides"
    )
    here.page.fill("#q", asked)
    here.enter("#q")
    said = "None answers this in this region" if prefix else "Aucune ne répond à cela dans cette région"
    nearest = f".avis:has-text('{said}') a"
    here.click(nearest)
    here.page.locator(nearest).first.wait_for(state="detached")
    here.click(".vignette-titre a")
    assert here.clicks == 3


@LANGUAGES
def test_three_compared_and_sent(walk, prefix):
    here = walk(prefix)
    here.click(".porte a.bouton[href$='/initiatives/']")
    for _again in range(3):
        here.click(".choisir:has-text('+')")
    here.click(".selection-barre a")
    assert here.page.locator(".comparaison thead a").count() == 3
    assert here.page.locator("a[href^='mailto:']").first.get_attribute("href").count("/initiatives/") == 3
    assert here.clicks + 1 <= 6


@LANGUAGES
def test_how_to_reach_an_initiative_from_its_card(walk, prefix):
    here = walk(prefix)
    here.page.fill("#q", "selfie")
    here.enter("#q")
    before = here.clicks
    here.click(".vignette a[href$='#joindre']")
    part = here.page.locator("section:has(> #joindre)")
    for selector in ("h2", "a[href='tel:211']"):
        assert part.locator(selector).evaluate(IN_SIGHT)
    said = "Call 211 and say: I am trying to reach" if prefix else "Appelez le 211 et dites : je cherche à joindre"
    assert said in part.inner_text()
    assert here.clicks - before == 1


def test_the_code_is_asked_for_when_it_is_looked_at(visit, site):
    page = visit(f"{site}/initiatives/mobilis/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/static/" not in request.url else None)
    page.locator("#partager").scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    assert asked == []
    with page.expect_response("**/mobilis.svg"):
        page.click("text=Un code à photographier")
    page.locator("img.qr").evaluate("image => image.decode()")  # fails where it is no image
    assert asked == [f"{site}/initiatives/mobilis.svg"]
    assert page.locator("img.qr").bounding_box()["width"] == 144
    assert page.notes == []
