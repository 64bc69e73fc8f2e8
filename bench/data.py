"""The data of a size: PostgreSQL for us, made by COPY under the application's own triggers; SQLite for Datasette.

Both are kept for the next run, under a mark of all that they are made from; a run works on a copy of the first.
"""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from bench import varied
from repertoire import embedded_database

BASE = Path(__file__).resolve().parent.parent
ROOM = BASE / "var" / "bench"
MADE_FROM = ["bench/data.py", "bench/varied.py", "initiatives/migrations/*.py", "fixtures/*.json"]
CHUNK = 2_000
LOADERS = 2
# Written by the database itself.
BY_TRIGGERS = {"recherche", "mots", "porteurs_ids", "besoins", "titre_tri"}
PLAIN_FACETS = ["region", "stade", "lieu", "modalite", "cible", "sexe", "langue"]
TEXTS = ["titre", "description", "objectifs", "porteur", "partenaires"]
SQLITE_COLUMNS = ["numero", *TEXTS, *PLAIN_FACETS, "types", "clienteles", "implications", "annee", "age_min", "age_max"]
EXPORT = """
SELECT numero, titre, description, array_to_string(objectifs, ' '), concat_ws(' ', porteur_mention,
    (SELECT string_agg(concat_ws(' ', nom, sigle, nom_court), ' ') FROM initiatives_organisme o
     WHERE o.id = ANY(porteurs_ids))),
    partenaires, region_id, stade, lieu, modalite, cible, sexe, langue,
    array_to_json(types)::text, array_to_json(clienteles)::text, array_to_json(implications)::text,
    annee, age_min, age_max
FROM initiatives_initiative WHERE statut = 'publiee' ORDER BY numero
"""


def mark() -> str:
    """What tells one making of the data from another."""
    digest = hashlib.sha256()
    for pattern in MADE_FROM:
        for path in sorted(BASE.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def prepare(size: int) -> tuple[str, Path]:
    """A fresh copy of the data of this size: its PostgreSQL address and the SQLite file. Made first where they are not
    there, which takes two minutes at 100,000 and half an hour at a million."""
    embedded_database.prepare()
    server, kept = os.environ["DATABASE_URL"], f"bench_{size}_{mark()}"
    for name in databases(server):
        if name.startswith((f"bench_{size}_", "bench_draft", "bench_run")) and name != kept:
            drop(server, name)
    if kept not in databases(server):
        make(server, kept, size)
    path = ROOM / f"{kept}.db"
    if not path.exists():
        for other in ROOM.glob(f"bench_{size}_*"):
            other.unlink()
        export(address_of(server, kept), path)
    run = "bench_run"
    statement = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(run), sql.Identifier(kept)))
    return address_of(server, run), path


def done() -> None:
    """Gives back what a run wrote in: the copy. What it was copied from stays."""
    drop(os.environ["DATABASE_URL"], "bench_run")


def forget() -> None:
    """Gives all the disk back: a million fiches weigh several gibibytes."""
    embedded_database.prepare()
    for name in databases(os.environ["DATABASE_URL"]):
        if name.startswith("bench_"):
            drop(os.environ["DATABASE_URL"], name)
    for path in ROOM.glob("*"):
        path.unlink()


def address_of(server: str, name: str) -> str:
    return psycopg.conninfo.make_conninfo(server, dbname=name)


def databases(server: str) -> list[str]:
    with psycopg.connect(server) as connection:
        return [name for (name,) in connection.execute("SELECT datname FROM pg_database")]


def drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def make(server: str, name: str, size: int) -> None:
    """Makes the data under another name, so that an interrupted making is never taken for a whole one."""
    began, draft = time.time(), address_of(server, "bench_draft")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE bench_draft")
    for command in ("migrate", "load_directory"):
        arguments = [sys.executable, "manage.py", command, "--verbosity", "0"]
        environment = os.environ | {"DATABASE_URL": draft}
        subprocess.run(arguments, cwd=BASE, env=environment, check=True, stdout=subprocess.DEVNULL)
    if size > varied.REPORT:
        load(draft, size)
    with psycopg.connect(draft, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE bench_draft RENAME TO {}").format(sql.Identifier(name)))
    print(f"{size} fiches made in {time.time() - began:.0f} s", file=sys.stderr, flush=True)


def load(address: str, size: int) -> None:
    """Brings the public fiches to `size`. The indexes, but for those of keys, are made again at the end."""
    with psycopg.connect(address, autocommit=True) as connection:
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'initiatives_initiative'"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        ).fetchall()
        for name, _definition in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        (known,) = connection.execute("SELECT max(id) FROM initiatives_organisme").fetchone()
        organisations = maker(address, size, known).every_organisation
        copy(connection, "initiatives_organisme", [row for row in organisations if row["id"] > known])
        (first,) = connection.execute("SELECT max(numero) + 1 FROM initiatives_initiative").fetchone()
        last = first + size - varied.REPORT
        chunks = [(address, size, known, start, min(start + CHUNK, last)) for start in range(first, last, CHUNK)]
        with ProcessPoolExecutor(LOADERS) as loaders:
            try:
                list(loaders.map(load_chunk, chunks))
            except BaseException:
                loaders.shutdown(cancel_futures=True)  # else every chunk that waits would be made first
                raise
        connection.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            connection.execute(definition)
        connection.execute(f"ALTER TABLE initiatives_initiative ALTER COLUMN numero RESTART WITH {last}")
        connection.execute(
            f"ALTER TABLE initiatives_organisme ALTER COLUMN id RESTART WITH {organisations[-1]['id'] + 1}"
        )


@cache
def maker(address: str, size: int, known: int) -> varied.Maker:
    """What makes the fiches, from those of the report in the database: once a process. `known`: the last id of the
    report's organisations.
    """
    with psycopg.connect(address, row_factory=dict_row) as connection:

        def rows(statement: str) -> list[dict]:
            return connection.execute(statement).fetchall()

        report = f"FROM initiatives_initiative WHERE numero <= {varied.REPORT} ORDER BY numero"
        fiches = [{k: v for k, v in row.items() if k not in BY_TRIGGERS} for row in rows(f"SELECT * {report}")]
        carriers: dict[int, list[int]] = {}
        for row in rows("SELECT initiative_id, organisme_id FROM initiatives_porteur ORDER BY initiative_id, rang"):
            carriers.setdefault(row["initiative_id"], []).append(row["organisme_id"])
        organisations = rows(f"SELECT * FROM initiatives_organisme WHERE id <= {known} ORDER BY id")
        towns = [row["nom"] for row in rows("SELECT nom FROM initiatives_localite ORDER BY slug")]
    return varied.Maker(size, fiches, organisations, carriers, towns)


def load_chunk(chunk: tuple[str, int, int, int, int]) -> None:
    """The fiches of these numbers, whose links come first: the triggers of a fiche read them."""
    address, size, known, start, stop = chunk
    made = [maker(address, size, known).fiche(number) for number in range(start, stop)]
    links = [
        {"initiative_id": row["numero"], "organisme_id": one, "rang": rang}
        for row, carriers in made
        for rang, one in enumerate(carriers, 1)
    ]
    with psycopg.connect(address) as connection:
        copy(connection, "initiatives_porteur", links)
        copy(connection, "initiatives_initiative", [row for row, _carriers in made])


def copy(connection: psycopg.Connection, table: str, rows: list[dict]) -> None:
    if not rows:
        return
    columns = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row(list(row.values()))


def export(address: str, path: Path) -> None:
    """The same rows for Datasette: one table, its facets indexed, full text in FTS5, and its metadata beside it."""
    ROOM.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    target = sqlite3.connect(draft)
    columns = ", ".join(SQLITE_COLUMNS[1:])
    target.execute(f"CREATE TABLE initiatives (numero INTEGER PRIMARY KEY, {columns})")
    with psycopg.connect(address) as connection, connection.cursor(name="export") as rows:
        rows.itersize = 2000
        rows.execute(EXPORT)
        target.executemany(f"INSERT INTO initiatives VALUES ({', '.join('?' * len(SQLITE_COLUMNS))})", rows)
    for column in PLAIN_FACETS:
        target.execute(f"CREATE INDEX idx_{column} ON initiatives ({column})")
    texts = ", ".join(TEXTS)
    target.execute(
        f"CREATE VIRTUAL TABLE initiatives_fts USING fts5({texts}, content='initiatives', content_rowid='numero',"
        " tokenize='unicode61 remove_diacritics 2')"
    )
    target.execute(f"INSERT INTO initiatives_fts (rowid, {texts}) SELECT numero, {texts} FROM initiatives")
    target.execute("INSERT INTO initiatives_fts (initiatives_fts) VALUES ('optimize')")
    target.execute("ANALYZE")
    target.commit()
    target.close()
    draft.rename(path)
    table = {"facets": PLAIN_FACETS, "size": 25, "fts_table": "initiatives_fts", "fts_pk": "numero"}
    path.with_suffix(".json").write_text(json.dumps({"databases": {path.stem: {"tables": {"initiatives": table}}}}))


def described(address: str) -> str:
    """What the data are, in a line: fiches, organisations, different combinations of facets, words."""
    with psycopg.connect(address) as connection:
        numbers = connection.execute(
            "SELECT (SELECT count(*) FROM initiatives_initiative WHERE statut = 'publiee'),"
            " (SELECT count(DISTINCT organisme_id) FROM initiatives_porteur),"
            " (SELECT count(*) FROM initiatives_combinaison), (SELECT count(*) FROM initiatives_mot)"
        ).fetchone()
    return "{} fiches, {} organisations, {} combinations of facets, {} words".format(*numbers)
