"""The database of the tests: filled once for the sources that fill it, and copied for each process that tests."""

import hashlib
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from initiatives.importer.load import load_directory
from initiatives.models import Contact, Organisme, Sondage

from .production import database_address

BASE = Path(settings.BASE_DIR)
# All that decides of what a filled database holds: the importer knows no other wing (tests/test_project.py).
SOURCES = [
    *(
        "initiatives/apps.py",
        "initiatives/core",
        "initiatives/importer",
        "initiatives/keeping",
        "initiatives/migrations",
    ),
    *("initiatives/models", "fixtures", "repertoire/settings.py", "requirements.lock", "tests/database.py"),
]
PREFIX = "filled_"
LOCK = 0x0152  # any number: two processes that test at once wait for the one that fills


def fill() -> None:
    """The whole directory, drafts included, into the database of the tests."""
    load_directory()
    what_could_leak()


def what_could_leak() -> None:
    """Rows that one missing condition would show: milieux not reached, *with* a region and an organisation; a way to
    reach an organisation, and one that others are part of, that is for editors alone.
    """
    sonde = Sondage.objects.publics().filter(region="montreal").first()
    for nom in ("Ciasf", "ASTTEQ"):
        Sondage.objects.filter(nom=nom).update(region=sonde.region, organisme=sonde.organisme)
    for slug in ("spvm", "cisss-de-laval"):
        Contact.objects.create(
            organisme=Organisme.objects.get(slug=slug), nature="telephone", valeur="418 555-0142", precision="réservé"
        )


def filled() -> str:
    """The name of a database that `fill` filled, to be copied; made where this server has none for these sources."""
    name = PREFIX + digest()
    with psycopg.connect(database_address(), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        found = [
            row[0] for row in server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        ]
        if name not in found:
            for stale in found:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(stale)))
            draft = make()
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
            )
    return name


def digest() -> str:
    """Of every source, by name and content."""
    paths = [path for source in SOURCES for path in sorted([BASE / source, *(BASE / source).rglob("*")])]
    files = [path for path in paths if path.is_file() and path.suffix != ".pyc"]
    return hashlib.sha256(
        b"\0".join(part for file in files for part in (str(file).encode(), file.read_bytes()))
    ).hexdigest()[:16]


def make() -> str:
    """A database of the tests, filled. Returns its name; the connection is again where it was."""
    before = connection.settings_dict["NAME"]
    draft = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fill()
    finally:
        connection.close()
        connection.close_pool()
        settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = before
    return draft
