"""Two to four fiches side by side, line by line: what they share is said once."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core import enums
from initiatives.models import Initiative

from . import reaching, words
from .words import Line, labels, lines_of


@dataclass(frozen=True)
class ComparedLine:
    """A line of the comparison: what each fiche says of it; do they differ?"""

    libelle: str
    cases: list[tuple[Initiative, list[Line]]]
    differe: bool

    @property
    def shown(self) -> list[tuple[Initiative | None, list[Line]]]:
        """The cells to draw: one for each fiche, or a single one, of none, where all say the same."""
        return self.cases if self.differe else [(None, self.cases[0][1])]


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
    """Whom, and how; whom to call in the region is on the fiche, and the same for all."""
    found, known = words.reach(row), len(reaching.chain(row).holders)
    lines = lines_of(found.absence)
    for holder in found.rows[:known]:
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
    (gettext_lazy("Fréquence"), lambda row: words.printed(row.frequence, row.langue)),
    (gettext_lazy("Année de création"), words.year),
    (gettext_lazy("Vérifiée le"), checked),
]
# What takes lines and lines: under the rest, and folded on a phone.
AT_LENGTH = [
    (gettext_lazy("Ce que c'est"), lambda row: lines_of(row.description, row.langue)),
    (gettext_lazy("Objectifs"), lambda row: words.objectives(row) if row.objectifs else []),
    (gettext_lazy("Avec qui"), lambda row: words.partner_lines(row, [(row.partenaires, "")])),
    (gettext_lazy("Joindre"), reached),
    (gettext_lazy("Quoi dire"), lambda row: words.reach(row).say.lines),
]


def comparison(fiches: list[Initiative], wanted=COMPARED) -> list[ComparedLine]:
    """The lines wanted, `COMPARED` or `AT_LENGTH`, for fiches fetched with `joignables()`. No query."""
    compared = []
    for label, value in wanted:
        cells = [[line for line in value(row) if line] for row in fiches]
        said = {tuple("".join(part.text for part in line) for line in lines) for lines in cells}
        compared.append(ComparedLine(label, list(zip(fiches, cells, strict=True)), len(said) > 1))
    return compared
