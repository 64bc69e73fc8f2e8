"""Seeded data of the same shape as the 152 fiches, in databases of its own: PostgreSQL for us, SQLite for Datasette."""

import json
import sqlite3
from pathlib import Path

import psycopg
from psycopg import sql

COPIED = """
    titre, description, annee, annee_mention, stade, stade_mention, porteur_mention, partenaires, partenaires_tronques,
    financement, financement_source, clienteles, autre_clientele_mention, age_min, age_max, tous_ages, age_mention,
    sexe,
    implications, niveaux_risque, objectifs, composantes, frequence, pour_en_savoir_plus, types, types_connus, lieu,
    modalite, cible, cible_mention, region_id, langue, langue_objectifs, source_id, verifiee_le, creee_le, modifiee_le,
    publiee_le, note_interne, famille, a_verifier_le, recherche, mots, porteurs_ids, statut
"""
# A row is a copy of a fiche drawn by a hash of its number: the same every time, and every column keeps its
# distribution and its links with the others. Triggers would do the same work a row at a time; what they keep is
# filled in at the end.
MULTIPLY = f"""
ALTER TABLE initiatives_initiative DISABLE TRIGGER USER;
ALTER TABLE initiatives_porteur DISABLE TRIGGER USER;
DELETE FROM initiatives_porteur WHERE initiative_id > 152;
DELETE FROM initiatives_version WHERE initiative_id > 152;
DELETE FROM initiatives_initiative WHERE numero > 152;
INSERT INTO initiatives_initiative (numero, slug, {COPIED})
SELECT n, left(slug, 60) || '-' || n, {COPIED}
FROM generate_series(153, %(size)s) AS n
JOIN initiatives_initiative AS base ON base.numero = 1 + abs(hashint4(n)) %% 152;
INSERT INTO initiatives_porteur (initiative_id, organisme_id, rang)
SELECT n, organisme_id, rang FROM generate_series(153, %(size)s) AS n
JOIN initiatives_porteur AS base ON base.initiative_id = 1 + abs(hashint4(n)) %% 152;
TRUNCATE initiatives_mot, initiatives_combinaison;
INSERT INTO initiatives_mot (mot, nombre)
SELECT mot, count(*) FROM initiatives_initiative, unnest(mots) AS mot WHERE statut = 'publiee' GROUP BY mot;
INSERT INTO initiatives_combinaison (empreinte, nombre, {{columns}})
SELECT md5(ROW({{columns}})::text), count(*), {{columns}} FROM initiatives_initiative
WHERE statut = 'publiee' GROUP BY {{columns}};
ALTER TABLE initiatives_initiative ENABLE TRIGGER USER;
ALTER TABLE initiatives_porteur ENABLE TRIGGER USER;
UPDATE initiatives_versiondonnees SET numero = numero + 1;
"""
FACETS = """
    region_id, types, clienteles, stade, implications, lieu, modalite, cible, sexe, age_min, age_max, tous_ages,
    porteurs_ids
"""
EXPORT = """
SELECT numero, titre, description, array_to_string(objectifs, ' '), porteur_mention, partenaires, region_id, stade,
    lieu, modalite, cible, sexe, array_to_json(types)::text, array_to_json(clienteles)::text,
    array_to_json(implications)::text,
    annee, age_min, age_max
FROM initiatives_initiative WHERE statut = 'publiee' ORDER BY numero
"""
SQLITE_COLUMNS = [
    *("numero", "titre", "description", "objectifs", "porteur", "partenaires", "region", "stade", "lieu", "modalite"),
    *("cible", "sexe", "types", "clienteles", "implications", "annee", "age_min", "age_max"),
]


def create_database(address: str, name: str) -> None:
    """An empty database called `name` on the server at `address`, in place of an older one."""
    drop_database(address, name)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def drop_database(address: str, name: str) -> None:
    """Gives the disk back: a million fiches weigh more than four gibibytes."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def multiply(address: str, size: int) -> None:
    """Brings the public fiches to `size`, from the 152 that the database holds."""
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in MULTIPLY.replace("{columns}", FACETS).split(";\n"):
            if statement.strip():
                connection.execute(statement % {"size": size} if "%(" in statement else statement.replace("%%", "%"))
        connection.execute("VACUUM ANALYZE")


def export_to_sqlite(address: str, path: Path) -> None:
    """The same rows for Datasette: one table, its facets indexed, full text in FTS5."""
    path.unlink(missing_ok=True)
    target = sqlite3.connect(path)
    columns = ", ".join(SQLITE_COLUMNS[1:])
    target.execute(f"CREATE TABLE initiatives (numero INTEGER PRIMARY KEY, {columns})")
    with psycopg.connect(address) as connection, connection.cursor(name="export") as rows:
        rows.itersize = 2000
        rows.execute(EXPORT)
        target.executemany(f"INSERT INTO initiatives VALUES ({', '.join('?' * len(SQLITE_COLUMNS))})", rows)
    for column in ("region", "stade", "lieu", "modalite", "cible", "sexe"):
        target.execute(f"CREATE INDEX idx_{column} ON initiatives ({column})")
    target.execute(
        "CREATE VIRTUAL TABLE initiatives_fts USING fts5(titre, description, objectifs, porteur, partenaires,"
        " content='initiatives', content_rowid='numero', tokenize='unicode61 remove_diacritics 2')"
    )
    target.execute(
        "INSERT INTO initiatives_fts (rowid, titre, description, objectifs, porteur, partenaires)"
        " SELECT numero, titre, description, objectifs, porteur, partenaires FROM initiatives"
    )
    target.execute("ANALYZE")
    target.commit()
    target.close()


DATASETTE_METADATA = {
    "databases": {
        "bench": {
            "tables": {
                "initiatives": {
                    "facets": [
                        *("region", "stade", "lieu", "modalite", "cible", "sexe"),
                        *({"array": name} for name in ("types", "clienteles", "implications")),
                    ],
                    "size": 25,
                }
            }
        }
    }
}


def write_metadata(path: Path) -> None:
    path.write_text(json.dumps(DATASETTE_METADATA))
