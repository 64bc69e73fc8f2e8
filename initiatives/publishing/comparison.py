"""Two to four fiches side by side, line by line, what differs marked."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core import enums
from initiatives.models import Initiative

from . import words
from .words import Line, joined, labels, lines_of


@dataclass(frozen=True)
class ComparedLine:
    """A line of the comparison: what each fiche says of it; do they differ?"""

    libelle: str
    cases: list[Line]
    differe: bool


def labelled(field: str, enum: type) -> Callable[[Initiative], Line]:
    """The labels of a field that holds codes, or one code."""

    def said(row: Initiative) -> Line:
        codes = getattr(row, field)
        return joined(lines_of(labels(enum, codes if isinstance(codes, list) else [codes])))

    return said


def carried_by(row: Initiative) -> Line:
    return joined(words.carried_by(row), ", ") if row.porteurs else words.printed_porteur(row)


def checked(row: Initiative) -> Line:
    return lines_of(words.in_words(row.verifiee_le) if row.verifiee_le else _("Jamais"))[0]


COMPARED = [
    (gettext_lazy("Stade de développement"), labelled("stade", enums.Stade)),
    (gettext_lazy("Région"), labelled("region_id", enums.Regions)),
    (gettext_lazy("Porté par"), carried_by),
    (gettext_lazy("Pour qui"), labelled("clienteles", enums.Clientele)),
    (gettext_lazy("Âge"), lambda row: [part for part in [words.age(row)] if part]),
    (gettext_lazy("Sexe"), labelled("sexe", enums.Sexe)),
    (gettext_lazy("Type d'implication"), labelled("implications", enums.Implication)),
    (gettext_lazy("Type de projet"), labelled("types", enums.Type)),
    (gettext_lazy("Modalité d'intervention"), labelled("modalite", enums.Modalite)),
    (gettext_lazy("Lieu de déploiement"), labelled("lieu", enums.Lieu)),
    (gettext_lazy("Fréquence des activités"), lambda row: joined(lines_of(row.frequence, row.langue))),
    (gettext_lazy("Année de création"), lambda row: joined(words.year(row))),
    (gettext_lazy("Vérifiée le"), checked),
]


def comparison(fiches: list[Initiative]) -> list[ComparedLine]:
    """The lines, for fiches fetched with `avec_relations()`. No query."""
    lines = []
    for label, value in COMPARED:
        cells = [value(row) for row in fiches]
        said = {"".join(part.text for part in cell) for cell in cells}
        lines.append(ComparedLine(label, cells, len(said) > 1))
    return lines
