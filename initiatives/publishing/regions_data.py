"""The public columns of the sixteen regions, declared once as those of fiches are (dataset.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums
from initiatives.core.addresses import absolute

from . import shapes
from .dataset import Column


@dataclass(frozen=True)
class Row:
    """What the columns read of a region."""

    slug: str
    nombre: int
    stades: Mapping[str, int]
    voisines: list[str]
    sondes: int


CODES = shapes.one_of(enums.Regions.values)
COLUMNS: list[Column] = [
    Column("slug", _("Code de la région, et fin de son adresse."), attrgetter("slug"), shape=CODES),
    Column(
        "url", _("Adresse de la région."), lambda row: absolute(reverse("region", args=[row.slug])), shape=shapes.URI
    ),
    Column("nom", _("Nom de la région."), lambda row: str(enums.Regions(row.slug).label), shape=shapes.TEXT),
    Column("voisines", _("Régions voisines."), attrgetter("voisines"), shape=shapes.some(CODES)),
    Column("nombre", _("Nombre de ses fiches publiques."), attrgetter("nombre"), shape=shapes.INTEGER),
    Column(
        "stades",
        _("Ces fiches selon leur stade de développement."),
        lambda row: {code: row.stades.get(code, 0) for code in enums.Stade.values},
        shape=shapes.having(**dict.fromkeys(enums.Stade.values, shapes.INTEGER)),
    ),
    Column(
        "sondes",
        _("Nombre de milieux sondés pour le rapport; à zéro, ce qui y manque n'est pas connu."),
        attrgetter("sondes"),
        shape=shapes.INTEGER,
    ),
]


def schema() -> shapes.Shape:
    """What a region looks like in JSON, as JSON Schema, in the active language."""
    return shapes.having(**{column.name: column.schema for column in COLUMNS})


def as_data(row: Row) -> dict:
    return {column.name: column.value(row) for column in COLUMNS}
