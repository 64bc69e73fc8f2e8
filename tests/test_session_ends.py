"""A session that ends while somebody writes: what was sent is not lost in silence, and writing keeps it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from initiatives.models import Initiative

from .forms import address, form_data
from .people import PASSWORD, account, session
from .refused import failing

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

SAID = "ce que vous venez d&#x27;envoyer n&#x27;est pas enregistré"


def words(answer):
    return " ".join(answer.content.decode().split()).replace("'", "&#x27;")


def test_what_an_ended_session_sent_is_said_not_to_be_saved():
    user = account("rédaction")
    browser = session(user)
    page = browser.get(address(Initiative, "change", 153))
    data = form_data(page) | {"version_vue": page.context["version_vue"], "frequence": "Chaque mois"}
    Session.objects.all().delete()
    answer = browser.post(address(Initiative, "change", 153), data)
    asked = parse_qs(urlsplit(answer.url).query)
    assert (answer.status_code, asked["next"]) == (302, [address(Initiative, "change", 153)])
    login = browser.get(answer.url)
    assert (login.status_code, SAID in words(login)) == (200, True)
    # A wrong password says it still; the right one leads back to the page.
    sent = {"username": user.username, "password": "faux", "next": asked["next"][0]}
    assert SAID in words(browser.post(answer.url, sent))
    back = browser.post(answer.url, sent | {"password": PASSWORD})
    assert back.url == address(Initiative, "change", 153)
    assert Initiative.objects.get(pk=153).frequence != "Chaque mois"


def test_who_only_reads_or_leaves_is_told_nothing():
    for answer in (Client().get(address(Initiative, "change", 153)), Client().post("/admin/logout/")):
        assert "perdu" not in answer.headers.get("Location", "")
    assert SAID not in words(Client().get("/admin/login/?next=/admin/"))


def test_writing_keeps_the_session_and_says_nothing():
    browser = session(account("rédaction"))
    before = Session.objects.get().expire_date
    answer = browser.get("/admin/presence/")
    assert (answer.status_code, answer.content) == (204, b"")
    assert Session.objects.get().expire_date > before
    assert Client().get("/admin/presence/").status_code == 302


def test_the_form_knows_how_long_a_session_is():
    page = session(account("rédaction")).get(address(Initiative, "change", 153)).content.decode()
    assert f'data-duree="{settings.SESSION_COOKIE_AGE}"' in page
    assert 'data-presence="/admin/presence/"' in page
    assert "Votre session se termine dans cinq minutes" in page


@pytest.mark.parametrize("path", ["/", "/en/aide/", "/initiatives.json", "/proposer/", "/nulle-part/"])
def test_the_cookie_of_another_site_of_the_domain_is_no_session(path):
    """It may bear Django's usual name: nothing is read, written nor sent back, and a database away is no error."""
    browser = Client()
    browser.get(path)
    browser.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    response = browser.get(path)
    assert (len(response.cookies), Session.objects.count()) == (0, 0)
    status = 503 if path == "/proposer/" else response.status_code
    with failing("57P01", "terminating connection"):
        assert browser.get(path).status_code == status


def test_a_refusal_in_the_workshop_is_no_error_when_the_database_is_away():
    browser = session(account("rédaction"))
    browser.handler.enforce_csrf_checks = True
    with failing("57P01", "terminating connection"):
        response = browser.post("/admin/login/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
