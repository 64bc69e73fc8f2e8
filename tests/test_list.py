"""The list: every parameter of the contract, filtered exactly, and every error told."""

import random
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from initiatives.core import enums
from initiatives.finding.filters import InitiativeFilter
from initiatives.models import Initiative

pytestmark = pytest.mark.django_db

PUBLIC = range(1, 153)


def fiches(test):
    """Numbers of the report's fiches that pass a Python test: the filters' own reference."""
    return [row.numero for row in Initiative.objects.filter(numero__lte=152).order_by("numero") if test(row)]


def test_everything(visitor):
    data = visitor.json()
    assert (data["total"], data["page"], data["pages"], data["par_page"]) == (152, 1, 7, 25)
    assert [row["numero"] for row in data["resultats"]] == list(range(1, 26))


def test_the_contract_s_example(visitor):
    data = visitor.json(region="laval", par_page=2)
    assert list(data) == ["total", "page", "pages", "par_page", "resultats", "facettes"]
    assert (data["total"], data["pages"], data["par_page"]) == (17, 9, 2)
    assert data["resultats"][0]["numero"] == 104
    assert {"valeur": "laval", "libelle": "Laval", "nombre": 17, "choisie": True} in data["facettes"]["region"]


# What is asked for, and the plain condition that the fiches found must meet.
ASKED = [
    ({"region": "laval"}, lambda row: row.region_id == "laval"),
    ({"region": ["laval", "estrie"]}, lambda row: row.region_id in ("laval", "estrie")),
    ({"type": ["outil", "formation"]}, lambda row: set(row.types) & {"outil", "formation"}),
    ({"clientele": "parents"}, lambda row: "parents" in row.clienteles),
    ({"stade": "en-suspens"}, lambda row: row.stade == "en-suspens"),
    ({"implication": "proxenete"}, lambda row: "proxenete" in row.implications),
    ({"implication": "tierce-partie"}, lambda row: False),
    ({"lieu": "en-ligne"}, lambda row: row.lieu == "en-ligne"),
    ({"modalite": ["mentorat", "hebergement"]}, lambda row: row.modalite in ("mentorat", "hebergement")),
    ({"cible": "autre"}, lambda row: row.cible == "autre"),
    ({"sexe": "feminin"}, lambda row: row.sexe in ("feminin", "tous")),
    ({"sexe": "masculin"}, lambda row: row.sexe in ("masculin", "tous")),
    ({"sexe": "tous"}, lambda row: row.sexe == "tous"),
    ({"sexe": "sans-objet"}, lambda row: row.sexe == "sans-objet"),
    ({"annee_min": "2020"}, lambda row: row.annee and row.annee >= 2020),
    ({"annee_min": "2010", "annee_max": "2012"}, lambda row: row.annee and 2010 <= row.annee <= 2012),
    ({"region": "montreal", "type": "outil"}, lambda row: row.region_id == "montreal" and "outil" in row.types),
    ({"porteur": "spvm"}, lambda row: row.numero in (145, 146, 147)),
    ({"pour-qui": "garcons-seulement"}, lambda row: row.sexe == "masculin"),
    ({"pour-qui": ["filles-seulement", "personne-nommee"]}, lambda row: row.sexe == "feminin" or not row.clienteles),
    ({"strategie": "filet"}, lambda row: "filet" in row.strategies),
    ({"strategie": ["demande", "offre"]}, lambda row: set(row.strategies) & {"demande", "offre"}),
    ({"strategie-principale": "offre"}, lambda row: row.strategie == "offre"),
    ({"mention": ["autochtones", "lgbtq"]}, lambda row: row.numero in (97, 98)),
    ({"pour-qui": "tous-les-ages"}, lambda row: row.age_mention.startswith("Tous les âges")),
    ({"rubrique": ["tourisme", "readaptation"]}, lambda row: row.numero in (15, 57, 58, 118, 119, 137, 146, 148)),
    ({"annee": "inconnue"}, lambda row: row.annee is None),
    ({"annee": "inconnue", "region": "montreal"}, lambda row: row.annee is None and row.region_id == "montreal"),
    ({"annee": "inconnue", "annee_min": "1900"}, lambda row: False),
    ({"recension": "1", "region": "estrie"}, lambda row: row.region_id == "estrie"),
    ({"f": ["54", "141"], "discret": "1", "exact": "1"}, lambda row: True),
    ({"q": "", "region": ""}, lambda row: True),
]


@pytest.mark.parametrize(("parameters", "test"), ASKED)
def test_filters(visitor, parameters, test):
    expected = fiches(test)
    found = visitor.numeros(**parameters)
    assert found == expected[:100]
    assert visitor.json(**parameters)["total"] == len(expected)


def test_every_facet_is_asked_for():
    asked = {name for parameters, _test in ASKED for name in parameters}
    # Ages are asked for below, needs in test_needs_pages.
    assert set(InitiativeFilter.facets()) - asked == {"age", "besoin"}


def accepts(row, lowest, highest):
    if row.age_mention.startswith("Tous les âges"):
        return True
    if row.age_min is None and row.age_max is None:
        return False
    return (row.age_min or 0) <= highest and (row.age_max if row.age_max is not None else 999) >= lowest


@pytest.mark.parametrize(
    ("age", "lowest", "highest"),
    [
        ("0", 0, 0),
        ("11", 11, 11),
        ("14", 14, 14),
        ("26", 26, 26),
        ("120", 120, 120),
        ("moins-de-12", 0, 11),
        ("12-17", 12, 17),
        ("18-25", 18, 25),
        ("plus-de-25", 26, 120),
    ],
)
def test_age_asks_who_is_accepted(visitor, age, lowest, highest):
    expected = fiches(lambda row: accepts(row, lowest, highest))
    assert visitor.json(age=age)["total"] == len(expected)
    assert visitor.numeros(age=age) == expected[:100]


@pytest.mark.parametrize(
    ("tri", "key"),
    [
        ("annee", lambda row: (row.annee is None, -(row.annee or 0), row.numero)),
        ("region", lambda row: (enums.Regions.values.index(row.region_id), row.numero)),
        ("pertinence", lambda row: row.numero),
    ],
)
def test_orders(visitor, tri, key):
    rows = sorted(Initiative.objects.publiees(), key=key)
    assert visitor.numeros(tri=tri) == [row.numero for row in rows][:100]


def test_titles_sort_without_accents_or_capitals(visitor):
    titles = [row["titre"] for row in visitor.json(tri="titre", par_page=100)["resultats"]]
    assert titles.index("Maillage") < titles.index("Mia n'est plus à vendre") < titles.index("Mobilis")
    order = [row.numero for row in Initiative.objects.publiees().order_by("titre_tri", "numero")]
    assert visitor.numeros(tri="titre") == order[:100]
    assert Initiative.objects.get(numero=71).titre_tri == "diner de filles"


def test_pages_neither_repeat_nor_lose(visitor):
    found = []
    for page in range(1, 12):
        found += [row["numero"] for row in visitor.json(par_page=15, page=page, tri="annee")["resultats"]]
    assert sorted(found) == list(PUBLIC)


def test_nothing_found_is_an_answer(visitor):
    data = visitor.json(region="gaspesie")
    assert (data["total"], data["pages"], data["resultats"]) == (0, 1, [])
    assert "Aucune initiative ne répond" in visitor.page("/initiatives/", region="gaspesie")


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({"regio": "laval"}, [("regio", "laval")]),
        ({"region": "atlantide"}, [("region", "atlantide")]),
        ({"region": ["laval", "x", "y"]}, [("region", "x"), ("region", "y")]),
        ({"porteur": "a\0b"}, [("porteur", "a\0b")]),
        ({"porteur": "personne"}, [("porteur", "personne")]),
        ({"porteur": "service-de-police-de-levis"}, [("porteur", "service-de-police-de-levis")]),
        ({"sexe": "F"}, [("sexe", "F")]),
        ({"sexe": ["feminin", "masculin"]}, [("sexe", "masculin")]),
        ({"age": "121"}, [("age", "121")]),
        ({"age": "-1"}, [("age", "-1")]),
        ({"age": "14.5"}, [("age", "14.5")]),
        ({"age": "٣"}, [("age", "٣")]),
        ({"age": ["14", "15"]}, [("age", "15")]),
        ({"annee_min": "hier"}, [("annee_min", "hier")]),
        ({"annee_max": "99999"}, [("annee_max", "99999")]),
        ({"tri": "hasard"}, [("tri", "hasard")]),
        ({"page": "0"}, [("page", "0")]),
        ({"page": "+1"}, [("page", "+1")]),
        ({"page": "9" * 30}, [("page", "9" * 30)]),
        ({"par_page": "101"}, [("par_page", "101")]),
        ({"exact": "0"}, [("exact", "0")]),
        ({"discret": "oui"}, [("discret", "oui")]),
        ({"f": "abc"}, [("f", "abc")]),
        ({"q": "a\0b"}, [("q", "a\0b")]),
        ({"pour-qui": "garcons"}, [("pour-qui", "garcons")]),
        ({"pour_qui": "garcons-seulement"}, [("pour_qui", "garcons-seulement")]),
        ({"strategie": "tout"}, [("strategie", "tout")]),
        ({"mention": "servie"}, [("mention", "servie")]),
        ({"annee": "2019"}, [("annee", "2019")]),
        ({"rubrique": "rien"}, [("rubrique", "rien")]),
        ({"recension": "2"}, [("recension", "2")]),
        ({"q": "x" * 10_000}, [("q", "x" * 10_000)]),
        ({"age": "200", "foo": "1"}, [("age", "200"), ("foo", "1")]),
    ],
)
def test_errors_are_told(visitor, parameters, errors):
    assert visitor.refused(**parameters) == errors
    page = visitor.get("/initiatives/", parameters)
    assert page.status_code == 400
    assert errors[0][0] in page.content.decode()
    assert "Voir la liste sans ce critère" in page.content.decode()


def test_the_same_value_twice_is_one_value(visitor):
    assert visitor.json(sexe=["feminin", "feminin"])["total"] == visitor.json(sexe="feminin")["total"]


def test_the_error_page_keeps_the_rest_of_the_request(visitor):
    page = visitor.get("/initiatives/?region=laval&foo=1").content.decode()
    assert 'href="/initiatives/?region=laval"' in page


def test_trackers_are_dropped_on_pages_and_ignored_on_data(visitor):
    for name in ("utm_source", "utm_x", "fbclid", "gclid", "msclkid", "mc_cid", "mc_eid"):
        response = visitor.get(f"/initiatives/?region=laval&{name}=1&tri=titre")
        assert (response.status_code, response.url) == (302, "/initiatives/?region=laval&tri=titre")
        assert visitor.json(**{"region": "laval", name: "1"})["total"] == 17
    assert visitor.get("/initiatives/?fbclid=1").url == "/initiatives/"


@pytest.mark.parametrize(
    "path", ["/", "/aide/", "/regions/", "/regions/laval/", "/organismes/", "/en/organismes/pipq/"]
)
def test_trackers_are_dropped_on_every_page(visitor, path):
    response = visitor.get(f"{path}?utm_source=x&f=54")
    assert (response.status_code, response.url) == (302, f"{path}?f=54")


def test_an_age_in_figures_survives_the_form(visitor):
    page = visitor.page("/initiatives/", age="14", par_page="10", exact="1")
    assert '<input type="radio" name="age" value="14" checked>' in page
    assert '<input type="hidden" name="par_page" value="10">' in page
    assert '<input type="hidden" name="exact" value="1">' in page


def test_blank_is_absent(visitor):
    assert visitor.json(q="  ")["total"] == 152
    assert "Retirer" not in visitor.page("/initiatives/", q="  ")


@pytest.mark.parametrize("path", ["/initiatives/", "/initiatives.json", "/initiatives.csv", "/", "/aide/"])
def test_methods(visitor, path):
    answer = visitor.head(path)
    assert (answer.status_code, b"".join(answer)) == (200, b"")
    strict = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete"):
        assert getattr(strict, method)(path).status_code == 405


def test_five_hundred_and_two_thousand_parameters(visitor):
    assert visitor.get("/initiatives.json?" + "&".join(f"p{n}=1" for n in range(500))).status_code == 400
    assert visitor.get("/initiatives.json?" + "&".join(f"p{n}=1" for n in range(2000))).status_code == 400
    assert visitor.get("/initiatives/?" + "&".join(f"p{n}=1" for n in range(2000))).status_code == 400


@pytest.mark.parametrize("query", ["q=%ff", "q=rue%fe&region=laval", "region=%ed%a0%80", "q=a%ef%bf%bdb"])
def test_what_is_not_utf8_is_refused_and_said(visitor, query):
    """Read all the same, it would search for what nobody typed."""
    sentences = {"/initiatives": "Ce texte ne peut pas être lu", "/en/initiatives": "This text cannot be read"}
    for path, said in sentences.items():
        for ending in (".json", ".csv", ".pdf"):
            answer = visitor.get(f"{path}{ending}?{query}")
            assert answer.status_code == 400
            (error,) = answer.json()["erreurs"]
            assert error["message"].startswith(said)
            assert error["parametre"] == query.partition("=")[0]
        page = visitor.get(f"{path}/?{query}")
        assert (page.status_code, said in page.content.decode()) == (400, True)
    assert visitor.get("/porteurs.json?nom=%ff").json()["erreurs"][0]["parametre"] == "nom"
    assert visitor.get("/porteurs/?nom=%ff").status_code == 400


@pytest.mark.parametrize("number", [1, 3, 25])
def test_query_budget_is_the_same_whatever_the_number_of_rows(visitor, number):
    """Version, the cards or the fiches that are not made yet, and for a page of the site the lines; for data what
    fiches share, once: porteurs, sources, ways in, corrections."""
    with CaptureQueriesContext(connection) as queries:
        visitor.page("/initiatives/", par_page=number)
    assert len(queries) == 3
    with CaptureQueriesContext(connection) as queries:
        visitor.json(par_page=number)
    assert len(queries) == 6
    with CaptureQueriesContext(connection) as queries:
        visitor.json(par_page=number, sexe="tous", tri="titre")
    assert len(queries) == 3  # other porteurs
    with CaptureQueriesContext(connection) as queries:
        visitor.json(par_page=number, sexe="tous", tri="titre", f=54)
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        visitor.page("/initiatives/", par_page=number, region="laval", tri="titre")
    assert len(queries) == 2  # the lines are remembered
    with CaptureQueriesContext(connection) as queries:
        visitor.page("/initiatives/", par_page=number, region="laval", tri="annee")
    assert len(queries) == (1 if number == 25 else 2)  # and so are the cards


@pytest.mark.usefixtures("from_the_database")
@pytest.mark.parametrize("number", [1, 3, 25])
def test_and_from_the_database_too(visitor, number):
    visitor.json(region="laval")  # that no index may be made is known from here on
    with CaptureQueriesContext(connection) as queries:
        visitor.page("/initiatives/", par_page=number)
    assert len(queries) == 7
    with CaptureQueriesContext(connection) as queries:
        visitor.json(par_page=number)
    assert len(queries) == 7


def test_the_budget_of_a_search(visitor):
    """Version, passages and the cards that are not made yet; what is said in words that no fiche has, as a query; of a
    sentence, the needs and their lines, once; the words of the resources, once."""
    sentence = "ma fille a fugué et je ne sais plus quoi faire"
    visitor.page("/initiatives/", par_page=100)
    visitor.page("/initiatives/", par_page=100, page=2)
    budgets = [("hébergement", 4), ("hébergement", 2), ("hébergement parents", 3), ("hébergement parents", 2)]
    for text, budget in [*budgets, (sentence, 5), (sentence, 2), ("hébergera", 3)]:
        with CaptureQueriesContext(connection) as queries:
            visitor.page("/initiatives/", q=text)
        assert len(queries) == budget, (text, [query["sql"][:80] for query in queries])


def test_search_finds_words_of_the_fiche(visitor):
    assert 145 in visitor.numeros(q="survivantes")
    assert visitor.numeros(q="xyzzyx") == []


def test_a_selection_is_carried_by_the_links(visitor):
    page = visitor.page("/initiatives/", f=["54", "141"], discret="1")
    assert (
        '/initiatives/programme-d-education-sexuelle-pour-ados-seulement-cisss-du-bas-saint-laurent/?f=54&amp;f=141&amp;discret=1"'
        in page
    )


def test_chips_remove_one_choice(visitor):
    page = visitor.page("/initiatives/", region=["laval", "estrie"], sexe="feminin")
    assert 'href="/initiatives/?region=estrie&amp;sexe=feminin"' in page
    assert 'href="/initiatives/?region=laval&amp;region=estrie"' in page


def page_of(visitor, page, **parameters):
    """The fiches of a page of a hundred; none past the last one."""
    found = visitor.json(**parameters, par_page=100)
    return visitor.json(**parameters, par_page=100, page=page)["resultats"] if page <= found["pages"] else []


class TestFacets:
    def test_every_value_of_a_closed_list_is_there_at_zero_too(self, visitor):
        facets = visitor.json()["facettes"]
        assert list(facets) == [
            *("besoin", "region", "clientele", "age", "sexe", "modalite", "type", "stade", "implication", "lieu"),
            *("porteur", "cible", "pour-qui", "strategie", "strategie-principale", "mention", "rubrique"),
        ]
        assert len(facets["region"]) == 16
        assert [row["nombre"] for row in facets["type"] if row["valeur"] == "recherche"] == [0]
        assert [row["valeur"] for row in facets["age"]] == ["moins-de-12", "12-17", "18-25", "plus-de-25"]

    @pytest.mark.parametrize(
        "parameters",
        [
            {},
            {"region": "laval"},
            {"region": ["laval", "montreal"], "type": "outil", "sexe": "feminin"},
            {"age": "14", "clientele": "jeunes", "q": "rue"},
            {"porteur": ["pipq", "spvm"], "stade": "en-application"},
            {"strategie-principale": "filet", "pour-qui": "victimes-seulement", "recension": "1"},
            {"annee": "inconnue", "pour-qui": "tous-les-ages", "rubrique": ["ecoles", "grand-public"]},
            {"annee": "inconnue", "q": "rue"},
        ],
    )
    def test_a_count_is_what_choosing_the_value_alone_gives(self, visitor, parameters):
        """Each value is chosen, but for the organisations: all are counted in the rows, and a few drawn and chosen."""
        facets = visitor.json(**parameters)["facettes"]
        others = {name: value for name, value in parameters.items() if name != "porteur"}
        rows = [row for page in (1, 2) for row in page_of(visitor, page, **others)]
        carried = Counter(porteur["slug"] for row in rows for porteur in row["porteurs"])
        assert {row["valeur"]: row["nombre"] for row in facets["porteur"] if row["nombre"]} == carried
        facets["porteur"] = random.sample(facets["porteur"], 8)
        for name, values in facets.items():
            for value in values:
                chosen = {**parameters, name: value["valeur"]}
                assert visitor.json(**chosen, par_page=1)["total"] == value["nombre"], (name, value)

    def test_a_draft_is_counted_nowhere(self, visitor, draft):
        draft.organismes.add(*Initiative.objects.get(numero=145).organismes.all())
        porteurs = {row["valeur"]: row["nombre"] for row in visitor.json()["facettes"]["porteur"]}
        assert porteurs["spvm"] == 3
        assert "service-de-police-de-levis" not in porteurs
        elsewhere = {row["valeur"]: row["nombre"] for row in visitor.json(region="gaspesie")["facettes"]["porteur"]}
        assert elsewhere == dict.fromkeys(porteurs, 0)

    def test_what_is_not_said_is_told(self, visitor):
        page = visitor.page("/initiatives/")
        assert "Non précisé dans 5 fiches" in page
        assert "Non précisé dans 1 fiche" in page
        assert "dans 1 fiches" not in page
