"""The link of a campaign in a real browser: answered with the keyboard, no cookie, nothing for axe to find."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from initiatives.hearing import letters
from initiatives.models import Campagne, Envoi, Initiative, Proposition

from ..campaigning import launched, reachable
from ..people import account, session

pytestmark = pytest.mark.browser


@pytest.fixture
def site(site_of_its_own):
    return site_of_its_own


@pytest.fixture
def link(site):
    reachable(spvq="info@example.org")
    launched(User.objects.create_superuser("e", password="x"))
    return f"{site}/verification/{letters.token(Envoi.objects.exclude(courriel='').get())}/"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_organisation_answers_with_the_keyboard(visit, site, link, prefix):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="make test-browser installs axe").Axe()
    page = visit(link.replace(site, site + prefix), width=390, bypass_csp=True)
    assert axe.run(page).response["violations"] == []
    page.focus("main form button >> nth=0")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".raisons").count() == 2
    page.focus("main section form a >> nth=0")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert axe.run(page).response["violations"] == []
    page.focus("#id_frequence")
    page.keyboard.press("Control+a")
    page.keyboard.type("Chaque mois")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    answers = Proposition.objects.order_by("initiative").values_list("reponses", flat=True)
    assert list(answers) == [{"frequence": "Chaque mois"}, {}]
    page.focus("main section p.outils a >> nth=1")  # take it back: asked first
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert axe.run(page).response["violations"] == []
    page.focus("main form button >> nth=0")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert sorted(Proposition.objects.values_list("etat", flat=True)) == ["recue", "recue", "retiree"]
    assert page.context.cookies() == []
    assert page.notes == []


def test_a_campaign_from_the_list_to_its_calls(visit, site):
    """Four clicks to launch it, one to its calls, one to note one; at 390 px, with nothing for axe to find."""
    reachable(spvq="info@example.org")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="make test-browser installs axe").Axe()
    page = visit(f"{site}/admin/login/", width=390, bypass_csp=True)
    key = session(account("révision")).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": f"{site}/admin/"}])
    page.goto(f"{site}/admin/initiatives/campagne/")
    for click in (".object-tools .addlink", "input[name=_save]", *[".submit-row input[type=submit]"] * 2):
        with page.expect_navigation():
            page.click(click)
        assert axe.run(page).response["violations"] == []
    assert Campagne.objects.get().envois.exclude(courriel="").count() == 1
    assert "Les courriels partent" in page.locator("#suivi [role=status]").inner_text()
    Envoi.objects.exclude(courriel="").update(envoye_le=timezone.now())
    page.wait_for_function("document.querySelector('#suivi').innerText.includes('Tout ce qui pouvait partir')")
    with page.expect_navigation():
        page.click(".object-tools >> text=Appels à faire")
    assert axe.run(page).response["violations"] == []
    with page.expect_navigation():
        page.click(".appel button >> nth=0")
    assert Initiative.objects.exclude(verifiee_le=None).exists()
    assert page.notes == []
