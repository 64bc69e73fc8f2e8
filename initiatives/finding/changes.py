"""What changed of the public fiches, in the order in which it became true."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from initiatives.core.cells import whole_number
from initiatives.models import Changement, Initiative

AT_ONCE = 500  # changes in an answer
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MARK = re.compile(r"(\d{1,15})(?:-(\d{1,9}))?", re.ASCII)


@dataclass(frozen=True)
class Since:
    """Where a reading of the changes begins: after a fiche of a version, or from a day on (`day`)."""

    version: int = 0
    numero: int | None = None
    day: date | None = None

    @classmethod
    def read(cls, text: str) -> "Since | None":
        """From `41`, `41-104` or `2026-11-29`; nothing is the beginning. None where it is none of these."""
        if not text:
            return cls()
        if mark := MARK.fullmatch(text):
            return cls(int(mark[1]), whole_number(mark[2] or ""))
        try:
            return cls(day=date.fromisoformat(text)) if DAY.fullmatch(text) else None
        except ValueError:
            return None

    def condition(self) -> Q:
        if self.day:
            return Q(fait_le__gte=timezone.make_aware(datetime(self.day.year, self.day.month, self.day.day)))
        later = Q(version__gt=self.version)
        return later if self.numero is None else later | Q(version=self.version, numero__gt=self.numero)


def changes(since: Since, version: int) -> tuple[list[Changement], str]:
    """What changed up to a version of the data, oldest first, and the mark from which to ask for the rest: that of the
    version when nothing is left. One query.

    A change of a later version, committed meanwhile, is left for the next reading.
    """
    rows = list(Changement.objects.filter(since.condition(), version__lte=version)[: AT_ONCE + 1])
    if len(rows) > AT_ONCE:
        last = rows[AT_ONCE - 1]
        return rows[:AT_ONCE], f"{last.version}-{last.numero}"
    return rows, str(version)


def addresses_of(rows: list[Changement]) -> dict[int, str]:
    """The addresses of those of these fiches, and of those that they were merged into, that are public now, by number.
    One query."""
    numeros = {row.numero for row in rows} | {row.vers for row in rows if row.vers}
    return dict(Initiative.objects.publiees().filter(pk__in=numeros).values_list("pk", "slug"))


def latest(numeros: list[int], start: int, stop: int) -> list[Changement]:
    """The last change of each of these fiches, the newest first, between two places. One query."""
    last = Changement.objects.filter(numero__in=numeros).order_by("numero", "-version").distinct("numero")
    return list(Changement.objects.filter(pk__in=last.values("pk")).order_by("-version", "numero")[start:stop])
