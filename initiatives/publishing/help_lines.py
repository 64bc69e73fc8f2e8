"""The help lines that pages show: those of the database, or those of the fixture when the database does not answer."""

import json
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from initiatives.core.versioned import remembered
from initiatives.models import LigneAide

FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "lignes_aide.json"


def lines_without_database() -> list[LigneAide]:
    """The lines as delivered, in order, read once: for the error pages. No query."""
    if not _DELIVERED:
        rows = json.loads(FIXTURE.read_text(encoding="utf-8"))
        _DELIVERED.extend(sorted((LigneAide(**row["fields"]) for row in rows), key=lambda line: line.ordre))
    return _DELIVERED


_DELIVERED: list[LigneAide] = []


def lines(version: int | None = None) -> list[LigneAide]:
    """The lines that staff keep, in order. One query, none when they are remembered under this version of the data.

    The delivered lines when the database does not answer.
    """
    try:
        return remembered("lignes d'aide", version, lambda: list(LigneAide.objects.affichees()))
    except (DatabaseError, InterfaceError):
        return lines_without_database()
