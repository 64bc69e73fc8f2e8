"""Counts the words: every word of Annexe C must be in exactly one field of one fiche.

The check does not trust the parser. It takes the words of the source text itself, removes the printed labels and the
list numbers, and compares what is left, fiche by fiche, with the words of the committed fixtures, the listed
corrections undone.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from django.utils import translation

from initiatives.core import enums
from initiatives.models import Initiative

from .build import FIXTURES, SOURCES, read_json
from .parse import HEADINGS, LABELS, PORTEUR, TITLE_OF_ANNEXE, split_blocks, straighten

WORD = re.compile(r"\w+")
MARKUP = re.compile(r"<[^>]+>|\*\*")


@dataclass
class Report:
    """What was verified, and what is wrong. `errors` empty means that no word is lost, added or counted twice."""

    words: int = 0
    errors: list[str] = field(default_factory=list)
    totals: dict[str, Counter] = field(default_factory=dict)
    unknown: dict[str, list[int]] = field(default_factory=dict)


def count_words(text: str) -> Counter:
    return Counter(WORD.findall(straighten(MARKUP.sub(" ", text))))


def remove_labels(block: str) -> str:
    """The text of a fiche without what the form itself prints: labels, headings, tick boxes."""
    text = straighten(MARKUP.sub(" ", block))
    before, _, after = text.partition(HEADINGS[0])
    form, _, rest = after.partition(HEADINGS[1])
    labels = [straighten(str(member.label)) for member in enums.Type]
    for label in sorted(labels, key=len, reverse=True):  # « Projet de prévention » begins another label
        form = form.replace(label, " ", 1)
    text = before + form + rest
    for label in [PORTEUR, HEADINGS[2], *sorted(LABELS, key=len, reverse=True)]:
        text = text.replace(label, " ", 1)
    return text


def list_numbers(block: str) -> Counter:
    """The numbers « 1. », « 2. » … that open an item in the cell of objectives."""
    cell = straighten(block).partition("Objectif(s)\t")[2].partition("Principale modalité d'intervention\t")[0]
    cell, numbers, expected = MARKUP.sub(" ", cell), Counter(), 1
    if not cell.lstrip().startswith("1. "):
        return numbers
    while re.search(rf"(?:^|\s){expected}\.\s", cell):
        numbers[str(expected)] += 1
        expected += 1
    return numbers


def printed_words(fields: dict, corrections: list[dict]) -> Counter:
    """The words of a fiche as printed, rebuilt from its fields with the corrections undone."""
    texts = {
        "titre": fields["titre"],
        "porteur_mention": fields["porteur_mention"],
        "region": enums.Regions(fields["region"][0]).label,
        "annee": str(fields["annee"]) if fields["annee"] is not None else fields["annee_mention"],
        "stade": fields["stade_mention"] or label(enums.Stade, fields["stade"]),
        "cible": printed_cible(fields),
        "jeunes": "Oui" if "jeunes" in fields["clienteles"] else "Non",
        "age": fields["age_mention"],
        "sexe": label(enums.Sexe, fields["sexe"]),
        "implication": " & ".join(label(enums.Implication, code) for code in fields["implications"])
        or label(enums.Sexe, "sans-objet"),
        "autre_clientele": fields["autre_clientele_mention"],
        "description": fields["description"],
        "lieu": label(enums.Lieu, fields["lieu"]),
        "frequence": fields["frequence"],
        "objectifs": " \n ".join(fields["objectifs"]),
        "modalite": label(enums.Modalite, fields["modalite"]),
        "partenaires": fields["partenaires"],
    }
    for correction in corrections:
        name = correction["champ"]
        texts[name] = texts[name].replace(correction["apres"], correction["avant"], 1)
    return count_words(" \n ".join(texts.values()))


def printed_cible(fields: dict) -> str:
    if fields["cible"] == "exploitation-sexuelle":
        return "Oui " + label(enums.Sexe, "sans-objet")
    return "Non " + fields["cible_mention"]


def label(enum, code: str) -> str:
    return str(enum(code).label)


def verify() -> Report:
    """Compares the source text with the committed fixtures. No query."""
    return compare((SOURCES / "annexe_c.txt").read_text(encoding="utf-8"), read_json(FIXTURES / "initiatives.json"))


@translation.override("fr-ca")
def compare(source: str, rows: list[dict]) -> Report:
    """The check itself, on any text and any fixture rows; the report's labels are French, whoever asks."""
    report, blocks = Report(), split_blocks(source)
    fiches = {row["pk"]: row["fields"] for row in rows if row["model"] == "initiatives.initiative"}
    corrections = [row["fields"] for row in rows if row["model"] == "initiatives.correction"]
    if len(blocks) != len(fiches):
        report.errors.append(f"{len(blocks)} fiches in the source, {len(fiches)} in the fixtures.")
    outside = count_words(source) - count_words("\n".join(blocks)) - count_words(TITLE_OF_ANNEXE)
    if outside:
        report.errors.append(f"Words of the source in no fiche: {sorted(outside.elements())}")
    for numero, block in enumerate(blocks, start=1):
        fields = fiches.get(numero)
        if fields is None:
            report.errors.append(f"Fiche {numero}: missing from the fixtures.")
            continue
        expected = count_words(remove_labels(block)) - list_numbers(block)
        found = printed_words(fields, [row for row in corrections if row["initiative"] == [numero]])
        report.words += sum(expected.values())
        if lost := expected - found:
            report.errors.append(f"Fiche {numero}: lost {sorted(lost.elements())}")
        if added := found - expected:
            report.errors.append(f"Fiche {numero}: added {sorted(added.elements())}")
    count_values(report, fiches)
    return report


def count_values(report: Report, fiches: dict[int, dict]) -> None:
    """Totals of each closed list, and the fiches whose value is unknown in the source."""
    for name in ("region", "types", "clienteles", "stade", "implications", "lieu", "modalite", "cible", "sexe"):
        values = [fields[name] if isinstance(fields[name], list) else [fields[name]] for fields in fiches.values()]
        report.totals[name] = Counter(code for codes in values for code in codes)
    report.unknown = {
        "types perdus par la source": [n for n, f in fiches.items() if not f["types_connus"]],
        "clientèle non précisée": [n for n, f in fiches.items() if not f["clienteles"]],
        "sans année": [n for n, f in fiches.items() if f["annee"] is None],
        "sans description": [n for n, f in fiches.items() if not f["description"]],
        "partenaires tronqués": [n for n, f in fiches.items() if f.get("partenaires_tronques")],
    }


def database_state() -> list[str]:
    """What the database holds of the report's fiches, in sentences. Two queries.

    Editors may change a fiche; what is told is which fiches are missing, and how many differ from the report.
    """
    fixture = {row["pk"]: row["fields"] for row in read_json(FIXTURES / "initiatives.json") if "pk" in row}
    rows = {row.numero: row for row in Initiative.objects.filter(numero__in=fixture)}
    missing = sorted(set(fixture) - set(rows))
    edited = sorted(numero for numero, row in rows.items() if differs(row, fixture[numero]))
    return [
        f"database: {len(rows)} of the {len(fixture)} fiches, missing {missing or 'none'}",
        f"database: {Initiative.objects.publiees().count()} public fiches; edited since the report: {edited or 'none'}",
    ]


def differs(row: Initiative, fields: dict) -> bool:
    """Whether a row's content is not the report's any more."""
    plain = {name: value for name, value in fields.items() if name not in ("region", "source", "statut")}
    return row.region_id != fields["region"][0] or any(getattr(row, name) != value for name, value in plain.items())
