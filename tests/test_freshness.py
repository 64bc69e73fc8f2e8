"""What is kept in memory never outlives the data, and data addresses say when nothing changed."""

import tracemalloc

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from initiatives.core import versioned
from initiatives.finding.search import sql
from initiatives.models import Initiative, LigneAide, VersionDonnees

pytestmark = pytest.mark.django_db

PATHS = ["/", "/initiatives/", "/initiatives.json", "/initiatives/?region=montreal", "/regions/montreal/"]


@pytest.mark.parametrize("path", PATHS)
def test_the_second_time_costs_one_query(visitor, path, django_assert_num_queries):
    once = visitor.get(path)
    with django_assert_num_queries(1):
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


@pytest.mark.parametrize("query", ["?q=fugue", "?q=fugue&region=laval", "?foo=1", "?region=nulle-part", "?page=99"])
def test_no_search_and_no_refusal_is_kept(visitor, query):
    for path in ("/initiatives.json", "/initiatives.csv", "/initiatives/"):
        visitor.get(f"{path}{query}")
    kept = [versioned.ANSWERS.kept[key] for key in list(versioned.ANSWERS.kept)]
    assert not any(body.startswith(b'{"Content-Type"') for body in kept)  # cards and fiches alone, no answer


def restored(**changes) -> None:
    """Another past: the version has the number of before, and the data are others."""
    number = versioned.data_version()
    Initiative.objects.filter(numero=145).update(**changes)
    VersionDonnees.objects.update(numero=number, modifiee_le=timezone.now())


ALSO = ["/initiatives/?q=survivantes", "/donnees/initiatives.json", "/initiatives.pdf?region=montreal"]


@pytest.mark.parametrize("path", [*PATHS, *ALSO])
def test_a_version_of_a_restored_database_is_not_that_of_before(visitor, path):
    """Fails where the number alone says that nothing changed: in memory, in the index, in the words, in an ETag."""
    before = visitor.get(path)
    tag, body = before.headers.get("ETag", ""), before.getvalue()
    restored(statut="archivee")
    after = visitor.get(path, headers={"If-None-Match": tag})
    assert (after.status_code, after.getvalue() == body) == (200, False)


def answers_with(number: int, max_bytes: int) -> versioned.Answers:
    """A memory in which `number` small answers were put, each under an address of 8 kB."""
    answers = versioned.Answers(max_bytes)
    for index in range(number):
        answers.put(("a version", f"{index}" + "x" * 8000), b"%d" % index)
    return answers


def test_memory_has_a_limit_that_counts_more_than_the_bodies():
    tracemalloc.start()
    answers = answers_with(5000, 1024 * 1024)
    taken, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 1024 * 1024
    assert 500 < len(answers.kept) < 5000


def test_the_least_used_answer_is_let_go_and_a_giant_never_kept():
    answers = answers_with(3, 3 * (versioned.OVERHEAD + 1))
    keys = [("a version", f"{index}" + "x" * 8000) for index in range(5)]
    assert [answers.get(key) for key in keys] == [b"0", b"1", b"2", None, None]
    answers.get(keys[0])
    answers.put(keys[3], b"3")
    assert [answers.get(key) for key in keys] == [b"0", None, b"2", b"3", None]
    answers.put(keys[3], b"x" * 10_000)
    assert [answers.get(key) for key in keys] == [b"0", None, b"2", None, None]
    answers.put(keys[2], b"y")
    assert answers.get(keys[2]) == b"y"
    answers.clear()
    assert [answers.get(key) for key in keys] == [None] * 5


def test_what_is_kept_of_a_version_is_let_go_when_another_begins(visitor):
    for version in range(1, 4):
        for index in range(5):
            versioned.ANSWERS.put((version, index), b"body")
    assert len(versioned.ANSWERS.kept) == 5
    assert [versioned.ANSWERS.get((version, 0)) for version in range(1, 4)] == [None, None, b"body"]
    versioned.forget()
    visitor.page("/initiatives/?region=laval")
    before = len(versioned.ANSWERS.kept)
    Initiative.objects.filter(numero=136).update(titre="Autre")
    visitor.page("/initiatives/?region=laval")
    assert len(versioned.ANSWERS.kept) == before


def test_no_address_is_kept_in_words(visitor):
    visitor.page("/initiatives/", region="montreal")
    assert {(type(key), len(key)) for key in versioned.ANSWERS.kept} == {(bytes, 32)}


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


@pytest.mark.usefixtures("from_the_database")
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
