"""Error pages keep the help lines, and do without the database."""

import re

import pytest
from django.db import OperationalError, connection
from django.test import Client

from initiatives.models import Initiative
from initiatives.views import initiatives as views
from initiatives.views import public

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_not_found(visitor, prefix, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = visitor.get(f"{prefix}/nulle-part/")
    assert response.status_code == 404
    assert "1-833-900-1010" in response.content.decode()


def test_server_error_without_database(monkeypatch):
    def broken(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(views, "count_facets", broken)
    monkeypatch.setattr(public, "data_version", lambda: 1)
    with connection.execute_wrapper(down):
        response = Client(raise_request_exception=False).get("/initiatives/")
    assert response.status_code == 500
    assert "1 888 933-9007" in response.content.decode()


def down(*args):
    raise OperationalError("connection refused")


def test_database_down():
    with connection.execute_wrapper(down):
        response = Client().get("/initiatives/")
        assert Client().get("/initiatives.json").json()["erreurs"]
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "1 888 933-9007" in response.content.decode()


def test_csv_is_no_empty_file_when_the_database_is_down():
    with connection.execute_wrapper(down):
        assert Client().get("/initiatives.csv").status_code == 503


def test_the_other_language_of_an_address_that_leads_nowhere_is_a_home(visitor):
    assert 'href="/en/" lang="en"' in visitor.get("/nulle-part/").content.decode()
    assert 'href="/" lang="fr-CA"' in visitor.get("/en/nulle-part/").content.decode()


def links(page: str) -> list[str]:
    """Where a page's links and its head lead, its style and its scripts left out."""
    return [link.replace("&amp;", "&") for link in re.findall(r'(?:href|action)="((?!/static/|#)[^"]*)"', page)]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "///evil.example", "/\\/evil.example"])
@pytest.mark.parametrize("query", ["", "?discret=1", "?discret=1&f=54"])
def test_no_link_of_a_page_that_is_not_found_leads_to_another_site(visitor, prefix, path, query):
    response = visitor.get(f"/{query}", PATH_INFO=f"{prefix}{path}")
    assert response.status_code == 404
    page = response.content.decode()
    assert "evil" not in page
    assert [link for link in links(page) if not re.match(r"/(?![/\\])|\?|https://|tel:|sms:|#", link)] == []


@pytest.mark.parametrize(
    ("path", "status", "asked"),
    [
        ("/nulle-part/", 404, True),
        ("/initiatives/ouragan-en-mouvement/", 410, True),
        ("/initiatives/?region=nulle-part", 400, True),
        ("/accessibilite/signaler/?" + "&x=1" * 1001, 400, False),
    ],
)
def test_where_nothing_is_found_one_can_ask(visitor, path, status, asked):
    Initiative.objects.filter(slug="mobilis").update(slug="ouragan-en-mouvement", statut="archivee")
    response = visitor.get(path, {"f": "54"} if "?" not in path else None)
    assert response.status_code == status
    page = response.content.decode()
    assert ('role="search"' in page) is asked
    if asked and status != 400:
        assert '<input type="hidden" name="f" value="54">' in page.split('role="search"')[1]


def test_a_criterion_that_is_refused_has_its_everyday_name(visitor):
    page = visitor.get("/initiatives/", {"region": "nulle-part", "foo": "1"}).content.decode()
    refused = page.split('<ul class="refus">')[1].split("</ul>")[0]
    assert re.findall(r"<strong>([^<]+)</strong>", refused) == ["Région", "foo"]
    assert refused.count('href="/regions/"') == 1


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nulle-part/?", 404),
        ("/initiatives/jamais-vue/?", 404),
        ("/initiatives/?region=nulle-part&", 400),
        ("/initiatives/?page=99&", 400),
        ("/initiatives/ouragan-en-mouvement/?", 410),
        ("/verification/x/?", 410),
    ],
)
def test_an_error_page_keeps_the_discreet_mode_and_the_selection(visitor, prefix, path, status):
    Initiative.objects.filter(slug="mobilis").update(slug="ouragan-en-mouvement", statut="archivee")
    response = visitor.get(f"{prefix}{path}f=54&f=12&discret=1")
    assert response.status_code == status
    page = response.content.decode()
    assert re.search("<title>(.*)</title>", page)[1].replace("&#x27;", "'") in (
        "Page d'information",
        "Information page",
    )
    inside = [link for link in links(page) if re.match(r"[/?]", link)]
    assert len(inside) > 15
    astray = [link for link in inside if "f=54&f=12" not in link or "discret=1" not in link]
    assert [link for link in astray if "f=54&f=12" not in link] == []
    assert len(astray) == 1  # the way out of the discreet mode


def test_a_page_refused_for_too_many_parameters_stays_discreet(visitor):
    page = visitor.get("/aide/?discret=1" + "&x=1" * 1001)
    assert page.status_code == 400
    assert 'data-discret="1"' in page.content.decode()


@pytest.mark.parametrize("path", ["/", "/initiatives/", "/initiatives/mobilis/", "/regions/laval/", "/selection/"])
def test_every_link_to_data_stays_discreet(visitor, path):
    page = visitor.page(path, discret="1", f="54")
    data = [link for link in links(page) if re.search(r"\.(csv|json|pdf)\b", link)]
    assert data
    assert [link for link in data if "discret=1" not in link] == []


@pytest.mark.parametrize("path", ["/initiatives", "/aide"])
def test_a_missing_slash_is_added(visitor, path):
    assert visitor.get(path).status_code == 301


def test_health(visitor):
    data = visitor.json("/sante/")
    assert data["etat"] == data["base_de_donnees"] == data["migrations"] == "ok"
    assert data["version_des_donnees"] > 1


def test_health_is_asked_again_each_time_and_only_read():
    assert "no-store" in Client().get("/sante/").headers["Cache-Control"]
    assert Client(enforce_csrf_checks=True).post("/sante/").status_code == 405


def test_health_when_the_database_is_down(monkeypatch):
    from initiatives.views import health

    def down(connection):
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "MigrationExecutor", down)
    response = Client().get("/sante/")
    assert response.status_code == 503
    assert response.json()["base_de_donnees"] == "indisponible"
