"""The public columns: what each says, and that every fiche is what their schema promises."""

import copy

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from initiatives.core.enums import Visibilite
from initiatives.models import Contact, Initiative, Source
from initiatives.publishing import dataset

pytestmark = pytest.mark.django_db

WHOLE = {
    "financement": "finance",
    "financement_source": "Un programme",
    "niveaux_risque": ["a-risque", "impliques"],
    "composantes": "Trois rencontres",
    "pour_en_savoir_plus": "Un guide",
    "annee_mention": "",
    "langue_objectifs": "en",
}


def closed(shape: dict) -> dict:
    """The same schema, which bears no name that it does not declare."""
    shape = {key: closed(value) if isinstance(value, dict) else value for key, value in shape.items()}
    return shape | {"additionalProperties": False} if "properties" in shape else shape


@pytest.fixture
def fits():
    validator = Draft202012Validator(closed(dataset.schema()), format_checker=FormatChecker())
    return validator.validate


def every_fiche(visitor, prefix: str = "") -> list[dict]:
    pages = (visitor.json(f"{prefix}/initiatives.json", par_page=100, page=page) for page in (1, 2))
    return [row for page in pages for row in page["resultats"]]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_fiche_is_what_the_schema_says(visitor, fits, prefix):
    rows = every_fiche(visitor, prefix)
    assert len(rows) == 152
    for row in rows:
        fits(row)


def test_a_fiche_with_everything_and_one_with_nothing_are_what_the_schema_says(visitor, fits):
    Contact.objects.create(initiative_id=104, nature="courriel", valeur="a@exemple.org", visibilite=Visibilite.PUBLIQUE)
    Initiative.objects.filter(numero=104).update(
        **WHOLE, verifiee_le="2026-01-02", a_verifier_le="2027-01-02", modifiee_le="2026-01-02T08:00:00-05:00"
    )
    blank = {"types": [], "objectifs": [], "description": "", "annee": None, "source": None, "sexe": "", "cible": ""}
    Initiative.objects.filter(numero=25).update(**blank, lieu="", modalite="", clienteles=[], implications=[])
    Initiative.objects.get(numero=25).liens_porteurs.all().delete()
    rows = {row["numero"]: row for row in every_fiche(visitor)}
    for numero in (104, 25):
        fits(rows[numero])
    assert {name: rows[104][name] for name in WHOLE} == WHOLE
    assert rows[104]["modifiee_le"] == "2026-01-02T08:00:00-05:00"
    assert (rows[104]["verifiee_le"], rows[104]["a_verifier_le"]) == ("2026-01-02", "2027-01-02")
    assert (rows[25]["licence"], rows[25]["source"], rows[25]["porteurs"]) == ("", None, [])


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("region", "nulle-part"),
        ("types", ["autre-chose"]),
        ("age_min", 500),
        ("annee", "2021"),
        ("url", "pas une adresse"),
        ("modifiee_le", "hier"),
        ("verifiee_le", "2026-13-01"),
        ("tous_ages", "oui"),
        ("porteurs", [{"nom": "Seul"}]),
        ("corrections", [{"avant": "Seul"}]),
        ("contacts", [{"de": "ailleurs", "organisme": None, "nature": "courriel", "valeur": "", "precision": ""}]),
        ("inconnue", 1),
    ],
)
def test_what_is_not_a_fiche_is_refused_by_the_schema(visitor, fits, name, wrong):
    row = copy.deepcopy(visitor.json("/initiatives/les-survivantes.json"))
    fits(row)
    with pytest.raises(ValidationError):
        fits(row | {name: wrong})


def test_who_filters_ages_alone_finds_what_the_site_finds(visitor):
    def accepts(row: dict, age: int) -> bool:
        low, high = row["age_min"], row["age_max"]
        ranged = not (low is None and high is None)
        return row["tous_ages"] or (ranged and (low is None or low <= age) and (high is None or high >= age))

    rows = every_fiche(visitor)
    assert sum(row["tous_ages"] for row in rows) == 19
    for age in (5, 11, 15, 30):
        assert [row["numero"] for row in rows if accepts(row, age)] == sorted(visitor.numeros(age=age))


def test_what_was_repaired_is_said_field_by_field(visitor):
    rows = every_fiche(visitor)
    repaired = [said for row in rows for said in row["corrections"]]
    assert len(repaired) == 24
    assert all(said["avant"] != said["apres"] and said["motif"] for said in repaired)
    for row in rows:
        for said in row["corrections"]:
            value = row[said["champ"]]
            assert said["apres"] in (" ".join(value) if isinstance(value, list) else str(value)), row["numero"]


def test_each_record_says_what_its_own_source_allows(visitor):
    bip = Source.objects.get(slug="bip-6-2019")
    Initiative.objects.filter(numero=145).update(source=bip)
    rows = {row["numero"]: row for row in every_fiche(visitor)}
    assert rows[145]["licence"] == bip.reproduction
    assert rows[144]["licence"] == Source.objects.get(slug="recension-2022").reproduction
    assert bip.reproduction in visitor.get("/initiatives.csv", {"region": rows[145]["region"]}).getvalue().decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_of_another_document_never_carries_the_licence_of_the_report(visitor, prefix):
    sentences = ("Reproduction autorisée", "Reproduction permitted", "978-2-550-94247-4")
    ours = visitor.page(f"{prefix}/initiatives/les-survivantes/")
    assert any(sentence in ours for sentence in sentences[:2])
    bip = Source.objects.get(slug="bip-6-2019")
    Initiative.objects.filter(slug="les-survivantes").update(source=bip)
    page = visitor.page(f"{prefix}/initiatives/les-survivantes/")
    assert bip.reproduction in page
    assert not any(sentence in page for sentence in sentences)
    Initiative.objects.filter(slug="les-survivantes").update(source=None)
    assert not any(sentence in visitor.page(f"{prefix}/initiatives/les-survivantes/") for sentence in sentences)
