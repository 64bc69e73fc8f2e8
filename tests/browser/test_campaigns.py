"""The link of a campaign in a real browser: answered with the keyboard, no cookie, nothing for axe to find."""

import pytest
from django.contrib.auth.models import User

from initiatives.hearing import campaigns
from initiatives.models import Campagne, Contact, Envoi, Organisme, Proposition

pytestmark = pytest.mark.browser


@pytest.fixture
def site(site_of_its_own):
    return site_of_its_own


@pytest.fixture
def link(site):
    Contact.objects.create(organisme=Organisme.objects.get(slug="spvq"), nature="courriel", valeur="info@example.org")
    campagne = Campagne.objects.create(nom="Essai", creee_par=User.objects.create_superuser("e", password="x"))
    campaigns.prepare(campagne)
    return f"{site}/verification/{campaigns.token(Envoi.objects.exclude(courriel='').get())}/"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_organisation_answers_with_the_keyboard(visit, site, link, prefix):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="make test-browser installs axe").Axe()
    page = visit(link.replace(site, site + prefix), width=390, bypass_csp=True)
    assert axe.run(page).response["violations"] == []
    page.focus("main form button >> nth=0")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".raisons").count() == 1
    page.focus("main form a >> nth=0")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert axe.run(page).response["violations"] == []
    page.focus("#id_frequence")
    page.keyboard.press("Control+a")
    page.keyboard.type("Chaque mois")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Proposition.objects.get().reponses["frequence"] == "Chaque mois"
    assert page.context.cookies() == []
    assert page.notes == []
