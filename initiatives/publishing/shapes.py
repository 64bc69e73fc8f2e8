"""What a public value looks like, as JSON Schema: read from the model's own field, or said with these few words."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from initiatives.core.enums import NatureContact

Shape = dict[str, Any]
SIMPLE = (
    (models.BooleanField, {"type": "boolean"}),
    (models.IntegerField, {"type": "integer"}),
    (models.DateTimeField, {"type": "string", "format": "date-time"}),
    (models.DateField, {"type": "string", "format": "date"}),
)
BOUNDS = {MinValueValidator: "minimum", MaxValueValidator: "maximum"}

TEXT: Shape = {"type": "string"}
FILLED: Shape = {"type": "string", "minLength": 1}
INTEGER: Shape = {"type": "integer"}
DATE: Shape = {"type": "string", "format": "date"}
URI: Shape = {"type": "string", "format": "uri"}
UUID: Shape = {"type": "string", "format": "uuid"}
FLAG: Shape = {"type": "boolean"}


def one_of(codes, blank: bool = False) -> Shape:
    """A code of a closed list; `blank`: or the empty text, where nothing is known."""
    return {"type": "string", "enum": [*codes, *([""] if blank else [])]}


def some(items: Shape) -> Shape:
    """A list, in order, perhaps empty."""
    return {"type": "array", "items": items}


def or_nothing(shape: Shape) -> Shape:
    return shape | {"type": [shape["type"], "null"]}


def having(**properties: Shape) -> Shape:
    """An object that always has these names; more may be added one day, and whoever reads it must bear that."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def of_field(field: models.Field, codes: list[str] = ()) -> Shape:
    """What a field of a model holds; `codes`: the closed list that it takes its values from, if any."""
    if isinstance(field, ArrayField):
        return some(one_of(codes) if codes else TEXT)
    simple = next((dict(shape) for kind, shape in SIMPLE if isinstance(field, kind)), None)
    if simple is None:
        return one_of(codes, field.blank) if codes else dict(TEXT if field.blank else FILLED)
    for validator in field._validators:
        if bound := BOUNDS.get(type(validator)):
            simple[bound] = validator.limit_value
    return or_nothing(simple) if field.null else simple


CONTACT = having(
    de=one_of(["initiative", "porteur", "parent"]),
    organisme=or_nothing(TEXT),
    nature=one_of(NatureContact.values),
    valeur=TEXT,
    precision=TEXT,
)
SOURCE = or_nothing(
    having(
        titre=TEXT,
        auteur=TEXT,
        annee=or_nothing(INTEGER),
        isbn=TEXT,
        fiche=or_nothing(INTEGER),
        collecte_debut=or_nothing(DATE),
        collecte_fin=or_nothing(DATE),
        verifiee_le=or_nothing(DATE),
    )
)
