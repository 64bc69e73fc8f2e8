"""A list as a workbook for a spreadsheet: the columns of the CSV file, numbers and days as such, and what each says."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO

from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.core.addresses import absolute
from initiatives.models import Source
from initiatives.publishing.dataset import COLUMNS, addresses
from initiatives.publishing.rows import Fiche

from . import packages
from .tables import csv_columns

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_FICHES = 5000  # a workbook is made in memory: a tenth of a second for fifty
WIDE, NARROW = 60, 18


def workbook(batches: Iterable[list[Fiche]], documents: list[Source], changed: datetime) -> bytes:
    """The workbook of these fiches, read in the active language."""
    from openpyxl import Workbook  # here: it takes a fifth of the start of a process

    book = Workbook(write_only=True)
    columns = list(csv_columns())
    kinds = [column.kind if not column.several else "" for column in columns]
    moments = ["" if column.several else column.shape.get("format", "") for column in columns]
    texts = [WIDE if column.name in ("description", "objectifs", "titre") else NARROW for column in columns]
    sheet = begun(book, _("Fiches"), [column.name for column in columns], texts)
    total = 0
    for fiches in batches:
        total += len(fiches)
        for cells in lines(fiches):
            sheet.append(typed(cells, kinds, moments))
    sheet.auto_filter.ref = f"A1:{letter(len(columns))}{total + 1}"
    told = begun(book, _("Colonnes"), [_("Colonne"), _("Ce qu'elle dit"), _("Codes")], [NARROW, WIDE, WIDE])
    labels = {column.name: column.enum.choices for column in COLUMNS if column.enum is not None}
    for column in columns:
        codes = "\n".join(f"{code} : {label}" for code, label in labels.get(column.name, ()))
        told.append([column.name, column.help, codes])
    about = begun(book, _("Source"), [packages.title()], [2 * WIDE])
    said = [packages.about(), absolute(reverse("accueil")), packages.version(changed)]
    for text in [
        *said,
        *(part for document in documents for part in (packages.citation(document), document.reproduction)),
    ]:
        about.append([text])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def lines(fiches: list[Fiche]) -> Iterator[tuple[str, ...]]:
    """The cells of each fiche, as CSV has them: what a spreadsheet would run is neutralised."""
    address = addresses(absolute)
    columns = []
    for column in COLUMNS if fiches else ():
        columns += [[address(fiche.slug) for fiche in fiches]] if column.name == "url" else column.cells(fiches)
    return zip(*columns, strict=True)


def typed(cells: tuple[str, ...], kinds: list[str], moments: list[str]) -> list:
    """The same as a workbook holds them."""
    return [
        as_value(cell, kind, moment) if cell else None for cell, kind, moment in zip(cells, kinds, moments, strict=True)
    ]


def as_value(cell: str, kind: str, moment: str):
    """`moment`: "date"; "date-time", said in the hour of Québec, for a workbook knows no other; or nothing."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if kind in ("integer", "boolean"):
        return int(cell) if kind == "integer" else cell == "1"
    if moment == "date-time":
        return datetime.fromisoformat(cell).replace(tzinfo=None)
    return date.fromisoformat(cell) if moment == "date" else ILLEGAL_CHARACTERS_RE.sub("", cell)


def begun(book, title: str, headings: list[str], widths: list[int]):
    """A sheet whose headings stay in sight."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[letter(place)].width = width
    cells = [WriteOnlyCell(sheet, heading) for heading in headings]
    for cell in cells:
        cell.font = Font(bold=True)
    sheet.append(cells)
    return sheet


def letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(place)
