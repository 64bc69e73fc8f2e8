"""The files that leave: fiches as they are, an empty model, and the lists that go with it."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from initiatives.core.cells import as_cell
from initiatives.keeping import history, state
from initiatives.models import Initiative

from .columns import APOSTROPHE, COLUMNS, NEEDS, VERSION, label_of, protect
from .contacts import contacts_cell
from .reading import MAX_ROWS
from .values import Known, in_words, is_open, offered

# What moderation decides, and an address that makes itself: a new fiche asks for neither.
NOT_IN_MODEL = {"statut", "slug"}
WIDE = {
    "titre",
    "description",
    "composantes",
    "objectifs",
    "partenaires",
    "porteurs",
    "contacts",
    "pour_en_savoir_plus",
}


def rows_of(fiches) -> list[list[str]]:
    """The heading and a line a fiche, by their codes. Five queries, whatever their number."""
    lines = [[*COLUMNS, NEEDS, VERSION]]
    for values in standing(fiches):
        values |= {"contacts": contacts_cell(values["contacts"])}
        lines.append([as_cell(values[name], APOSTROPHE) for name in lines[0]])
    return lines


def standing(fiches) -> list[dict]:
    """The state of each fiche, in their order, with its number, its needs and the version that is seen of it."""
    needs = dict(fiches.values_list("numero", "besoins"))
    states = state.states_of(Initiative, needs)
    ranks = history.ranks_seen(states)
    return [states[numero] | {"numero": numero, NEEDS: needs[numero], VERSION: str(ranks[numero])} for numero in needs]


def workbook_of(fiches) -> bytes:
    """The same as a workbook to work in: everything in words, and lists in the cells. A dozen queries."""
    known, columns = Known(), [*COLUMNS, NEEDS, VERSION]
    book, sheet = new_book()
    begin(sheet, columns, map(label_of, columns))
    add_lists(book, sheet, COLUMNS)
    for values in standing(fiches):
        sheet.append([text_cell(sheet, protect(in_words(name, values[name], known))) for name in columns])
    return saved(book)


def as_csv(rows: list[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def new_book():
    """A workbook written line by line, and its first sheet."""
    from openpyxl import Workbook  # here: it takes a fifth of the start of a process, for what editors do now and then

    book = Workbook(write_only=True)
    return book, book.create_sheet("Initiatives")


def saved(book) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def text_cell(sheet, value: str, bold: bool = False):
    """A cell that holds a text; what no workbook may hold is left out of it."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    item = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    item.data_type = "s"
    if bold:
        item.font = Font(bold=True)
    return item


def empty_model() -> bytes:
    """A workbook to fill: the headings in words, lists in the cells, and on a second sheet what they may hold."""
    columns = [name for name in COLUMNS if name not in NOT_IN_MODEL]
    book, sheet = new_book()
    begin(sheet, columns, map(label_of, columns))
    add_lists(book, sheet, columns)
    return saved(book)


def begin(sheet, columns: list[str], written: Iterable[str]) -> None:
    """The headings, which stay in sight, over columns as wide as what they hold."""
    from openpyxl.utils import get_column_letter

    for place, name in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = 50 if name in WIDE else 22
    sheet.freeze_panes = "A2"
    sheet.append([text_cell(sheet, text, bold=True) for text in written])


def add_lists(book, sheet, columns: list[str]) -> None:
    """A second sheet of what may be chosen, and the lists of it in the cells of the first. Few queries."""
    known = Known()
    lists = {name: found for name in columns if (found := offered(name, known))}
    second = book.create_sheet(_("Valeurs permises"))
    for place, (name, values) in enumerate(lists.items(), start=1):
        add_list(sheet, columns.index(name) + 1, name, reference(second.title, place, len(values)))
    second.append([text_cell(second, label_of(name), bold=True) for name in lists])
    for line in range(max(map(len, lists.values()), default=0)):
        row = [values[line] if line < len(values) else "" for values in lists.values()]
        second.append([text_cell(second, protect(text)) if text else None for text in row])


def reference(title: str, place: int, length: int) -> str:
    """The cells of the second sheet that hold a list."""
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(place)
    return f"'{title}'!${letter}$2:${letter}${length + 1}"


def add_list(sheet, place: int, name: str, cells: str) -> None:
    """A list in the cells of a column; where several or others are allowed, it offers and refuses nothing."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="list", formula1=cells, allow_blank=True, showErrorMessage=not is_open(name))
    rule.errorTitle, rule.error = _("Hors de la liste"), _("Choisissez dans la liste, ou laissez vide.")
    if is_open(name) and name != "famille":
        rule.showInputMessage = True
        rule.promptTitle, rule.prompt = _("Plusieurs ?"), _("Séparez-les par une barre : Outil | Formation.")
    letter = get_column_letter(place)
    rule.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
    sheet.data_validations.append(rule)
