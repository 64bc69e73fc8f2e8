"""The needs by who speaks, in the words of somebody who looks for help."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.core.enums import Voix
from initiatives.models import Besoin

from .facets import FacetCounts, FacetValue

WORDS = {
    Voix.MOI: _("Pour moi"),
    Voix.PROCHE: _("Comme parent, ami·e ou proche"),
    Voix.PROFESSIONNEL: _("Dans mon travail"),
}


@dataclass(frozen=True)
class Voice:
    """Somebody who speaks, and the needs that are said so: each with its value of the facet."""

    code: str
    titre: Promise
    besoins: list[tuple[Besoin, FacetValue]]

    @property
    def valeurs(self) -> list[FacetValue]:
        return [value for _need, value in self.besoins]

    @property
    def facette(self) -> dict:
        """What the boxes of its needs are made from."""
        return {"nom": "besoin", "unique": False, "valeurs": self.valeurs}

    @property
    def choisie(self) -> bool:
        return any(value.choisie for value in self.valeurs)


def voices(counts: FacetCounts) -> list[Voice]:
    """The voices that say something, in order, their needs in theirs, danger before all. No query."""
    rows = sorted(zip(counts.besoins, counts.facettes["besoin"], strict=True), key=lambda row: not row[0].urgence)
    said = [Voice(code, title, [row for row in rows if row[0].voix == code]) for code, title in WORDS.items()]
    return [voice for voice in said if voice.besoins]
