"""JSON and CSV of the list and of the fiche, and the dictionary that describes them."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from initiatives.core.cells import as_cell, as_cells, as_lines
from initiatives.finding.filters import InitiativeFilter
from initiatives.importer.build import FIXTURES, read_json
from initiatives.models import Initiative
from initiatives.publishing import dataset
from initiatives.views import answers

pytestmark = pytest.mark.django_db


def test_json_matches_the_source_fiche_by_fiche(visitor):
    rows = visitor.json(par_page=100)["resultats"] + visitor.json(par_page=100, page=2)["resultats"]
    fixture = {row["pk"]: row["fields"] for row in read_json(FIXTURES / "initiatives.json") if "pk" in row}
    assert [row["numero"] for row in rows] == list(fixture)
    for row in rows:
        for name, value in fixture[row["numero"]].items():
            if name in row and name not in ("region", "source"):
                assert row[name] == value, (row["numero"], name)
        assert [row["region"]] == fixture[row["numero"]]["region"]
        assert row["source"]["fiche"] == row["numero"]


def test_the_keys_of_a_fiche_are_those_of_the_contract(visitor):
    row = visitor.json("/initiatives/les-survivantes.json")
    assert list(row) == [
        *("numero", "slug", "url", "titre", "porteurs", "porteur_mention", "region", "annee", "annee_mention"),
        *("stade", "stade_mention", "types", "types_connus", "cible", "cible_mention", "clienteles"),
        *("autre_clientele_mention", "age_min", "age_max", "age_mention", "sexe", "implications", "description"),
        *("lieu", "frequence", "objectifs", "modalite", "partenaires", "partenaires_tronques", "langue", "source"),
        *("contacts", "points_entree", "a_dire"),
        *("strategies", "strategie_principale", "strategies_provenance", "pour_qui", "mentions"),
        *("tous_ages", "besoins", "famille", "langue_objectifs", "financement", "financement_source"),
        *("niveaux_risque", "composantes", "pour_en_savoir_plus", "corrections", "licence"),
        *("modifiee_le", "publiee_le", "verifiee_le", "a_verifier_le", "rubriques"),
    ]
    assert row["url"] == "http://testserver/initiatives/les-survivantes/"
    assert row["porteurs"] == [{"slug": "spvm", "nom": "Service de police de la Ville de Montréal", "sigle": "SPVM"}]
    assert row["source"]["isbn"] == "978-2-550-94247-4"


def test_english_labels_and_addresses(visitor):
    data = visitor.json("/en/initiatives.json", region="laval")
    assert data["resultats"][0]["url"].startswith("http://testserver/en/initiatives/")
    labels = {row["valeur"]: row["libelle"] for row in data["facettes"]["stade"]}
    assert labels["en-application"] == "In operation"


def read_csv(response):
    text = response.getvalue().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


def test_csv_holds_everything_the_list_holds(visitor):
    rows = read_csv(visitor.get("/initiatives.csv"))
    assert [int(row["numero"]) for row in rows] == list(range(1, 153))
    assert rows[41]["stade"] == "en-suspens"
    assert rows[41]["stade_libelle"] == "En suspens"
    assert rows[56]["types"] == "outil | prevention"
    assert rows[24]["porteurs"].count(" | ") == 2
    assert rows[0]["source"].endswith("ISBN 978-2-550-94247-4, fiche 1")
    english = read_csv(visitor.get("/en/initiatives.csv", {"region": "laval"}))
    assert len(english) == 17
    assert {row["region_libelle"] for row in english} == {"Laval"}
    assert english[0]["stade_libelle"] == "In development"


def test_csv_of_one_page(visitor):
    rows = read_csv(visitor.get("/initiatives.csv", {"par_page": 2, "page": 3}))
    assert [row["numero"] for row in rows] == ["5", "6"]
    assert visitor.get("/initiatives.csv", {"par_page": 100, "page": 3}).status_code == 404


def test_csv_errors_are_json(visitor):
    assert visitor.refused("/initiatives.csv", foo="1") == [("foo", "1")]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_a_formula_is_neutralised(visitor, start):
    Initiative.objects.filter(numero=3).update(titre=f'{start};"x"', objectifs=[start])
    row = read_csv(visitor.get("/initiatives.csv", {"region": "bas-saint-laurent"}))[2]
    assert row["titre"] == f'\'{start};"x"'
    assert row["objectifs"] == f"'{start}"


@given(st.lists(st.lists(st.text('a;"\r\n\0é', max_size=4), min_size=3, max_size=3), max_size=3))
def test_lines_are_those_of_python_s_own_writer(rows):
    theirs = io.StringIO()
    csv.writer(theirs, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    assert as_lines(rows) == theirs.getvalue()


@given(st.lists(st.none() | st.booleans() | st.integers() | st.text("=-ａ＝\ta", max_size=3)))
def test_many_cells_are_made_as_one(values):
    assert as_cells([*values, ["=a", "b"]]) == [as_cell(value) for value in [*values, ["=a", "b"]]]


@pytest.mark.parametrize(("first", "then"), [(1, 2), (152, 7), (151, 1), (1000, 1)])
@pytest.mark.parametrize("language", ["", "/en"])
def test_a_file_is_the_same_however_it_is_cut(visitor, monkeypatch, language, first, then):
    whole = visitor.get(f"{language}/initiatives.csv?tri=titre").getvalue()
    monkeypatch.setattr(answers, "FIRST_LINES", first)
    monkeypatch.setattr(answers, "LINES", then)
    assert visitor.get(f"{language}/initiatives.csv?tri=titre").getvalue() == whole
    assert len(read_csv(visitor.get("/initiatives.csv?region=laval"))) == 17
    nothing = visitor.get("/initiatives.csv?region=gaspesie").getvalue().decode()
    assert (nothing[:9], nothing.count("\r\n"), nothing[-3:]) == ('\ufeff"numero"', 1, '"\r\n')


def test_what_is_unpublished_while_a_file_is_read_is_not_in_the_rest(client, monkeypatch):
    """Each piece is read when it is asked for: nothing waits in a reader's hands."""
    monkeypatch.setattr(answers, "FIRST_LINES", 2)
    monkeypatch.setattr(answers, "LINES", 2)
    pieces = iter(client.get("/initiatives.csv"))
    assert b'\n"2";' in next(pieces)
    Initiative.objects.filter(numero__in=[1, 4]).update(statut="archivee")
    rest = b"".join(pieces)
    assert b'"3";"' in rest
    assert b'\n"4";"' not in rest
    assert b'\n"152";"' in rest


def test_a_fiche_is_the_same_wherever_it_is_asked_for(visitor):
    """The list keeps the text of each: by version, language and address of the site."""
    for language in ("", "/en"):
        for _again in range(2):
            row = visitor.json(f"{language}/initiatives.json", q='"survivantes"', region="montreal")["resultats"][0]
            assert row == visitor.json(f"{language}/initiatives/les-survivantes.json")
            assert row["url"] == f"http://testserver{language}/initiatives/les-survivantes/"
    elsewhere = visitor.get("/initiatives.json?q=survivantes&region=montreal", headers={"host": "localhost"}).json()
    assert elsewhere["resultats"][0]["url"] == "http://testserver/initiatives/les-survivantes/"


@pytest.mark.parametrize("change", [{"titre": "Autrement"}, {"source": None}, {"porteur_mention": "Autre"}])
def test_a_change_is_in_the_data_at_once(visitor, change):
    before = visitor.json(par_page=100, page=2)["resultats"][44]
    Initiative.objects.filter(numero=145).update(**change)
    after = visitor.json(par_page=100, page=2)["resultats"][44]
    assert (before["numero"], after["numero"]) == (145, 145)
    assert {name for name in after if after[name] != before[name]} == {
        *change,
        *(["a_dire"] if "titre" in change else []),
        *(["licence"] if "source" in change else []),
    }


def test_json_is_readable_text(visitor):
    assert "é" in visitor.get("/initiatives/mobilis.json").content.decode()


def test_draft_and_archive_are_not_found_as_data(visitor, draft):
    assert visitor.get(f"/initiatives/{draft.slug}.json").status_code == 404
    assert json.loads(visitor.get("/initiatives/nulle-part.json").content)["erreurs"]
    assert 153 not in visitor.numeros(region="chaudiere-appalaches")


def test_the_data_dictionary_is_up_to_date():
    page = Path(settings.BASE_DIR, "docs", "donnees.md").read_text(encoding="utf-8")
    assert dataset.dictionary() in page


def test_every_parameter_is_in_the_data_dictionary():
    page = Path(settings.BASE_DIR, "docs", "donnees.md").read_text(encoding="utf-8")
    table = page.partition("| Paramètre |")[2].partition("##")[0]
    names = {name for line in table.splitlines() for name in re.findall("`([a-z_-]+)`", line.split(" | ")[0])}
    assert names == set(InitiativeFilter(QueryDict()).form.fields)


@pytest.mark.parametrize(
    "query", ["", "?region=laval&porteur=pipq&sexe=feminin", "?q=rue&besoin=dormir&par_page=100", "?annee_min=2031"]
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_list_is_the_text_of_one_object(visitor, prefix, query):
    """Put together from pieces, some of them kept: as if it were printed at once."""
    answer = visitor.get(f"{prefix}/initiatives.json{query}")
    assert answer.content.decode() == json.dumps(answer.json(), ensure_ascii=False)
    values = [value for values in answer.json()["facettes"].values() for value in values]
    assert {tuple(value) for value in values} == {("valeur", "libelle", "nombre", "choisie")}
    assert sum(value["choisie"] for value in values) == query.count("region=") * 3 + query.count("besoin=")
