"""Error pages keep the help lines, and do without the database."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

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


@pytest.mark.parametrize("path", ["/initiatives", "/aide"])
def test_a_missing_slash_is_added(visitor, path):
    assert visitor.get(path).status_code == 301


def test_health(visitor):
    data = visitor.json("/sante/")
    assert data["etat"] == data["base_de_donnees"] == data["migrations"] == "ok"
    assert data["version_des_donnees"] > 1


def test_health_when_the_database_is_down(monkeypatch):
    from initiatives.views import health

    def down(connection):
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "MigrationExecutor", down)
    response = Client().get("/sante/")
    assert response.status_code == 503
    assert response.json()["base_de_donnees"] == "indisponible"
