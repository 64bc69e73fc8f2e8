"""The public columns of organisations, declared once as those of fiches are (dataset.py)."""

from collections.abc import Callable
from operator import attrgetter

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums
from initiatives.core.addresses import absolute
from initiatives.models import Organisme

from . import reaching, shapes
from .dataset import Column

ROLES = {"porteur": "organisme", "parent": "parent"}  # what a chain calls them, and what data of an organisation do
REGION = {"type": ["string", "null"], "enum": [*enums.Regions.values, None]}


def field(name: str, help: str, enum=None) -> Column:  # noqa: A002
    """A column that is the model's own field."""
    codes = enum.values if enum else ()
    return Column(name, help, attrgetter(name), enum, shape=shapes.of_field(Organisme._meta.get_field(name), codes))


def part_of(organisme: Organisme) -> dict | None:
    """What it is part of, where that is public: another is known by a draft alone, and its name would tell of it."""
    parent = organisme.fait_partie_de if organisme.parent_public else None
    return {"slug": parent.slug, "nom": parent.nom} if parent else None


def contacts(organisme: Organisme) -> list[dict]:
    """Every public contact by which it can be reached, its own first."""
    return [
        {
            "de": ROLES[holder.role],
            "organisme": holder.organisme.slug,
            "nature": contact.nature,
            "valeur": contact.valeur,
            "precision": contact.precision,
        }
        for holder in reaching.holders([], [organisme])
        for contact in holder.contacts
    ]


def modified(organisme: Organisme) -> str | None:
    moment = organisme.modifie_le
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None


def address(organisme: Organisme) -> str:
    return absolute(organisme.get_absolute_url())


COLUMNS: list[Column] = [
    field("slug", _("Fin de l'adresse de l'organisme, permanente.")),
    Column("url", _("Adresse de l'organisme."), address, shape=shapes.URI),
    field("nom", _("Nom.")),
    field("sigle", _("Sigle.")),
    field("nom_court", _("Nom court.")),
    field("categorie", _("Sorte d'organisme."), enums.Categorie),
    Column(
        "region",
        _("Région administrative; vide pour tout le Québec."),
        attrgetter("region_id"),
        enums.Regions,
        shape=REGION,
    ),
    Column(
        "fait_partie_de",
        _("Organisme dont il fait partie."),
        part_of,
        shape=shapes.or_nothing(shapes.having(slug=shapes.TEXT, nom=shapes.TEXT)),
    ),
    Column(
        "contacts",
        _("Coordonnées publiques. « de » dit de qui : organisme, ou parent (celui dont il fait partie)."),
        contacts,
        shape=shapes.some(
            shapes.having(
                **shapes.CONTACT["properties"] | {"de": shapes.one_of(ROLES.values()), "organisme": shapes.TEXT}
            )
        ),
    ),
    Column("sonde", _("Vrai s'il a été sondé pour le rapport."), attrgetter("sonde"), shape={"type": "boolean"}),
    Column(
        "fiches",
        _("Numéros permanents de ses fiches publiques."),
        attrgetter("numeros"),
        shape=shapes.some(shapes.INTEGER),
    ),
    Column(
        "modifie_le",
        _("Dernière modification ici de ce qu'il dit; vide s'il n'a jamais changé."),
        modified,
        shape=shapes.or_nothing({"type": "string", "format": "date-time"}),
    ),
]


def schema() -> shapes.Shape:
    """What an organisation looks like in JSON, as JSON Schema, in the active language."""
    return shapes.having(**{column.name: column.schema for column in COLUMNS})


def rows(condition: Callable = lambda organismes: organismes) -> list[dict]:
    """The public organisations as data, by address; `condition` narrows them. One query."""
    organismes = condition(Organisme.objects.publics()).en_donnees().order_by("slug")
    return [{column.name: column.value(row) for column in COLUMNS} for row in organismes]
