"""The whole directory as a SQLite database: the columns as they are, and the lists that they hold as tables."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import datetime
from functools import cache
from pathlib import Path

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiatives.core.addresses import absolute
from initiatives.core.cells import SEPARATOR
from initiatives.models import Source
from initiatives.publishing import organisations_data
from initiatives.publishing.dataset import COLUMNS, Column, addresses, coded
from initiatives.publishing.rows import Fiche

from . import packages
from .tables import csv_columns

# Lists of objects, each in a table of its own whose rows belong to a fiche: its columns are those of the object.
LISTS = ("contacts", "points_entree", "corrections")
SEARCHED = ("titre", "porteurs", "description", "objectifs", "partenaires")
ORGANISATION = (
    "slug",
    "url",
    "nom",
    "sigle",
    "nom_court",
    "categorie",
    "region",
    "fait_partie_de",
    "sonde",
    "modifie_le",
)
TYPES = {"integer": "INTEGER", "boolean": "INTEGER"}


def write(
    path: Path, batches: Iterable[list[Fiche]], organisations: list[dict], documents: list[Source], changed: datetime
) -> None:
    """Writes the database. `batches`: every public fiche, read in the active language; `organisations`: as data."""
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        # Nobody reads it before it is whole.
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("BEGIN")
        for statement in tables():
            base.execute(statement)
        fill_organisations(base, organisations)
        for fiches in batches:
            fill_fiches(base, fiches)
        fill_words(base, documents, changed)
        with suppress(sqlite3.OperationalError):  # a SQLite without FTS5 has all but the search
            index_words(base)
        base.execute("COMMIT")
        base.execute("PRAGMA optimize")


def objects(name: str) -> list[str]:
    """The names that the objects of such a list bear."""
    column = next(column for column in COLUMNS if column.name == name)
    return column.schema["items"]["required"]


def tables() -> list[str]:
    """The statements that make the tables."""
    columns = ", ".join(
        f"{column.name} {TYPES.get(column.kind, 'TEXT') if not column.several else 'TEXT'}"
        f"{' PRIMARY KEY' if column.name == 'numero' else ''}"
        for column in csv_columns()
    )
    of_fiche = "numero INTEGER NOT NULL REFERENCES fiches(numero), rang INTEGER NOT NULL"
    lists = [
        f"CREATE TABLE {name} ({of_fiche}, {', '.join(f'{key} TEXT' for key in objects(name))}, "
        "PRIMARY KEY (numero, rang)) WITHOUT ROWID"
        for name in LISTS
    ]
    return [
        f"CREATE TABLE organismes ({', '.join(ORGANISATION)}, PRIMARY KEY (slug))",
        f"CREATE TABLE fiches ({columns})",
        f"CREATE TABLE porteurs ({of_fiche}, organisme TEXT NOT NULL REFERENCES organismes(slug), "
        "PRIMARY KEY (numero, rang)) WITHOUT ROWID",
        "CREATE INDEX porteurs_organisme ON porteurs(organisme)",
        f"CREATE TABLE codes ({of_fiche}, colonne TEXT NOT NULL, code TEXT NOT NULL, libelle TEXT, "
        "PRIMARY KEY (numero, colonne, rang)) WITHOUT ROWID",
        "CREATE INDEX codes_code ON codes(colonne, code)",
        *lists,
        "CREATE TABLE listes (colonne TEXT NOT NULL, rang INTEGER NOT NULL, code TEXT NOT NULL, libelle TEXT NOT NULL, "
        "PRIMARY KEY (colonne, code)) WITHOUT ROWID",
        "CREATE TABLE colonnes (nom TEXT PRIMARY KEY, dit TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE a_propos (nom TEXT NOT NULL, valeur TEXT NOT NULL)",
    ]


def insert(base: sqlite3.Connection, table: str, rows: list) -> None:
    if rows:
        places = ", ".join("?" * len(rows[0]))
        base.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - a name of ours


def fill_organisations(base: sqlite3.Connection, organisations: list[dict]) -> None:
    parts = [row | {"fait_partie_de": (row["fait_partie_de"] or {}).get("slug")} for row in organisations]
    insert(base, "organismes", [[row[name] for name in ORGANISATION] for row in parts])


def plain(value):
    """A value as a column of SQLite holds it; no spreadsheet runs it, so nothing is neutralised."""
    return SEPARATOR.join(map(str, value)) if isinstance(value, list) else value


def cells(column: Column, fiche: Fiche, address) -> list:
    """What a fiche has in a column, and in that of its labels."""
    if column.name == "url":
        return [address(fiche.slug)]
    value = (column.cell or column.value)(fiche)
    if column.enum is None:
        return [plain(value)]
    return [plain(value), coded(column.enum, tuple(value) if isinstance(value, list) else value, get_language())[1]]


@cache
def of_several_codes() -> list[Column]:
    """The columns that hold several codes."""
    shapes = {column.name: column.schema for column in COLUMNS}
    several = [name for name, shape in shapes.items() if shape["type"] == "array" and name != "objectifs"]
    return [column for column in COLUMNS if column.name in several and shapes[column.name]["items"]["type"] == "string"]


def fill_fiches(base: sqlite3.Connection, fiches: list[Fiche]) -> None:
    address = addresses(absolute)
    insert(base, "fiches", [[cell for one in COLUMNS for cell in cells(one, fiche, address)] for fiche in fiches])
    named = {column.name: column for column in COLUMNS}
    ranked = [(fiche.numero, rang, row.slug) for fiche in fiches for rang, row in enumerate(fiche.porteurs, start=1)]
    insert(base, "porteurs", ranked)
    codes = [
        (fiche.numero, rang, column.name, code, str(column.enum(code).label) if column.enum else None)
        for fiche in fiches
        for column in of_several_codes()
        for rang, code in enumerate(column.value(fiche), start=1)
    ]
    insert(base, "codes", codes)
    for name in LISTS:
        keys = objects(name)
        found = [
            (fiche.numero, rang, *(row[key] for key in keys))
            for fiche in fiches
            for rang, row in enumerate(named[name].value(fiche), start=1)
        ]
        insert(base, name, found)


def fill_words(base: sqlite3.Connection, documents: list[Source], changed: datetime) -> None:
    """What the columns and the codes say, what the database is, and what each document allows."""
    closed = [column for column in (*COLUMNS, *organisations_data.COLUMNS) if column.enum is not None]
    said = {
        (column.name, code): (column.name, rang, code, str(label))
        for column in closed
        for rang, (code, label) in enumerate(column.enum.choices, start=1)
    }
    insert(base, "listes", list(said.values()))
    insert(base, "colonnes", [(column.name, column.help) for column in csv_columns()])
    about = [
        (_("titre"), packages.title()),
        (_("description"), packages.about()),
        (_("adresse"), absolute(reverse("accueil"))),
        (_("version"), packages.version(changed)),
        *((_("source"), packages.citation(document)) for document in documents),
        *((_("licence"), said["title"]) for said in packages.licences(documents)),
    ]
    insert(base, "a_propos", about)


def index_words(base: sqlite3.Connection) -> None:
    """A search of words, accents or not: SELECT … FROM fiches_recherche WHERE fiches_recherche MATCH 'fugue'."""
    base.execute(
        f'CREATE VIRTUAL TABLE fiches_recherche USING fts5({", ".join(SEARCHED)}, content="fiches", '
        "content_rowid='numero', tokenize='unicode61 remove_diacritics 2')"
    )
    base.execute("INSERT INTO fiches_recherche(fiches_recherche) VALUES ('rebuild')")
