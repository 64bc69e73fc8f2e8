"""HSDS: every service and organisation against HSDS's own schemas, what is asked of the lists, and what never leaks."""

import copy
import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator, FormatChecker

from initiatives.core.enums import Regions, Visibilite
from initiatives.core.versioned import forget
from initiatives.models import Changement, Contact, Initiative, Organisme
from initiatives.publishing.dataset import COLUMNS
from initiatives.publishing.standards.hsds.forms import FORMS
from initiatives.publishing.standards.hsds.organisations import id_of
from initiatives.publishing.standards.hsds.parameters import ASKED
from initiatives.publishing.standards.hsds.places import PLACES
from initiatives.publishing.standards.hsds.services import id_of_fiche
from initiatives.publishing.standards.hsds.taxonomies import taxonomies, term_id
from initiatives.views import hsds

pytestmark = pytest.mark.django_db

SCHEMAS = Path(settings.BASE_DIR).parent / "shared/standards/hsds-3.1"


@cache
def validator(name: str) -> Draft202012Validator:
    """HSDS's own schema, with the formats that it names; skipped where nobody put it."""
    path = SCHEMAS / name
    if not path.exists():
        pytest.skip(f"{path} is not there: the schemas of HSDS are not copied into this repository.")
    schema = json.loads(path.read_text("utf-8"))
    text = json.dumps(schema).replace('"$ref": "metadata.json"', '"type": "object"')
    text = text.replace('"$ref": "taxonomy.json"', '"type": "object"')
    return Draft202012Validator(json.loads(text), format_checker=FormatChecker())


def valid(name: str, element: dict) -> None:
    found = [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator(name).iter_errors(element)
    ]
    assert found == []


def everything(visitor, path: str, **parameters) -> list[dict]:
    """Every element of a list, page after page."""
    found, page = [], 1
    while True:
        answer = visitor.json(path, per_page=100, page=page, **parameters)
        found += answer["contents"]
        assert answer["size"] == len(answer["contents"])
        assert answer["last_page"] == (page == answer["total_pages"])
        if answer["last_page"]:
            assert answer["total_items"] == len(found)
            return found
        page += 1


def fits(name: str, element: dict) -> None:
    """Against what our own OpenAPI document says of it, and nothing that it does not say."""
    closed = json.loads(
        json.dumps(FORMS).replace('"type": "object"', '"type": "object", "additionalProperties": false')
    )
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": closed}}
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(element)


def lines_of(visitor, path: str, **parameters) -> str:
    """A list, a line for each element."""
    return visitor.get(path, {"format": "ndjson", **parameters}).getvalue().decode()


def attributes(element: dict, link_type: str) -> list:
    """The codes of an element's terms of a kind, or what its words say."""
    rows = [row for row in element["attributes"] if row["link_type"] == link_type]
    return [row["taxonomy_term"]["code"] if "taxonomy_term" in row else row["value"] for row in rows]


def without_links(element: dict) -> dict:
    return {key: value for key, value in element.items() if not isinstance(value, list | dict)}


def test_every_column_has_a_place():
    assert set(PLACES) == {column.name for column in COLUMNS}
    empty = [name for name, place in PLACES.items() if not (place.where or place.taxonomy or place.said)]
    assert empty == []


def test_every_code_of_a_column_is_a_term():
    coded = {column.name for column in COLUMNS if column.enum is not None}
    assert {name for name in coded if not PLACES[name].taxonomy} == {"strategie_principale", "strategies_provenance"}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_service_is_what_hsds_says(visitor, prefix):
    found = everything(visitor, f"{prefix}/hsds/services", full="true")
    assert len(found) == 152
    for element in found:
        valid("compiled/service.json", element)
    for element in found[::10]:
        fits("Service", element)
    ids = [row["id"] for element in found for row in element["attributes"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_organisation_is_what_hsds_says(visitor, prefix):
    found = everything(visitor, f"{prefix}/hsds/organizations", full="true")
    assert len(found) == Organisme.objects.publics().count() > 60
    for element in found:
        valid("compiled/organization.json", element)
    for element in everything(visitor, f"{prefix}/hsds/organizations"):
        fits("OrganizationList", element)
    carried = [service["id"] for element in found for service in element.get("services", [])]
    assert len(set(carried)) == 151  # one fiche names nobody


def test_every_taxonomy_and_term_is_what_hsds_says(visitor):
    lists, terms = everything(visitor, "/hsds/taxonomies"), everything(visitor, "/hsds/taxonomy_terms")
    for element in lists:
        valid("taxonomy.json", element)
        assert visitor.json(f"/hsds/taxonomies/{element['id']}") == element
    for element in terms:
        valid("taxonomy_term.json", element)
        fits("TaxonomyTerm", element)
    assert visitor.json(f"/hsds/taxonomy_terms/{terms[40]['id']}") == terms[40]
    assert {element["id"] for element in lists} == {element["taxonomy_id"] for element in terms}
    page = visitor.page("/hsds/profil/")
    for element in [*lists, *terms]:
        address = element.get("term_uri") or element["uri"]
        assert f'id="{address.partition("#")[2]}"' in page


def wrong(element: dict, name: str, value) -> dict:
    element = copy.deepcopy(element)
    *way, last = name.split("/")
    place = element
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return element


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "64"),
        ("status", "en-application"),
        ("url", "pas une adresse"),
        ("minimum_age", "douze"),
        ("last_modified", "hier"),
        ("name", None),
        ("organization/description", None),
        ("service_areas/0/id", 3),
        ("attributes/0/taxonomy_term/taxonomy_detail/uri", "ici même"),
        ("organization_id", "l-anonyme"),
    ],
)
def test_what_is_no_service_is_refused_by_the_same_schema(visitor, name, value):
    element = visitor.json(f"/hsds/services/{id_of_fiche(64)}")
    valid("compiled/service.json", element)
    with pytest.raises(AssertionError):
        valid("compiled/service.json", wrong(element, name, value))


def test_a_service_says_what_the_fiche_says(visitor):
    for fiche in visitor.json(par_page=100)["resultats"][::7]:
        said = visitor.json(f"/hsds/services/{id_of_fiche(fiche['numero'])}")
        assert (said["name"], said["url"]) == (fiche["titre"], fiche["url"])
        assert (said.get("minimum_age"), said.get("maximum_age")) == (fiche["age_min"], fiche["age_max"])
        assert said.get("description", "") == fiche["description"]
        for column, link_type in (("types", "service_type"), ("clienteles", "audience"), ("mentions", "mention")):
            assert attributes(said, link_type) == fiche[column]
        for column in ("besoins", "strategies", "rubriques"):
            assert attributes(said, PLACES[column].link_type) == fiche[column]
        assert attributes(said, "objectifs") == fiche["objectifs"]
        assert attributes(said, "service_area") == [fiche["region"]]
        assert attributes(said, "numero") == [str(fiche["numero"])]
        assert attributes(said, "licence") == [fiche["licence"]]
        assert attributes(said, "collecte_debut") == [fiche["source"]["collecte_debut"]]
        assert said.get("organization_id") == (id_of(fiche["porteurs"][0]["slug"]) if fiche["porteurs"] else None)


def test_several_porteurs_and_none(visitor):
    several, nobody = (visitor.json(f"/hsds/services/{id_of_fiche(numero)}") for numero in (25, 93))
    others = attributes(several, "co_provider")
    assert len(others) == 2
    for other in others:
        carried = visitor.json(f"/hsds/organizations/{other}")["services"]
        assert several["id"] in [service["id"] for service in carried]
    assert {"organization", "organization_id"} & set(nobody) == set()


def whole(numero: int) -> None:
    Initiative.objects.filter(numero=numero).update(
        financement="finance",
        financement_source="Un programme",
        niveaux_risque=["a-risque"],
        composantes="Trois",
        pour_en_savoir_plus="Un guide",
        famille="Une famille",
        frequence="Chaque semaine",
        langue_objectifs="en",
        verifiee_le="2026-01-02",
        a_verifier_le="2027-01-02",
        modifiee_le="2026-01-02T08:00:00-05:00",
        sexe="feminin",
    )
    for nature, valeur in (
        ("courriel", "a@exemple.org"),
        ("courriel", "b@exemple.org"),
        ("telephone", "418 555-0100"),
        ("site-web", "https://exemple.org/"),
        ("adresse", "1, rue Principale"),
        ("municipalite", "Laval"),
    ):
        Contact.objects.create(initiative_id=numero, nature=nature, valeur=valeur, visibilite=Visibilite.PUBLIQUE)


def test_a_fiche_with_everything(visitor):
    whole(104)
    said = visitor.json(f"/hsds/services/{id_of_fiche(104)}")
    valid("compiled/service.json", said)
    fits("Service", said)
    assert said["email"] == "a@exemple.org"
    assert [row["email"] for row in said["contacts"]] == ["b@exemple.org"]
    assert [row["number"] for row in said["phones"]] == ["418 555-0100"]
    assert [row["url"] for row in said["additional_urls"]] == ["https://exemple.org/"]
    assert [row["location"]["name"] for row in said["service_at_locations"]] == ["1, rue Principale"]
    assert attributes(said, "municipalite") == ["Laval"]
    assert (said["program"]["name"], said["program_id"]) == ("Une famille", said["program"]["id"])
    assert said["funding"][0]["source"] == "Un programme"
    assert said["schedules"][0]["description"] == "Chaque semaine"
    assert said["assured_date"] == "2026-01-02"
    assert "Féminin" in said["eligibility_description"]
    places = visitor.json("/hsds/service_at_locations")
    assert (places["total_items"], places["contents"]) == (1, said["service_at_locations"])
    assert visitor.json(f"/hsds/service_at_locations/{places['contents'][0]['id']}") == places["contents"][0]


def test_a_fiche_with_nothing(visitor):
    Initiative.objects.filter(numero=25).update(
        types=[],
        objectifs=[],
        description="",
        annee=None,
        source=None,
        sexe="",
        cible="",
        lieu="",
        modalite="",
        clienteles=[],
        implications=[],
        age_min=None,
        age_max=None,
        age_mention="",
        autre_clientele_mention="",
        frequence="",
        partenaires="",
        porteur_mention="",
        cible_mention="",
        famille="",
    )
    Initiative.objects.get(numero=25).liens_porteurs.all().delete()
    said = visitor.json(f"/hsds/services/{id_of_fiche(25)}")
    valid("compiled/service.json", said)
    assert set(without_links(said)) == {"id", "name", "status", "url", "last_modified"}


def test_an_empty_directory_is_valid(visitor):
    Initiative.objects.update(statut="archivee")
    for path in ("services", "service_at_locations"):
        answer = visitor.json(f"/hsds/{path}")
        assert answer == {
            "total_items": 0,
            "total_pages": 1,
            "page_number": 1,
            "size": 0,
            "first_page": True,
            "last_page": True,
            "empty": True,
            "contents": [],
        }
    for element in everything(visitor, "/hsds/organizations", full="true"):
        valid("compiled/organization.json", element)
        assert "services" not in element
    assert lines_of(visitor, "/hsds/services") == ""


def test_what_is_for_editors_never_leaves(visitor):
    Contact.objects.create(initiative_id=104, nature="telephone", valeur="555-0142", precision="Brouillon tiré")
    Contact.objects.create(organisme=Organisme.objects.get(slug="pipq"), nature="adresse", valeur="rien développé")
    Initiative.objects.filter(numero=104).update(note_interne="personnes à risque ou victimes")
    Organisme.objects.filter(slug="pipq").update(note_interne="ASTTEQ")
    drafts = [id_of_fiche(numero) for numero in range(153, 158)]
    for path in ("services", "organizations", "service_at_locations"):  # the visitor looks for every secret
        for parameters in ({}, {"full": "true"}, {"full": "true", "format": "ndjson"}):
            text = visitor.get(f"/hsds/{path}", {"per_page": 100, **parameters}).getvalue().decode()
            assert not any(draft in text for draft in drafts)
    for draft in drafts:
        assert visitor.get(f"/hsds/services/{draft}").status_code == 404


def test_former_ones(visitor):
    Initiative.objects.filter(numero=1).update(statut="archivee")
    Initiative.objects.filter(numero=2).update(statut="archivee", fusionnee_dans=3)
    kept, other = Organisme.objects.publics()[:2]
    Organisme.objects.filter(pk=other.pk).update(fusionne_dans=kept)
    gone = visitor.get(f"/hsds/services/{id_of_fiche(1)}")
    assert (gone.status_code, list(gone.json())) == (410, ["erreurs"])
    moved = visitor.get(f"/en/hsds/services/{id_of_fiche(2)}")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/en/hsds/services/{id_of_fiche(3)}")
    moved = visitor.get(f"/hsds/organizations/{id_of(other.slug)}")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/hsds/organizations/{id_of(kept.slug)}")
    for path in ("services", "organizations", "taxonomies", "taxonomy_terms", "service_at_locations"):
        nothing = visitor.get(f"/hsds/{path}/{id_of_fiche(9999)}")
        assert (nothing.status_code, list(nothing.json())) == (404, ["erreurs"])


def services_of(visitor, **parameters) -> set[str]:
    return {element["id"] for element in everything(visitor, "/hsds/services", **parameters)}


@pytest.mark.parametrize(
    ("taxonomy", "code", "parameter"),
    [
        ("region", "laval", "region"),
        ("type", "prevention", "type"),
        ("clientele", "parents", "clientele"),
        ("stade", "en-suspens", "stade"),
        ("implication", "victime", "implication"),
        ("lieu", "scolaire", "lieu"),
        ("modalite", "ateliers", "modalite"),
        ("besoin", "dormir", "besoin"),
        ("strategie", "filet", "strategie"),
        ("pour-qui", "filles-seulement", "pour-qui"),
        ("mention", "lgbtq", "mention"),
        ("cible", "autre", "cible"),
    ],
)
def test_a_term_gives_what_the_list_gives(visitor, taxonomy, code, parameter):
    expected = {id_of_fiche(numero) for numero in visitor.numeros(**{parameter: code})}
    term = term_id(taxonomies()[taxonomy], code)
    found = services_of(visitor, taxonomy_term_id=term)
    assert expected <= found
    assert len(found) == visitor.json(**{parameter: code})["total"]


def test_what_is_asked_narrows(visitor):
    laval, prevention = term_id(taxonomies()["region"], "laval"), term_id(taxonomies()["type"], "prevention")
    both = services_of(visitor, taxonomy_term_id=[laval, prevention])
    assert both == services_of(visitor, taxonomy_term_id=laval) & services_of(visitor, taxonomy_term_id=prevention)
    assert 0 < len(both) < 17
    typed = services_of(visitor, taxonomy_id=taxonomies()["type"].id)
    assert len(typed) == Initiative.objects.publiees().exclude(types=[]).count()
    carried = services_of(visitor, organization_id=id_of("pipq"))
    assert carried == {id_of_fiche(numero) for numero in visitor.numeros(porteur="pipq")}
    found = services_of(visitor, search="travail de rue", taxonomy_term_id=laval)
    assert found == {id_of_fiche(numero) for numero in visitor.numeros(q="travail de rue", region="laval")}
    named = everything(visitor, "/hsds/organizations", search="pipq")
    assert [element["id"] for element in named] == [id_of("pipq")]
    police = term_id(taxonomies()["categorie"], "police")
    assert len(everything(visitor, "/hsds/organizations", taxonomy_term_id=police)) == (
        Organisme.objects.publics().filter(categorie="police").count()
    )
    assert services_of(visitor, taxonomy_term_id=police) == set()
    regions = everything(visitor, "/hsds/taxonomy_terms", taxonomy_id=taxonomies()["region"].id)
    assert [element["code"] for element in regions] == Regions.values


def test_what_changed_since(visitor):
    later = "2030-01-02T08:00:00-05:00"
    assert services_of(visitor, modified_after=later) == set()
    Initiative.objects.filter(numero=7).update(modifiee_le=later)
    Initiative.objects.filter(numero=8).update(publiee_le=later)
    for asked in (later, "2030-01-02", "2030-01-02T13:00:00Z"):
        changed = everything(visitor, "/hsds/services", modified_after=asked, full="true")
        assert [element["id"] for element in changed] == [id_of_fiche(7), id_of_fiche(8)]
        assert all(
            datetime.fromisoformat(element["last_modified"]) == datetime.fromisoformat(later) for element in changed
        )
    assert services_of(visitor, modified_after="2030-01-03") == set()
    few = visitor.json("/hsds/services", minimal="true")
    assert (few["total_items"], few["size"], few["total_pages"]) == (152, 152, 1)
    assert set(few["contents"][0]) == {"id", "name", "status", "last_modified", "modified_date"}


def test_what_a_fiche_shares_is_a_change_of_it_too(visitor):
    Changement.objects.update(fait_le="2026-01-10T15:00:00Z")
    Initiative.objects.update(publiee_le="2026-01-10T15:00:00Z")
    forget()
    assert services_of(visitor, modified_after="2026-01-11") == set()
    spvm = Organisme.objects.get(slug="spvm")
    Contact.objects.create(organisme=spvm, nature="telephone", valeur="418 555-0100", visibilite=Visibilite.PUBLIQUE)
    changed = services_of(visitor, modified_after="2026-01-11")
    assert changed == services_of(visitor, organization_id=id_of("spvm"))
    said = visitor.json(f"/hsds/services/{id_of_fiche(104)}")
    assert said["last_modified"] == "2026-01-10T10:00:00-05:00"


def copied(visitor, known: dict[str, dict], since: str) -> dict[str, dict]:
    """A copy of the services kept in step, as the page of the profile tells."""
    for element in everything(visitor, "/hsds/services", full="true", modified_after=since):
        known[element["id"]] = element
    present = {element["id"] for element in everything(visitor, "/hsds/services", minimal="true")}
    return {key: element for key, element in known.items() if key in present}


def test_a_copy_stays_in_step(visitor):
    known = copied(visitor, {}, "")
    since = datetime.now(UTC).isoformat()
    Initiative.objects.filter(numero=1).update(titre="Autrement")
    Initiative.objects.filter(numero=2).update(statut="archivee")
    Initiative.objects.filter(numero=3).update(statut="archivee", fusionnee_dans=4)
    draft = Initiative.objects.get(numero=153)
    draft.statut, draft.publiee_le, draft.titre, draft.description = "publiee", datetime.now(UTC), "Venue depuis", ""
    draft.porteur_mention = draft.partenaires = draft.autre_clientele_mention = ""
    draft.objectifs = []
    draft.save()
    known = copied(visitor, known, since)
    assert known == copied(visitor, {}, "")
    assert {known[id_of_fiche(numero)]["name"] for numero in (1, 153)} == {"Autrement", "Venue depuis"}
    assert len(known) == 151


def test_replicating_is_reading_every_line(visitor):
    text = lines_of(visitor, "/hsds/services", full="true")
    assert [json.loads(line) for line in text.splitlines()] == everything(visitor, "/hsds/services", full="true")


@pytest.mark.parametrize(("first", "then"), [(1, 2), (151, 1), (152, 7)])
def test_lines_are_the_same_however_they_are_cut(visitor, monkeypatch, first, then):
    whole = lines_of(visitor, "/en/hsds/services", taxonomy_id=taxonomies()["region"].id)
    monkeypatch.setattr(hsds, "FIRST_LINES", first)
    monkeypatch.setattr(hsds, "LINES", then)
    assert lines_of(visitor, "/en/hsds/services", taxonomy_id=taxonomies()["region"].id) == whole
    few = [json.loads(line) for line in lines_of(visitor, "/hsds/services", minimal="true").splitlines()]
    assert few == visitor.json("/hsds/services", minimal="true")["contents"]
    assert len(lines_of(visitor, "/hsds/organizations").splitlines()) == Organisme.objects.publics().count()


def test_pages_lead_to_one_another(visitor):
    answer = visitor.get("/hsds/services", {"page": 2, "per_page": 10})
    assert re.findall(r'page=(\d+)[^>]*>; rel="(\w+)"', answer.headers["Link"]) == [("3", "next"), ("1", "prev")]
    past = visitor.get("/hsds/services", {"page": 99})
    assert (past.status_code, past.json()["erreurs"][0]["parametre"]) == (404, "page")


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("services", "page", "0"),
        ("services", "page", "-1"),
        ("services", "per_page", "101"),
        ("services", "full", "oui"),
        ("services", "page", "1000000000"),
        ("taxonomies", "search", "x" * 301),
        ("organizations", "search", "\0"),
        ("services", "modified_after", "hier"),
        ("services", "modified_after", "0000-00-00"),
        ("services", "taxonomy_term_id", "laval"),
        ("services", "inconnu", "1"),
        ("services", "format", "xml"),
        ("services", "search", "x" * 301),
        ("services", "search", "\ufffd"),
        ("organizations", "modified_after", "2026-01-01"),
        ("taxonomies", "full", "true"),
    ],
)
def test_nothing_is_guessed(visitor, path, name, value):
    assert [row[0] for row in visitor.refused(f"/hsds/{path}", **{name: value})] == [name]
    assert visitor.get(f"/hsds/{path}", {name: ""}).status_code == 200


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("services", ["taxonomy_term_id", "taxonomy_id", "organization_id"]),
        ("organizations", ["taxonomy_term_id", "taxonomy_id"]),
        ("taxonomy_terms", ["taxonomy_id", "parent_id"]),
    ],
)
def test_what_nothing_has_gives_nothing(visitor, path, names):
    for name in names:
        assert everything(visitor, f"/hsds/{path}", **{name: id_of_fiche(1)}) == []


def test_an_address_that_is_none_is_said_as_data(visitor):
    upper = visitor.json(f"/hsds/services/{id_of_fiche(1).upper()}")
    assert upper["id"] == id_of_fiche(1)
    for path in ("services/1", "services/null,null", "services/a/b", "organizations/%00", "nulle-part", "en"):
        answer = visitor.get(f"/hsds/{path}")
        assert (answer.status_code, list(answer.json())) == (404, ["erreurs"]), path


def test_a_search_leaves_no_trace(visitor):
    answer = visitor.get("/hsds/services", {"search": "fugue"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert visitor.get("/hsds/services").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "budget"),
    [
        ("/hsds/", 1),
        ("/hsds/openapi.json", 1),
        ("/hsds/services", 9),
        ("/hsds/services?full=true&per_page=100", 11),
        (f"/hsds/services/{id_of_fiche(64)}", 11),
        ("/hsds/organizations", 4),
        ("/hsds/organizations?full=true&per_page=100", 13),
        ("/hsds/taxonomy_terms", 2),
    ],
)
def test_budgets(visitor, path, budget):
    forget()
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get(path).status_code == 200
    assert len(queries) == budget, [query["sql"][:90] for query in queries]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_what_these_addresses_follow(visitor, prefix):
    root = visitor.json(f"{prefix}/hsds/")
    assert root["version"] == "3.1"
    for name in ("profile", "openapi_url"):
        path = root[name].removeprefix(settings.SITE_URL)
        assert path.startswith(f"{prefix}/hsds/")
        assert visitor.get(path).status_code == 200
    document = visitor.json(f"{prefix}/hsds/openapi.json")
    assert list(document["paths"]) == ["/", *(f"/{path}" for path in ASKED)]
    assert document["servers"] == [{"url": f"{settings.SITE_URL}{prefix}/hsds"}]
    assert set(re.findall(r'"[$]ref": "([^#"]+)"', json.dumps(document))) == set()
    refs = set(re.findall(r'"#/components/parameters/(\w+)"', json.dumps(document)))
    assert refs == set(document["components"]["parameters"])


def test_the_profile_says_where_each_column_is(visitor):
    for prefix in ("", "/en"):
        page = visitor.page(f"{prefix}/hsds/profil/")
        assert all(f"<code>{column.name}</code>" in page for column in COLUMNS)
