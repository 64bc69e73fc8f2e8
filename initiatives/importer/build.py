"""Writes the committed fixtures from the source texts: Annexe C and Annexe A, with our readings and corrections."""

import json
import re
from pathlib import Path

from django.conf import settings
from django.utils import translation

from initiatives.core.enums import IssueSondage, Regions
from initiatives.core.querysets import SOURCE_DU_RAPPORT
from initiatives.core.slugs import assign_slugs

from .normalize import NormalizeError, Record, normalize
from .parse import parse

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
SOURCES = FIXTURES / "sources"
ANNEXE_A_REGION = re.compile(r".* \((\d\d)\)")
ANNEXE_A_SECTIONS = {
    "Contactés, mais non disponibles": IssueSondage.NON_DISPONIBLE,
    "Absence de retour après plusieurs relances": IssueSondage.SANS_RETOUR,
    "Milieus contactés, mais qui n'ont rien à recenser": IssueSondage.RIEN_A_RECENSER,
}
# Programmes that several organisations offer, by a word of their titles. Our reading: the report does not group them.
FAMILLES = {
    "Empreinte": "Empreinte",
    "Pour ados seulement": "Pour ados seulement",
    "AIMER": "Programme AIMER",
    "ACCÈS filles": "ACCÈS filles",
}
NO_SURVEY = "Aucun sondage réalisé"


def read_json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def load_organismes() -> list[dict]:
    """The reference list of organisations, as written by hand in fixtures/organismes.json."""
    return [row["fields"] for row in read_json(FIXTURES / "organismes.json")]


def names_of(organismes: list[dict]) -> dict[str, str]:
    """Every printed name and variant → slug. An ambiguous name is a NormalizeError."""
    names = {}
    for organisme in organismes:
        for name in [organisme["nom"], *organisme["variantes"]]:
            if names.setdefault(name, organisme["slug"]) != organisme["slug"]:
                raise NormalizeError(f"{name!r} names both {names[name]} and {organisme['slug']}.")
    return names


def build_records() -> list[Record]:
    """The 152 fiches, typed, in order. Labels are read in French whatever the active language."""
    with translation.override("fr-ca"):
        raws = parse((SOURCES / "annexe_c.txt").read_text(encoding="utf-8"))
        names = names_of(load_organismes())
        lectures, corrections = read_json(SOURCES / "lectures.json"), read_json(SOURCES / "corrections.json")
        records = [normalize(raw, names, lectures, corrections) for raw in raws]
    bref = {row["slug"]: row["sigle"] or row["nom_court"] or row["nom"] for row in load_organismes()}
    slugs = assign_slugs(
        [
            (
                record.fields["titre"],
                bref[record.porteurs[0]] if record.porteurs else "",
                record.fields["region"][0],
                record.fields["annee"],
            )
            for record in records
        ]
    )
    for record, slug in zip(records, slugs, strict=True):
        famille = famille_of(record.fields["titre"])
        record.fields = {"slug": slug, "statut": "publiee", **record.fields, "source": [SOURCE_DU_RAPPORT]}
        if famille:
            record.fields["famille"] = famille
    return records


def famille_of(titre: str) -> str:
    """The family of programmes that a title names, or an empty text."""
    return next((famille for words, famille in FAMILLES.items() if words in titre), "")


def initiative_rows(records: list[Record]) -> list[dict]:
    """Fixture rows of the fiches, their porteurs and their corrections."""
    rows = []
    for record in records:
        rows.append({"model": "initiatives.initiative", "pk": record.numero, "fields": record.fields})
        for rang, slug in enumerate(record.porteurs, start=1):
            fields = {"initiative": [record.numero], "organisme": [slug], "rang": rang}
            rows.append({"model": "initiatives.porteur", "fields": fields})
        for correction in record.corrections:
            fields = {"initiative": [record.numero], **correction}
            rows.append({"model": "initiatives.correction", "fields": fields})
    return rows


def sondage_rows() -> list[dict]:
    """Fixture rows of Annexe A: every milieu approached, its region or the reason it is not surveyed."""
    names, rows = names_of(load_organismes()), []
    issue, region = IssueSondage.SONDE, None
    for line in (SOURCES / "annexe_a.txt").read_text(encoding="utf-8").split("\n")[1:]:
        line = line.strip().removeprefix("- ")
        if not line or line == NO_SURVEY:
            continue
        if match := ANNEXE_A_REGION.fullmatch(line):
            region = Regions.values[int(match[1]) - 1]
        elif line in ANNEXE_A_SECTIONS:
            issue, region = ANNEXE_A_SECTIONS[line], None
        else:
            rows.append(sondage_row(len(rows) + 1, line, issue, region, names))
    return rows


def sondage_row(rang: int, line: str, issue: IssueSondage, region: str | None, names: dict[str, str]) -> dict:
    """One line. A surveyed organisation must be known; the remark in brackets is kept apart from the name."""
    name, _, remark = line.partition(" * (") if issue == IssueSondage.SONDE else line.rpartition(" (")
    if not name:
        name, remark = line, ""
    if issue == IssueSondage.SONDE and name not in names:
        raise NormalizeError(f"Annexe A: no organisation is called {name!r}")
    fields = {
        "nom": name,
        "issue": int(issue),
        "region": [region] if region else None,
        "organisme": [names[name]] if issue == IssueSondage.SONDE else None,
        "remarque": remark.removesuffix(")"),
        "rang": rang,
    }
    return {"model": "initiatives.sondage", "fields": fields}


def write_fixture(path: Path, rows: list[dict]) -> None:
    path.write_text(as_text(rows), encoding="utf-8")


def as_text(rows: list[dict]) -> str:
    """The one way that a fixture is written, so that the same rows are the same bytes."""
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def built_fixtures() -> dict[str, list[dict]]:
    """File name → rows, for each fixture that is derived from the sources."""
    return {"initiatives.json": initiative_rows(build_records()), "sondages.json": sondage_rows()}
