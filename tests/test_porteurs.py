"""The organisations of a list: the foremost beside it, the others by a name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.core import versioned
from initiatives.models import Initiative, Organisme
from initiatives.views import porteurs

pytestmark = pytest.mark.django_db


def boxes(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('name="porteur" value="')[1:]]


def test_the_page_names_thirty_those_of_most_fiches_and_says_how_many_others(visitor):
    counted = {row["valeur"]: row["nombre"] for row in visitor.json()["facettes"]["porteur"]}
    page = visitor.page("/initiatives/")
    shown = boxes(page)
    assert len(shown) == 30
    assert [counted[slug] for slug in shown] == sorted(counted.values(), reverse=True)[:30]
    assert f"Et {len(counted) - 30} autres organismes." in page


def test_only_those_of_the_list_are_named(visitor):
    counted = {row["valeur"]: row["nombre"] for row in visitor.json(region="laval")["facettes"]["porteur"]}
    page = visitor.page("/initiatives/", region="laval")
    assert sorted(boxes(page)) == sorted(slug for slug, number in counted.items() if number)
    assert "autres organismes." not in page


def test_one_that_is_chosen_is_always_named(visitor):
    rare = [row["valeur"] for row in visitor.json()["facettes"]["porteur"] if row["nombre"] == 1][-1]
    shown = boxes(visitor.page("/initiatives/", porteur=rare, region="gaspesie"))
    assert shown == [rare]


def test_the_list_as_data_names_them_all(visitor):
    assert len(visitor.json()["facettes"]["porteur"]) > 60


@pytest.mark.parametrize(
    ("typed", "slug"),
    [("spvm", "spvm"), ("POLICE montreal", "spvm"), ("projet intervention", "pipq"), ("pip", "pipq")],
)
def test_a_name_finds_an_organisation_whatever_its_case_its_accents_or_its_acronym(visitor, typed, slug):
    answer = visitor.get("/porteurs.json", {"nom": typed}).json()
    assert slug in [row["valeur"] for row in answer["resultats"]]
    assert f"?porteur={slug}" in visitor.page("/porteurs/", nom=typed)


def test_the_rest_of_the_list_is_kept_and_what_is_chosen_can_be_taken_out(visitor):
    page = visitor.page("/porteurs/", nom="spvm", region=["montreal", "laval"], q="police", porteur="pipq", page="2")
    assert "/initiatives/?region=montreal&amp;region=laval&amp;q=police&amp;porteur=pipq&amp;porteur=spvm" in page
    assert '<input type="hidden" name="region" value="laval">' in page
    assert 'name="page"' not in page
    page = visitor.page("/porteurs/", porteur="spvm", region="montreal")
    assert 'href="/initiatives/?region=montreal"' in page


def test_numbers_are_those_of_the_list(visitor):
    facets = visitor.json(region="laval")["facettes"]["porteur"]
    found = visitor.get("/porteurs.json", {"region": "laval"}).json()
    assert found["total"] == len(found["resultats"]) == sum(1 for row in facets if row["nombre"])
    assert {row["valeur"]: row["nombre"] for row in found["resultats"]} == {
        row["valeur"]: row["nombre"] for row in facets if row["nombre"]
    }


def test_a_name_typed_in_the_list_leads_to_them_without_javascript(visitor):
    answer = visitor.get("/initiatives/?region=laval&nom=pipq")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/porteurs/?region=laval&nom=pipq")
    assert visitor.get("/initiatives/?region=laval&nom=").status_code == 200


@pytest.mark.parametrize("query", ["nom=" + "a" * 101, "foo=1", "region=nulle-part"])
def test_what_cannot_be_answered_is_told(visitor, query):
    assert visitor.get(f"/porteurs/?{query}").status_code == 400
    assert "erreurs" in visitor.get(f"/porteurs.json?{query}").json()


def test_two_hundred_are_shown_at_most_and_the_others_are_counted(visitor, monkeypatch):
    monkeypatch.setattr(porteurs, "SHOWN", 3)
    found = visitor.get("/porteurs.json").json()
    assert (len(found["resultats"]), found["total"]) == (3, len(visitor.json()["facettes"]["porteur"]))
    page = visitor.page("/porteurs/")
    assert page.count("/initiatives/?porteur=") == 3
    assert f"{found['total'] - 3} autres : précisez le nom." in page


def test_nobody_of_that_name_is_a_sentence(visitor):
    assert "Aucun organisme de ce nom" in visitor.page("/porteurs/", nom="xyzzy")
    assert "No organization" in visitor.page("/en/porteurs/", nom="xyzzy")


def test_an_empty_list_is_not_a_name_that_nobody_has(visitor):
    page = visitor.page("/porteurs/", region="gaspesie")
    assert "Votre liste ne contient aucune initiative." in page
    assert "Aucun organisme de ce nom" not in page


def test_an_organisation_known_by_a_draft_alone_is_not_found(visitor):
    hidden = Organisme.objects.filter(liens_porteurs=None).first()
    assert visitor.get("/porteurs.json", {"nom": hidden.nom}).json()["total"] == 0
    pipq = Initiative.objects.filter(organismes__slug="pipq")
    pipq.update(statut="archivee")
    assert visitor.get("/porteurs.json", {"nom": "pipq"}).json()["total"] == 0


def test_what_is_typed_is_kept_nowhere(visitor):
    answer = visitor.get("/porteurs.json", {"nom": "pipq zzyx"})
    assert answer.headers["Cache-Control"] == "no-store"
    visitor.page("/porteurs/", nom="pipq zzyx")
    pieces = [body.decode() for body in map(versioned.ANSWERS.kept.get, list(versioned.ANSWERS.kept))]
    assert not any("zzyx" in piece for piece in pieces)


def test_names_are_read_once_for_a_version(visitor):
    visitor.get("/porteurs.json", {"nom": "pipq"})
    with CaptureQueriesContext(connection) as queries:
        visitor.get("/porteurs.json", {"nom": "spvm"})
    assert len(queries) == 1
    Organisme.objects.filter(slug="pipq").update(nom="Maison renommée")
    assert visitor.get("/porteurs.json", {"nom": "renommee"}).json()["total"] == 1
