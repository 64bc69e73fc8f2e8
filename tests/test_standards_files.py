"""What describes the open data to tools: every column and every parameter is there, in both languages."""

import csv
import io
import re
from datetime import datetime

import pytest
from django.http import QueryDict
from django.urls import get_resolver

from initiatives.core.addresses import absolute
from initiatives.finding.filters import InitiativeFilter
from initiatives.models import Initiative, Source
from initiatives.publishing import dataset
from initiatives.publishing.standards import openapi

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("prefix", ["", "/en"])


def csv_of(visitor, prefix="") -> tuple[list[str], list[dict]]:
    text = visitor.get(f"{prefix}/initiatives.csv").getvalue().decode("utf-8-sig")
    reader = csv.DictReader(io.StringIO(text), delimiter=";")
    return list(reader.fieldnames), list(reader)


def accepts(field: dict, cell: str) -> bool:
    """Whether a field of the package takes a cell: as Frictionless would say it, without Frictionless."""
    limits = field.get("constraints", {})
    if not cell:
        return not limits.get("required")
    kind = field["type"]
    if kind == "integer":
        return cell.isdecimal() and limits.get("minimum", 0) <= int(cell) <= limits.get("maximum", 10**9)
    if kind == "boolean":
        return cell in field["trueValues"] + field["falseValues"]
    if kind in ("date", "datetime"):
        return bool(datetime.fromisoformat(cell))
    if "enum" in limits:
        return cell in limits["enum"]
    return bool(re.fullmatch(limits.get("pattern", "(?s:.*)"), cell))


@LANGUAGES
def test_the_package_describes_every_cell_of_the_file(visitor, prefix):
    headings, rows = csv_of(visitor, prefix)
    package = visitor.json(f"{prefix}/datapackage.json")
    table = package["resources"][0]
    fields = table["schema"]["fields"]
    assert [field["name"] for field in fields] == headings
    assert len(rows) == 152
    for row in rows:
        for field in fields:
            assert accepts(field, row[field["name"]]), (row["numero"], field["name"])
    for name in table["schema"]["primaryKey"], "slug", "url":
        assert len({row[name] for row in rows}) == 152
    assert table["dialect"]["delimiter"] == ";"
    assert all(field["description"] for field in fields)


def test_what_a_cell_may_not_hold_is_refused(visitor):
    fields = {field["name"]: field for field in visitor.json("/datapackage.json")["resources"][0]["schema"]["fields"]}
    for name, cell in [
        *(("region", "nulle-part"), ("region", ""), ("types", "outil | autre-chose"), ("age_min", "500")),
        *(("titre", ""), ("tous_ages", "oui"), ("numero", ""), ("stade", "")),
    ]:
        limits = fields[name].get("constraints", {})
        assert (name == "titre" and limits == {"required": True}) or not accepts(fields[name], cell), name


@LANGUAGES
def test_the_file_is_described_for_the_web(visitor, prefix):
    headings, _rows = csv_of(visitor, prefix)
    told = visitor.json(f"{prefix}/initiatives.csv-metadata.json")
    columns = {column["titles"]: column for column in told["tableSchema"]["columns"]}
    assert list(columns) == headings
    assert columns["types"]["separator"] == " | "
    assert columns["tous_ages"]["datatype"] == {"base": "boolean", "format": "1|0"}
    assert columns["a_verifier_le"]["datatype"] == "date"
    assert told["@context"][1] == {"@language": "en" if prefix else "fr"}
    answer = visitor.get(f"{prefix}/initiatives.csv?region=laval&par_page=5")
    assert f'<{absolute(prefix)}/initiatives.csv-metadata.json>; rel="describedby"' in answer.headers["Link"]
    assert 'rel="next"' in answer.headers["Link"]
    assert answer.getvalue()


def test_a_package_says_what_each_document_allows_and_nothing_else(visitor):
    package = visitor.json("/datapackage.json")
    assert [said["title"] for said in package["licenses"]] == [Source.objects.get(slug="recension-2022").reproduction]
    bip = Source.objects.get(slug="bip-6-2019")
    Initiative.objects.filter(numero=145).update(source=bip)
    package = visitor.json("/datapackage.json")
    assert {said["title"] for said in package["licenses"]} == set(
        Source.objects.filter(slug__in=["recension-2022", "bip-6-2019"]).values_list("reproduction", flat=True)
    )
    assert len(package["sources"]) == 2
    Initiative.objects.update(source=None)
    package = visitor.json("/datapackage.json")
    assert {"licenses", "sources", "contributors"}.isdisjoint(package)


def test_an_empty_directory_is_described_too(visitor):
    Initiative.objects.update(statut="archivee")
    for address in ("/datapackage.json", "/initiatives.csv-metadata.json", "/openapi.json"):
        assert visitor.json(address)


@LANGUAGES
def test_every_column_and_every_parameter_is_in_the_description(visitor, prefix):
    told = visitor.json(f"{prefix}/openapi.json")
    assert told["components"]["schemas"]["Fiche"]["required"] == [column.name for column in dataset.COLUMNS]
    listed = {one["name"]: one for one in told["paths"][f"{prefix}/initiatives.json"]["get"]["parameters"]}
    assert set(listed) == set(InitiativeFilter(QueryDict()).form.fields)
    assert all(one["description"] and one["description"] != "None" for one in listed.values())
    assert listed["region"]["schema"]["items"]["enum"][-2:] == ["monteregie", ""]
    answer = visitor.json(f"{prefix}/initiatives.json", par_page=1)
    facets = told["components"]["schemas"]["Facettes"]["required"]
    assert sorted(facets) == sorted(answer["facettes"])
    assert told["info"]["version"] == openapi.VERSION


def test_every_address_of_data_is_in_the_description():
    patterns = [
        pattern for resolver in get_resolver().url_patterns for pattern in getattr(resolver, "url_patterns", [])
    ]
    patterns = [inner for one in patterns for inner in getattr(one, "url_patterns", [one])]
    data = {one.name for one in patterns if getattr(getattr(one, "callback", None), "is_public_data", False)}
    # HSDS has a description of its own; machines of another kind read the rest.
    other = {"robots", "sitemap", "security"}
    assert {name for name in data - other if not name.startswith("hsds")} == {one.name for one in openapi.ADDRESSES}


@pytest.mark.parametrize("address", ["/portrait.json", "/portrait.csv"])
def test_the_portrait_refuses_what_it_does_not_know(visitor, address):
    assert visitor.refused(address, recension="2") == [("recension", "2")]
    assert visitor.refused(address, recension=["1", "2"]) == [("recension", "2")]
    assert visitor.get(address, {"recension": ""}).status_code == 200


@pytest.mark.parametrize("address", ["/ressources.json", "/ressources.csv"])
def test_the_resources_refuse_the_words_that_the_list_refuses(visitor, address):
    for words in ("a" * 301, "a\0b", ["a", "b"]):
        assert [name for name, _value in visitor.refused(address, q=words)] == ["q"]
    assert visitor.get(address, {"q": "a" * 300}).status_code == 200


def test_a_selection_refuses_what_is_no_number(visitor):
    assert visitor.refused("/selection.csv", f=["54", "abc", "-3"]) == [("f", "abc"), ("f", "-3")]
    assert visitor.get("/selection.csv?f=153").status_code == 404
    assert visitor.get("/selection.csv?f=").status_code == 400


def test_the_addresses_of_the_contract_are_these():
    """One that goes is told twelve months before, and VERSION's first number grows (docs/donnees.md)."""
    assert {
        "/initiatives.json",
        "/initiatives.csv",
        "/initiatives/{slug}.json",
        "/initiatives.atom",
        "/changements.json",
        "/donnees/initiatives.json",
        "/organismes.json",
        "/organismes/{slug}.json",
        "/regions.json",
        "/porteurs.json",
        "/selection.csv",
        "/portrait.json",
        "/portrait.csv",
        "/datapackage.json",
        "/initiatives.csv-metadata.json",
        "/openapi.json",
    } <= {one.path for one in openapi.ADDRESSES}


def test_the_descriptions_cost_few_queries(visitor, django_assert_num_queries):
    visitor.get("/openapi.json")
    for address, queries in [("/datapackage.json", 2), ("/initiatives.csv-metadata.json", 2), ("/en/openapi.json", 4)]:
        with django_assert_num_queries(queries):
            visitor.get(address)
        with django_assert_num_queries(1):
            visitor.get(address)
