"""The help lines that pages show: those of the database, or those of the fixture where it does not answer."""

import json
from pathlib import Path

from django.conf import settings

from initiatives.core.enums import Appelant
from initiatives.core.versioned import remembered
from initiatives.core.written import Written
from initiatives.models import LigneAide
from initiatives.models.aide import in_order

DISPLAYED = Written(LigneAide.objects.affichees)
FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "lignes_aide.json"


def lines_without_database() -> list[LigneAide]:
    """The lines as delivered, in order, read once: for the error pages. No query."""
    if not _DELIVERED:
        rows = json.loads(FIXTURE.read_text(encoding="utf-8"))
        _DELIVERED.extend(sorted((LigneAide(**row["fields"]) for row in rows), key=lambda line: line.ordre))
    return _DELIVERED


_DELIVERED: list[LigneAide] = []


def lines(version: int | None = None, asker: str = Appelant.JEUNE) -> list[LigneAide]:
    """The lines that staff keep, as somebody who asks needs them. One query, none when they are remembered under this
    version of the data. Raises what the database raises.
    """
    return in_order(remembered("lignes d'aide", version, DISPLAYED.rows), asker)


def in_english(kept: list[LigneAide]) -> LigneAide | None:
    """The first line that can be called and says that it answers in English."""
    return next((line for line in kept if line.telephone and "english" in line.langues_en.casefold()), None)


def askers(kept: list[LigneAide]) -> list[tuple[str, str]]:
    """Code and name of whoever may say that he asks; nobody while every line is for everybody."""
    return Appelant.choices if any(line.pour for line in kept) else []
