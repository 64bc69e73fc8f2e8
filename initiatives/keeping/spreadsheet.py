"""Fiches as a spreadsheet and back: the same columns both ways, every line checked before anything is written.

A text that a spreadsheet would run as a formula leaves with an apostrophe before it, and loses it when it comes back.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from initiatives.core.cells import FORMULA_STARTS, SEPARATOR, as_cell, whole_number
from initiatives.core.enums import NatureVersion, Statut
from initiatives.models import Import, Initiative, Organisme, Porteur
from initiatives.models.fields import CodesField, LinesField

from . import history, moderation, revisions, state

MAX_BYTES, MAX_UNPACKED, MAX_ROWS = 5_000_000, 60_000_000, 5000
# Its own apostrophe is protected too, so that what leaves comes back the same.
APOSTROPHE = ("'",)
FIELDS = {name: field for name, field in state.fields_of(Initiative).items() if name != "fusionnee_dans"}
COLUMNS = ["numero", *FIELDS, "porteurs"]


class RefusedError(Exception):
    """The file cannot be read at all; the message says why."""


@dataclass(frozen=True)
class Problem:
    ligne: int
    colonne: str
    raison: str


@dataclass(frozen=True)
class Change:
    """What a line would do: create a draft (`numero` is None), or change a fiche as it was in version `rang`."""

    ligne: int
    numero: int | None
    titre: str
    wanted: dict
    rang: int
    differences: list


def unprotect(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].startswith((*FORMULA_STARTS, *APOSTROPHE)) else text


def rows_of(fiches) -> list[list[str]]:
    """The heading and a line a fiche. Three queries each."""
    lines = [COLUMNS]
    for fiche in fiches:
        values = {"numero": fiche.numero, **state.state_of(fiche)}
        lines.append([as_cell(values[name], APOSTROPHE) for name in COLUMNS])
    return lines


def as_xlsx(rows: list[list[str]]) -> bytes:
    """A workbook in which every cell is a text, never a formula."""
    from openpyxl import Workbook  # here: it takes a fifth of the start of a process, for what editors do now and then
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Initiatives")
    for row in rows:
        cells = []
        for value in row:
            item = WriteOnlyCell(sheet, value)
            item.data_type = "s"
            cells.append(item)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_csv(rows: list[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def read_file(name: str, content: bytes) -> tuple[list[tuple[int, dict]], list[Problem]]:
    """The lines of a file as (number, column → text), and its formulas as problems. Raises RefusedError.

    No file is larger than `MAX_BYTES`: whoever calls looks before reading it.
    """
    lines, problems = read_xlsx(content) if name.lower().endswith(".xlsx") else read_csv(content)
    lines = [(number, row) for number, row in lines if any(row)]
    if not lines:
        raise RefusedError(_("Le fichier est vide."))
    heading = [text.strip() for text in lines[0][1]]
    while heading and not heading[-1]:
        heading.pop()
    if unknown := [text for text in heading if text not in COLUMNS]:
        names = ", ".join(f"« {text[:40]} »" for text in unknown[:5])
        raise RefusedError(_("Colonnes inconnues : %(noms)s. Partez de l'export de l'atelier.") % {"noms": names})
    if len(set(heading)) != len(heading):
        raise RefusedError(_("Une colonne est là deux fois."))
    if "titre" not in heading and "numero" not in heading:
        raise RefusedError(_("Il manque la colonne « numero » ou « titre »."))
    if len(lines) - 1 > MAX_ROWS:
        raise RefusedError(_("Plus de %(n)s lignes : coupez le fichier.") % {"n": MAX_ROWS})
    return [(number, dict(zip(heading, row, strict=False))) for number, row in lines[1:]], problems


def read_xlsx(content: bytes) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise RefusedError(_("Ce classeur se déplie en un fichier énorme : il est refusé."))
        if any("vbaProject" in part.filename for part in parts):
            raise RefusedError(_("Ce classeur contient des macros : il est refusé."))
        sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        lines, problems = [], []
        for number, row in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=len(COLUMNS) + 20), start=1):
            formulas = [item.column_letter for item in row if item.data_type == "f"]
            problems += [Problem(number, letter, _("Une formule : collez plutôt sa valeur.")) for letter in formulas]
            lines.append((number, [as_text(item.value) for item in row]))
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError, SyntaxError):
        raise RefusedError(_("Ce n'est pas un classeur XLSX lisible.")) from None
    return lines, problems


def as_text(value) -> str:
    """What a cell of a workbook holds, as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def read_csv(content: bytes) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedError(_("Ce fichier n'est pas un CSV en UTF-8, ni un classeur XLSX.")) from None
    if "\0" in text:
        raise RefusedError(_("Ce fichier n'est pas un CSV en UTF-8, ni un classeur XLSX."))
    delimiter = ";" if text.partition("\n")[0].count(";") else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise RefusedError(
            _("Ce CSV est mal formé : un guillemet n'est pas fermé, ou une cellule est trop longue.")
        ) from None
    return list(enumerate(rows, start=1)), []


def value_of(field, text: str):
    """The JSON value that a cell means. Raises ValidationError."""
    text = unprotect(text)
    if isinstance(field, CodesField | LinesField):
        values = [part.strip() for part in text.split(SEPARATOR.strip()) if part.strip()]
        known = dict(field.base_field.choices or [])
        if known and (unknown := [value for value in values if value not in known]):
            raise ValidationError(_("« %(valeur)s » n'existe pas.") % {"valeur": unknown[0]})
        return [code for code in known if code in values] if known else values
    if isinstance(field, models.BooleanField):
        if text not in ("", "0", "1"):
            raise ValidationError(_("0 ou 1 est attendu."))
        return text == "1" if text else field.get_default()
    if not text:
        return None if field.null else ""
    if isinstance(field, models.IntegerField | models.DateField):
        return number_or_date(field, text)
    if field.choices and text not in dict(field.choices):
        raise ValidationError(_("« %(valeur)s » n'existe pas.") % {"valeur": text[:60]})
    return text


def number_or_date(field, text: str) -> int | str:
    if isinstance(field, models.IntegerField):
        number = whole_number(text)
        if number is None:
            raise ValidationError(_("Un nombre entier est attendu."))
        return number
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise ValidationError(_("Une date est attendue : 2026-05-31."))
    return found.isoformat()


def check_lines(lines: list[tuple[int, dict]]) -> tuple[list[Change], list[Problem]]:
    """What the lines would change, and everything that is wrong with them. Nothing is written; a few queries a line."""
    changes, problems, seen = [], [], {}
    organismes = set(Organisme.objects.values_list("slug", flat=True))
    wanted_numbers = {whole_number(row.get("numero", "").strip()) for _n, row in lines} - {None}
    fiches = Initiative.objects.in_bulk(wanted_numbers)
    slugs = dict(Initiative.objects.exclude(slug="").values_list("slug", "pk"))
    for number, row in lines:
        wanted, wrong = read_line(number, row, organismes)
        fiche, more = subject_of(number, row, fiches)
        wrong += more
        for name in ("numero", "slug"):
            text = row.get(name, "")
            if text and seen.setdefault((name, text), number) != number:
                wrong.append(Problem(number, name, _("Déjà à la ligne %(n)s.") % {"n": seen[name, text]}))
        if not wrong:
            change, wrong = compare(number, fiche, wanted, slugs)
            if change:
                changes.append(change)
        problems += wrong
    return changes, problems


def read_line(number: int, row: dict, organismes: set[str]) -> tuple[dict, list[Problem]]:
    """The values of a line, and what cannot be read in it."""
    wanted, wrong = {}, []
    for name, text in row.items():
        try:
            if name == "porteurs":
                wanted[name] = [part.strip() for part in unprotect(text).split(SEPARATOR.strip()) if part.strip()]
                if unknown := [slug for slug in wanted[name] if slug not in organismes]:
                    raise ValidationError(_("Organisme inconnu : %(slug)s") % {"slug": unknown[0][:60]})
            elif name != "numero":
                wanted[name] = value_of(FIELDS[name], text)
        except ValidationError as error:
            wrong.append(Problem(number, name, " ".join(error.messages)))
    return wanted, wrong


def subject_of(number: int, row: dict, fiches: dict) -> tuple[Initiative | None, list[Problem]]:
    """The fiche that a line speaks of; None for a new one."""
    text = row.get("numero", "").strip()
    if not text:
        return None, []
    fiche = fiches.get(whole_number(text))
    return (fiche, []) if fiche else (None, [Problem(number, "numero", _("Aucune fiche n'a ce numéro."))])


def compare(number: int, fiche: Initiative | None, wanted: dict, slugs: dict) -> tuple[Change | None, list[Problem]]:
    """The change that a readable line makes, None when it makes none, or why it is refused."""
    now = state.state_of(fiche) if fiche else {"statut": Statut.BROUILLON, "slug": ""}
    if wanted.get("statut", "") not in ("", now["statut"]):
        return None, [Problem(number, "statut", _("Le statut se change dans l'atelier, avec un motif."))]
    slug = wanted.get("slug") or now["slug"]
    if fiche and slug != now["slug"] and fiche.publiee_le:
        return None, [Problem(number, "slug", _("L'adresse d'une fiche publiée est permanente."))]
    if slug and slugs.get(slug, fiche and fiche.pk) != (fiche and fiche.pk):
        return None, [Problem(number, "slug", _("Cette adresse est celle d'une autre fiche."))]
    wanted = {name: value for name, value in wanted.items() if name not in ("statut", "slug")} | {"slug": slug}
    wanted = {name: value for name, value in wanted.items() if fiche is None or not same(now.get(name), value)}
    if not wanted:
        return None, []
    trial = Initiative.objects.get(pk=fiche.pk) if fiche else Initiative()
    try:
        fill(trial, wanted)
        state.check(trial, wanted if fiche else FIELDS)
    except ValidationError as error:
        return None, [
            Problem(number, name if name in COLUMNS else "", " ".join(messages))
            for name, messages in error.message_dict.items()
        ]
    rang = history.rank_seen(fiche) if fiche else 0
    found = state.differences(Initiative, now, now | wanted) if fiche else []
    return Change(number, fiche and fiche.pk, trial.titre, wanted, rang, found), []


def same(before, after) -> bool:
    """Whether two values are one, however a spreadsheet ends its lines."""
    texts = isinstance(before, str) and isinstance(after, str)
    return before.replace("\r\n", "\n") == after.replace("\r\n", "\n") if texts else before == after


def fill(fiche: Initiative, values: dict) -> None:
    """Puts the values of a line into a fiche, unsaved. Raises ValidationError."""
    for name, value in values.items():
        if name in FIELDS and name != "statut":
            setattr(fiche, FIELDS[name].attname, state.stored_value(FIELDS[name], value) if value else value)


def keep_trial(name: str, par, changes: list[Change]) -> Import:
    """What was checked, kept until somebody confirms it: an import is a row that can be looked at later."""
    lines = [{"ligne": c.ligne, "numero": c.numero, "valeurs": c.wanted, "rang": c.rang} for c in changes]
    return Import.objects.create(nom=name[:200], par=par, lignes=lines)


@transaction.atomic
def write_import(row: Import, par, now) -> int:
    """Writes everything or nothing; returns how many. Raises ValidationError when a fiche changed since the check."""
    row = Import.objects.select_for_update().get(pk=row.pk)
    if row.applique_le:
        raise ValidationError(_("Cet import est déjà fait."))
    motif = _("Import n° %(n)s : %(nom)s") % {"n": row.pk, "nom": row.nom}
    fiches = history.locked(Initiative, {line["numero"] for line in row.lignes} - {None})
    for line in row.lignes:
        if line["numero"] is None:
            create_draft(line["valeurs"], par, motif)
            continue
        revisions.write(fiches[line["numero"]], par, NatureVersion.IMPORT, motif, partial(write_line, line=line))
    row.applique_le = now
    row.save(update_fields=["applique_le"])
    return len(row.lignes)


def write_line(fiche: Initiative, line: dict) -> None:
    """Writes a line into a fiche, which nobody changed since the check. Raises ValidationError."""
    if history.last_version(fiche).rang != line["rang"]:
        raise ValidationError(_("La fiche %(fiche)s a changé depuis l'essai : recommencez.") % {"fiche": fiche})
    state.apply_state(fiche, line["valeurs"])
    if slug := line["valeurs"].get("slug"):
        fiche.slug = slug
        fiche.validate_unique()
        fiche.save(update_fields=["slug"])


def create_draft(values: dict, par, motif: str) -> None:
    """A draft from a line."""
    fiche = Initiative(statut=Statut.BROUILLON)
    fill(fiche, values)
    slugs = list(dict.fromkeys(values.get("porteurs", [])))
    known = Organisme.objects.in_bulk(slugs, field_name="slug") if slugs else {}
    fiche.porteurs = [known[slug] for slug in slugs]
    if fiche.slug:
        fiche.validate_unique()
        fiche.save()
    else:
        moderation.save_new(fiche)
    links = [Porteur(initiative=fiche, organisme=row, rang=rang) for rang, row in enumerate(fiche.porteurs, start=1)]
    Porteur.objects.bulk_create(links)
    history.record(fiche, NatureVersion.IMPORT, par, motif)
