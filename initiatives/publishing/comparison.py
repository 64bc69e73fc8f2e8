"""Two to four fiches side by side, line by line, what differs marked."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core import enums
from initiatives.models import Initiative

from . import words
from .words import Line, labels, lines_of


@dataclass(frozen=True)
class ComparedLine:
    """A line of the comparison: what each fiche says of it; do they differ?"""

    libelle: str
    cases: list[tuple[Initiative, list[Line]]]
    differe: bool


def labelled(field: str, enum: type) -> Callable[[Initiative], list[Line]]:
    """The labels of a field that holds codes, or one code."""

    def said(row: Initiative) -> list[Line]:
        codes = getattr(row, field)
        return lines_of(labels(enum, codes if isinstance(codes, list) else [codes]))

    return said


def carried_by(row: Initiative) -> list[Line]:
    return words.carried_by(row) if row.porteurs else [words.printed_porteur(row)]


def checked(row: Initiative) -> list[Line]:
    return lines_of(words.in_words(row.verifiee_le) if row.verifiee_le else _("Jamais"))


def reached(row: Initiative) -> list[Line]:
    """Whom, and how."""
    found = words.reach(row)
    lines = lines_of(found.absence)
    for holder in found.rows:
        lines += [[words.Part(holder.label + words.colon().rstrip())], *holder.lines]
    return lines


COMPARED = [
    (gettext_lazy("État"), labelled("stade", enums.Stade)),
    (gettext_lazy("Région"), labelled("region_id", enums.Regions)),
    (gettext_lazy("Qui l'offre"), carried_by),
    (gettext_lazy("Pour qui"), labelled("clienteles", enums.Clientele)),
    (gettext_lazy("Âge"), lambda row: [words.age(row)]),
    (gettext_lazy("Sexe"), labelled("sexe", enums.Sexe)),
    (gettext_lazy("Implication"), labelled("implications", enums.Implication)),
    (gettext_lazy("Sorte d'aide"), labelled("modalite", enums.Modalite)),
    (gettext_lazy("Genre de projet"), labelled("types", enums.Type)),
    (gettext_lazy("Où ça se passe"), labelled("lieu", enums.Lieu)),
    (gettext_lazy("Ce que c'est"), lambda row: lines_of(row.description, row.langue)),
    (gettext_lazy("Objectifs"), lambda row: words.objectives(row) if row.objectifs else []),
    (gettext_lazy("Avec qui"), lambda row: words.partner_lines(row, [(row.partenaires, "")])),
    (gettext_lazy("Fréquence"), lambda row: words.printed(row.frequence, row.langue)),
    (gettext_lazy("Année de création"), words.year),
    (gettext_lazy("Vérifiée le"), checked),
    (gettext_lazy("Joindre"), reached),
    (gettext_lazy("Quoi dire"), lambda row: words.reach(row).say.lines),
]


def comparison(fiches: list[Initiative]) -> list[ComparedLine]:
    """The lines, for fiches fetched with `joignables()`. No query."""
    compared = []
    for label, value in COMPARED:
        cells = [[line for line in value(row) if line] for row in fiches]
        said = {tuple("".join(part.text for part in line) for line in lines) for lines in cells}
        compared.append(ComparedLine(label, list(zip(fiches, cells, strict=True)), len(said) > 1))
    return compared
