"""From the text of Annexe C to raw rows: who is in which cell, word for word, nothing interpreted.

The text comes from a PDF: a page break leaves blank lines in the middle of a table, a row whose first cell is
empty continues the row above, rows of dashes are noise, and the tick boxes come in three layouts.
"""

import re
from dataclasses import dataclass, field

LABELS = {
    "Région administrative": "region",
    "Année de création": "annee",
    "Stade de développement": "stade",
    "L'exploitation sexuelle est-elle la cible principale? Cible principale (si autre) :": "cible_et_mention",
    "L'exploitation sexuelle est-elle la cible principale?": "cible",
    "Cible principale (si autre) :": "cible_mention",
    "La clientèle inclut des jeunes": "jeunes",
    "Tranche d'âge ciblée": "age",
    "Sexe des jeunes": "sexe",
    "Type d'implication": "implication",
    "Autre clientèle ciblée": "autre_clientele",
    "Lieu de déploiement": "lieu",
    "Fréquence des activités": "frequence",
    "Objectif(s)": "objectifs",
    "Principale modalité d'intervention": "modalite",
    "Partenaire(s) officiel(s)": "partenaires",
}
HEADINGS = ("TYPE DE PROJET :", "CLIENTÈLE :", "DESCRIPTION DU PROJET :")
PORTEUR = "Organisme porteur :"
TITLE_OF_ANNEXE = "ANNEXE C : Fiches descriptives des initiatives recensées"
TICK_BOX = re.compile(r'<input (?P<checked>checked="" )?type="checkbox"/>(?P<label>[^|<]*)')
DASHES = re.compile(r"^-{3,}\t-+$")


class ParseError(ValueError):
    """The text does not have the shape of an Annexe C fiche; the message names the fiche and the line."""


@dataclass
class RawFiche:
    """One fiche as printed. `cells` maps a field to its rows, the first and those that continue it."""

    numero: int
    titre: str
    porteur: str
    cells: dict[str, list[str]] = field(default_factory=dict)
    ticks: list[str] | None = None  # None: the source lost its tick boxes
    description: str = ""
    source: str = ""


def straighten(text: str) -> str:
    """The text with typewriter apostrophes, for comparing labels; never for storing."""
    return text.replace("’", "'")


def split_blocks(text: str) -> list[str]:
    """The fiches' own text, in order. A fiche begins at its title and ends before the next title."""
    lines = text.split("\n")
    if lines[0] != TITLE_OF_ANNEXE:
        raise ParseError(f"The text does not begin with « {TITLE_OF_ANNEXE} ».")
    starts, after_partners = [], 1
    for index, line in enumerate(lines):
        if straighten(line).startswith("Partenaire(s) officiel(s)\t"):
            after_partners = index + 1
        elif line.startswith(PORTEUR):
            # The title is whatever stands between the end of the previous table and « Organisme porteur ».
            start = after_partners
            while not lines[start].strip() or lines[start].startswith("\t") or DASHES.match(lines[start]):
                start += 1
            starts.append(start)
    return ["\n".join(lines[a:b]).strip("\n") for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def parse(text: str) -> list[RawFiche]:
    """All fiches of Annexe C, numbered from 1 in the order of the report. Raises ParseError."""
    return [parse_fiche(numero, block) for numero, block in enumerate(split_blocks(text), start=1)]


def parse_fiche(numero: int, block: str) -> RawFiche:
    """One fiche. Every line must be understood: an unknown line is a ParseError, never a lost word."""
    head, _, rest = block.partition(PORTEUR)
    porteur, found, rest = rest.partition("\nRégion administrative\t")
    if not found:
        raise ParseError(f"Fiche {numero}: no « Région administrative ».")
    fiche = RawFiche(numero, join_lines(head.replace("**", "")), join_lines(porteur), source=block)
    section, current, tick_lines, description = "", "", [], []
    lines = ("Région administrative\t" + rest).split("\n")
    for line in (line for line in lines if line.strip() and not DASHES.match(line)):
        label, tab, value = line.partition("\t")
        if line in HEADINGS:
            section, current = line, ""
        elif tab and not label:
            if not current:
                raise ParseError(f"Fiche {numero}: a row continues nothing: {line!r}")
            fiche.cells[current].append(value)
        elif tab and straighten(label) in LABELS:
            current = LABELS[straighten(label)]
            if current in fiche.cells:
                raise ParseError(f"Fiche {numero}: « {label} » twice.")
            fiche.cells[current] = [value]
        elif section == HEADINGS[0]:
            tick_lines.append(line)
        elif section == HEADINGS[2] and not tab:
            description.append(line)
        else:
            raise ParseError(f"Fiche {numero}: line not understood: {line!r}")
    fiche.ticks = parse_ticks(tick_lines)
    fiche.description = join_lines("\n".join(description))
    return fiche


def parse_ticks(lines: list[str]) -> list[str] | None:
    """Labels of the ticked boxes; None where the source prints the nine labels without any box."""
    boxes = [box for line in lines for box in TICK_BOX.finditer(line)]
    if not boxes:
        return None
    return [straighten(box["label"].strip()) for box in boxes if box["checked"]]


def join_lines(text: str) -> str:
    """A cell or title printed on several lines, on one."""
    return " ".join(text.split())
