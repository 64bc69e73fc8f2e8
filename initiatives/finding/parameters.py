"""The parameters of the list as JSON Schema says them, read from the filters: a filter added there is told here."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums

from .filters import AgeField, InitiativeFilter, NumbersField, RowsField, WholeNumberField

# What the form adds to the filters, whose labels say the rest.
SAID = {
    "exact": _("1 : la recherche sans correction ni préférence"),
    "tri": _("Ordre"),
    "page": _("Page de la liste"),
    "par_page": _("Longueur d'une page"),
    "discret": _("1 : le mode discret, que les liens portent"),
    "f": _("Fiches choisies, que les liens portent"),
}
LONGEST_NUMBER = 999_999_999
BLANK = {"type": "string", "maxLength": 0}
# Anything that is not the NUL byte, which no text holds.
PLAIN = "^[^\\u0000]*$"


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address. `schema`: of its value, or of each where it may be given `several` times; `counted`:
    whether its values are told with how many fiches each has."""

    name: str
    help: str
    schema: dict[str, Any]
    several: bool = False
    counted: bool = False


def parameters() -> list[Parameter]:
    """Those of the list, in the active language. A query for the needs, and one for the organisations."""
    filterset = InitiativeFilter(QueryDict())
    return [
        Parameter(
            name,
            str(SAID[name] if name in SAID else filterset.filters[name].label),
            schema(field),
            isinstance(field, forms.MultipleChoiceField),
            name in filterset.facets(),
        )
        for name, field in filterset.form.fields.items()
    ]


def schema(field: forms.Field) -> dict[str, Any]:
    """What may be given. Nothing, written as an empty value, is the same as no parameter at all: a form sends it."""
    if isinstance(field, RowsField):
        return codes(sorted(field.rows().values_list("slug", flat=True)))
    if isinstance(field, NumbersField):
        return or_blank(number(0, LONGEST_NUMBER))
    if isinstance(field, forms.ChoiceField):
        return codes([code for code, _label in field.choices if code])
    if isinstance(field, AgeField):
        return {"anyOf": [number(0, enums.AGE_MAX), codes(enums.BandeAge.values)]}
    if isinstance(field, WholeNumberField):
        lowest, highest = field.min_value or 0, field.max_value
        return or_blank(number(lowest, LONGEST_NUMBER if highest is None else highest))
    return {"type": "string", "maxLength": field.max_length, "pattern": PLAIN}


def codes(values: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": [*values, ""]}


def number(lowest: int, highest: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": lowest, "maximum": highest}


def or_blank(shape: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [shape, BLANK]}
