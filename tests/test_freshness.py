"""What is kept in memory never outlives the data, and data addresses say when nothing changed."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from initiatives.core import versioned
from initiatives.finding.search import sql
from initiatives.models import Initiative, LigneAide

pytestmark = pytest.mark.django_db

PATHS = ["/", "/initiatives/", "/initiatives.json", "/initiatives/?region=montreal", "/regions/montreal/"]


@pytest.mark.parametrize("path", PATHS)
def test_the_second_time_costs_one_query(visitor, path, django_assert_num_queries):
    once = visitor.get(path)
    with django_assert_num_queries(2 if ".json" in path else 1):
        twice = visitor.get(path)
    assert once.content == twice.content
    assert once.headers["Content-Type"] == twice.headers["Content-Type"]


@pytest.mark.parametrize("path", PATHS)
def test_an_unpublished_fiche_is_gone_at_once_and_so_is_its_count(visitor, path):
    before = visitor.get(path).content
    Initiative.objects.filter(numero=145).update(statut="archivee")
    after = visitor.get(path).content
    assert before != after
    assert b"Les Survivantes" not in after
    assert visitor.json()["total"] == 151
    assert visitor.json(region="montreal")["total"] == 44


def test_each_language_and_each_address_has_its_own(visitor):
    pages = {visitor.get(path).content for path in ("/aide/", "/en/aide/", "/aide/?discret=1", "/aide/?f=54")}
    assert len(pages) == 4


def test_a_help_line_retired_is_gone_at_once(visitor):
    assert "tel:211" in visitor.page("/aide/")
    LigneAide.objects.filter(slug="211").update(active=False)
    assert "tel:211" not in visitor.page("/aide/")


def test_no_search_is_kept(visitor):
    visitor.page("/initiatives/", q="fugue")
    visitor.json(q="fugue")
    assert not any("fugue" in str(key) for key in versioned.ANSWERS.kept)


def test_refusals_are_not_kept(visitor):
    visitor.get("/initiatives/", {"foo": "1"})
    assert not any("foo" in str(key) for key in versioned.ANSWERS.kept)


def test_memory_has_a_limit():
    answers = versioned.Answers(max_bytes=100)
    for number in range(20):
        answers.put(number, b"x" * 30)
    assert list(answers.kept) == [17, 18, 19]
    assert answers.weight == 90


@pytest.mark.parametrize("path", ["/initiatives.json", "/initiatives.csv", "/initiatives/mobilis.json"])
def test_data_says_when_nothing_changed(visitor, path):
    tag = visitor.get(path).headers["ETag"]
    again = visitor.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert visitor.get(f"{path}?f=1", headers={"If-None-Match": tag}).status_code == 200
    Initiative.objects.filter(numero=136).update(titre="Autre")
    assert visitor.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_pages_have_no_etag(visitor):
    assert "ETag" not in visitor.get("/initiatives/").headers


def test_a_search_too_broad_is_said_and_leaves_no_trace(monkeypatch, caplog):
    """A statement timeout, forced: no log line may hold the search term."""
    monkeypatch.setattr(sql, "holds", lambda concept: ("pg_sleep(2) IS NOT NULL AND %s <> ''", ["secret"]))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 200")
    response = Client().get("/initiatives/", {"q": "hébergement"})
    assert response.status_code == 400
    assert "Recherche trop large" in response.content.decode()
    assert "hébergement" not in caplog.text.lower()


def test_the_server_s_log_holds_no_search_term():
    """The embedded server's own log, after a statement that failed with a term among its values."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW log_min_error_statement")
        if cursor.fetchone()[0] != "panic":
            pytest.skip("this server is not the embedded one; docs/operations.md says how to set it")
        cursor.execute("SET LOCAL statement_timeout = 100")
        with pytest.raises(OperationalError):
            cursor.execute("SELECT pg_sleep(2), %s", ["motsecretquetzalcoatl"])
    from repertoire.embedded_database import DATA

    assert "motsecretquetzalcoatl" not in (DATA / "log").read_text(errors="replace")
