"""The numbers of the portrait, counted by one statement and kept for a version of the data."""

from dataclasses import dataclass, field
from itertools import product

from django.db.models import BooleanField, Case, Count, Value, When

from initiatives.core.enums import IssueSondage, Regions
from initiatives.core.querysets import SOURCE_DU_RAPPORT
from initiatives.core.versioned import remembered
from initiatives.core.written import Written
from initiatives.models import Initiative, Sondage

from .measures import MEASURES

Cells = dict[tuple[str, str], int]  # (region, stade) → fiches; an empty one stands for all of them


def grouped():
    """The public fiches by region, stade and whether the report describes them, each measure counted beside."""
    of_report = Case(When(source__slug=SOURCE_DU_RAPPORT, then=Value(True)), default=False, output_field=BooleanField())
    numbers = {name_of(code): Count("pk", filter=one.condition() or None) for code, one in MEASURES.items()}
    rows = Initiative.objects.publiees().order_by().annotate(du_rapport=of_report)
    return rows.values("region_id", "stade", "du_rapport").annotate(**numbers)


def name_of(code: str) -> str:
    """The code of a measure as the name of a column."""
    return "m_" + code.replace("-", "_")


GROUPED = Written(grouped)
SURVEYED = Written(lambda: Sondage.objects.order_by().values("region_id", "issue").annotate(nombre=Count("pk")))


@dataclass
class Counts:
    """What each measure counts, in all or among the report's own fiches; the regions where nobody was asked."""

    cells: dict[str, Cells] = field(default_factory=dict)
    unsurveyed: frozenset[str] = frozenset()

    def number(self, code: str, region: str = "", stade: str = "") -> int:
        """How many fiches; of a region, of a stade, where one is named."""
        return self.cells[code].get((region, stade), 0)


@dataclass
class Portrait:
    """Everything counted: every public fiche, those of the report, and the milieux approached by region and issue."""

    everything: Counts
    report: Counts
    approached: dict[tuple[str | None, int], int]

    def counts(self, report_alone: bool) -> Counts:
        return self.report if report_alone else self.everything

    def surveyed(self, region: str) -> int:
        """How many organisations of a region answered the recension."""
        return self.approached.get((region, IssueSondage.SONDE), 0)

    def of_issue(self, issue: int) -> int:
        return sum(number for (_region, kind), number in self.approached.items() if kind == issue)


def portrait(version: int | None) -> Portrait:
    """The portrait of a version of the data. Two queries, once for a version: fiches, and milieux approached."""
    return remembered("portrait", version, read)


def read() -> Portrait:
    everything, report = (Counts({code: {} for code in MEASURES}) for _both in range(2))
    for row in GROUPED.rows():
        place = row["region_id"], row["stade"]
        for code in MEASURES:
            if number := row[name_of(code)]:
                add(everything.cells[code], *place, number)
                if row["du_rapport"]:
                    add(report.cells[code], *place, number)
    approached = {(row["region_id"], row["issue"]): row["nombre"] for row in SURVEYED.rows()}
    found = Portrait(everything, report, approached)
    everything.unsurveyed = report.unsurveyed = frozenset(code for code in Regions.values if not found.surveyed(code))
    return found


def add(cells: Cells, region: str, stade: str, number: int) -> None:
    """Counts fiches where they are, and in all that holds them."""
    for place in product(("", region), ("", stade)):
        cells[place] = cells.get(place, 0) + number
