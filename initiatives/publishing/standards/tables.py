"""What the cells of the CSV file hold, read from the public columns: for every format that describes a table."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from initiatives.core.cells import SEPARATOR
from initiatives.publishing import shapes
from initiatives.publishing.dataset import COLUMNS
from initiatives.publishing.shapes import Shape

KEYS = ("numero", "slug", "url")  # two fiches never have the same


@dataclass(frozen=True)
class CsvColumn:
    """A column of the CSV file. `shape`: of its value, as JSON Schema, or of each where it holds `several`."""

    name: str
    help: str
    shape: Shape
    several: bool = False

    @property
    def kind(self) -> str:
        """Its JSON type, without « null »: an empty cell says it."""
        kind = self.shape["type"]
        return kind if isinstance(kind, str) else kind[0]

    @property
    def is_filled(self) -> bool:
        """Whether no fiche leaves it empty."""
        if self.several or isinstance(self.shape["type"], list):
            return False
        closed = "enum" in self.shape and "" not in self.shape["enum"]
        return self.kind != "string" or closed or bool({"format", "minLength"} & self.shape.keys())

    @property
    def codes(self) -> list[str]:
        """The closed list of its values, if it has one."""
        return [code for code in self.shape.get("enum", ()) if code]


def csv_columns() -> Iterator[CsvColumn]:
    """The columns of the CSV file, in their order, told in the active language."""
    for column in COLUMNS:
        schema = column.schema
        several = schema["type"] == "array"
        shape = schema["items"] if several else schema
        # What JSON gives as an object, a cell says in words.
        in_words = "object" in shape["type"]
        yield CsvColumn(column.name, str(column.help), shapes.TEXT if in_words else shape, several)
        if column.enum is not None:
            said = _("Le même en mots : %(colonne)s.") % {"colonne": column.name}
            yield CsvColumn(f"{column.name}_libelle", said, shapes.TEXT, several)


def frictionless(column: CsvColumn) -> dict:
    """A field of a Frictionless table schema."""
    shape = column.shape
    told = {"name": column.name, "type": "string", "description": column.help}
    if not column.several:
        told |= FRICTIONLESS.get((column.kind, shape.get("format")), {})
    limits = {name: shape[name] for name in ("minimum", "maximum") if name in shape}
    if column.is_filled:
        limits["required"] = True
    if column.name in KEYS:
        limits["unique"] = True
    if column.codes:
        one = f"({'|'.join(column.codes)})"
        separator = SEPARATOR.replace("|", r"\|")
        limits |= {"pattern": f"{one}({separator}{one})*"} if column.several else {"enum": column.codes}
    return told | ({"constraints": limits} if limits else {})


FRICTIONLESS = {
    ("integer", None): {"type": "integer"},
    ("boolean", None): {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]},
    ("string", "date"): {"type": "date"},
    ("string", "date-time"): {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"},
    ("string", "uri"): {"type": "string", "format": "uri"},
}


def csvw(column: CsvColumn) -> dict:
    """A column of a CSVW table schema."""
    shape = column.shape
    told = {"name": column.name, "titles": column.name, "dc:description": column.help}
    base = "string" if column.several else CSVW.get((column.kind, shape.get("format")), "string")
    datatype = {"base": base} | {name: shape[name] for name in ("minimum", "maximum") if name in shape}
    if base == "boolean":
        datatype["format"] = "1|0"
    elif column.codes:
        datatype["format"] = "|".join(column.codes)
    told["datatype"] = datatype if len(datatype) > 1 else base
    if column.several:
        told["separator"] = SEPARATOR
    return told | ({"required": True} if column.is_filled else {})


CSVW = {
    ("integer", None): "integer",
    ("boolean", None): "boolean",
    ("string", "date"): "date",
    ("string", "date-time"): "dateTime",
    ("string", "uri"): "anyURI",
}
