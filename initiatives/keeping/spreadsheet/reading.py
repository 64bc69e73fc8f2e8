"""The file that an editor sends, as lines: a workbook, or the CSV of any spreadsheet."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from initiatives.core.cells import seen

from .columns import COLUMNS, Problem, RefusedError, headings

MAX_BYTES, MAX_UNPACKED, MAX_ROWS = 5_000_000, 60_000_000, 5000
MOST_COLUMNS = len(COLUMNS) + 20
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([^"]+)"')
# What no text holds: the file is something else than a CSV.
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Sheet:
    """What a file says: its headings (column → as written), its lines (number, column → text), and the cells that say
    nothing by themselves: formulas, and what a merged cell hides.
    """

    headings: dict[str, str]
    lines: list[tuple[int, dict]]
    formulas: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_file(name: str, content: bytes) -> Sheet:
    """What a file says. Raises RefusedError.

    No file is larger than `MAX_BYTES`: whoever calls looks before reading it.
    """
    formulas, hidden, notices = [], [], []
    if name.lower().endswith(".xlsx"):
        lines, formulas, hidden = read_xlsx(content)
    else:
        lines, notices = read_csv(content)
    lines = [(number, [seen(text).strip() for text in row]) for number, row in lines]
    lines = [(number, row) for number, row in lines if any(row)]
    if not lines:
        raise RefusedError(_("Le fichier est vide."))
    written = [text.strip() for text in lines[0][1]]
    while written and not written[-1]:
        written.pop()
    columns = columns_of(written)
    if len(lines) == 1:
        raise RefusedError(_("Il n'y a aucune ligne sous les titres."))
    if len(lines) - 1 > MAX_ROWS:
        raise RefusedError(_("Plus de %(n)s lignes : coupez le fichier.") % {"n": MAX_ROWS})
    rows = [(number, dict(zip(columns, row, strict=False))) for number, row in lines[1:]]
    reasons = [(formulas, _("Une formule : collez plutôt sa valeur."))]
    reasons.append((hidden, _("Des cellules fusionnées : défusionnez-les, et écrivez la valeur de chacune.")))
    problems = [
        Problem(number, columns[place], reason)
        for cells, reason in reasons
        for number, place in cells
        if place < len(columns) and lines[0][0] < number <= lines[-1][0]
    ]
    return Sheet(dict(zip(columns, written, strict=True)), rows, problems, notices)


def columns_of(written: list[str]) -> list[str]:
    """The columns that the headings of a file name, by code or label. Raises RefusedError."""
    found = [headings().find(text) for text in written]
    if unknown := [text for text, name in zip(written, found, strict=True) if name is None]:
        names = ", ".join(f"« {text[:40]} »" for text in unknown[:5])
        raise RefusedError(
            _("Colonnes inconnues : %(noms)s. Partez de l'export de l'atelier, ou du modèle vide.") % {"noms": names}
        )
    if twice := [name for place, name in enumerate(found) if name in found[:place]]:
        raise RefusedError(_("Une colonne est là deux fois : %(nom)s.") % {"nom": twice[0]})
    if "titre" not in found and "numero" not in found:
        raise RefusedError(_("Il manque la colonne « numero » ou « titre »."))
    return found


def read_xlsx(content: bytes) -> tuple[list[tuple[int, list[str]]], list[tuple[int, int]], list[tuple[int, int]]]:
    """The lines of the first sheet, and where its formulas and its hidden cells are: (line, place in it)."""
    from openpyxl import load_workbook  # here: it takes a fifth of the start of a process
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise RefusedError(_("Ce classeur se déplie en un fichier énorme : il est refusé."))
        if any("vbaProject" in part.filename for part in parts):
            raise RefusedError(_("Ce classeur contient des macros : il est refusé."))
        sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        lines, formulas = [], []
        for number, row in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MOST_COLUMNS), start=1):
            formulas += [(number, place) for place, item in enumerate(row) if item.data_type == "f"]
            lines.append((number, [as_text(item.value) for item in row]))
        return lines, formulas, hidden_cells(content, sheet._worksheet_path)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError, SyntaxError):
        raise RefusedError(_("Ce n'est pas un classeur XLSX lisible.")) from None


def hidden_cells(content: bytes, path: str) -> list[tuple[int, int]]:
    """The cells of a sheet that a merged one hides, which hold nothing of their own: (line, place in it).

    Read from its XML: a workbook that is read line by line says nothing of them.
    """
    from openpyxl.utils import range_boundaries

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        found = MERGED.findall(package.read(path.lstrip("/")))
    hidden = []
    for ref in found:
        left, top, right, bottom = range_boundaries(ref.decode())
        lines = range(top, min(bottom, MAX_ROWS + 2) + 1)
        places = range(left, min(right, MOST_COLUMNS) + 1)
        hidden += [(line, place - 1) for line in lines for place in places if (line, place) != (top, left)]
    return hidden


def as_text(value) -> str:
    """What a cell of a workbook holds, as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def read_csv(content: bytes) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """The lines of a CSV, and what an editor must be told of how it was read."""
    text, notices = decoded(content)
    first = text.lstrip().partition("\n")[0]
    delimiter = max(";", ",", "\t", key=first.count) if ";" not in first else ";"
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise RefusedError(
            _("Ce CSV est mal formé : un guillemet n'est pas fermé, ou une cellule est trop longue.")
        ) from None
    return list(enumerate(rows, start=1)), notices


def decoded(content: bytes) -> tuple[str, list[str]]:
    """The text of a CSV: UTF-8, else what Excel writes in French on Windows, which is said."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if NO_TEXT.search(text):
            break
        told = _("Lu comme un fichier d'Excel (Windows-1252) : vérifiez les accents.")
        return text, [told] if encoding == "cp1252" else []
    raise RefusedError(_("Ce fichier n'est ni un classeur XLSX, ni un CSV en UTF-8 ou en Windows-1252."))
