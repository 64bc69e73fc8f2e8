"""What comes back of a refused file: its wrong lines alone, in a workbook that says what is wrong in each cell.

Nothing of them is kept here: the page that said no carries them, signed, and gives them back when they are asked for.
"""

from collections import defaultdict

from django.core import signing
from django.utils.translation import gettext as _

from .columns import Problem, RefusedError, label_of, protect, unprotect
from .reading import Sheet
from .writing import add_lists, begin, new_book, saved, text_cell

SALT, HOURS = "initiatives.spreadsheet.returning", 24
# What a form may send is limited (settings.DATA_UPLOAD_MAX_MEMORY_SIZE).
MAX_PACKED = 2_000_000
COLOUR = "FFDBD6"


def pack(sheet: Sheet, problems: list[Problem]) -> tuple[str, int]:
    """The lines that have problems, as a text for a form, and how many of them it holds: the first that fit."""
    wrong = defaultdict(list)
    for problem in problems:
        wrong[problem.ligne].append([problem.colonne, problem.raison])
    columns = list(sheet.headings)
    rows = [([row.get(name, "") for name in columns], wrong[number]) for number, row in sheet.lines if number in wrong]
    while True:
        told = {"titres": list(sheet.headings.items()), "lignes": rows}
        packed = signing.dumps(told, salt=SALT, compress=True)
        if len(packed) <= MAX_PACKED or not rows:
            return packed, len(rows)
        rows = rows[: len(rows) // 2]


def unpack(text: str) -> dict:
    """What `pack` wrote. Raises RefusedError for anything else."""
    try:
        return signing.loads(text, salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        raise RefusedError(_("Cette page est trop ancienne : envoyez encore le fichier.")) from None


def corrections(told: dict) -> bytes:
    """The workbook of the wrong lines: coloured cells, the reason as a note. Corrected, it is sent as it is."""
    headings, lines = dict(told["titres"]), told["lignes"]
    # A column that the file lacks is added where all is new: an empty cell would empty the field of a fiche.
    if "numero" not in headings or not any(cells[list(headings).index("numero")] for cells, _wrong in lines):
        missing = {name for _cells, wrong in lines for name, _reason in wrong if name} - headings.keys()
        headings |= {name: label_of(name) for name in missing}
    columns = list(headings)
    book, sheet = new_book()
    begin(sheet, columns, headings.values())
    add_lists(book, sheet, columns)
    for cells, wrong in lines:
        reasons = defaultdict(list)
        for name, reason in wrong:
            here = name in headings
            reasons[columns.index(name) if here else 0].append(
                reason if here or not name else f"{label_of(name)} : {reason}"
            )
        row = [*cells, *[""] * (len(columns) - len(cells))]
        sheet.append([noted(sheet, text, reasons.get(place)) for place, text in enumerate(row)])
    return saved(book)


def noted(sheet, text: str, reasons: list[str] | None):
    """A cell as it was sent, harmless; coloured, with what is wrong as its note."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    item = text_cell(sheet, protect(unprotect(text)))
    if reasons:
        item.fill = PatternFill("solid", fgColor=COLOUR)
        item.comment = Comment("\n".join(reasons), _("Répertoire"), height=120, width=320)
    return item
