"""What a list holds, from the index: its fiches, how many each value of a facet would leave, their order."""

from array import array
from collections.abc import Callable, Sequence
from functools import cached_property

from initiatives.core.enums import Sexe
from initiatives.core.written import Written
from initiatives.models import Initiative

from ..filters import InitiativeFilter
from .columns import Columns
from .matching import Search
from .present import index_at, index_ready
from .ranking import Ranking
from .reading import Index
from .tsquery import UnanswerableError

UNASKED = object()
CARDS = 25  # that one statement fetches
ROWS = Written(
    lambda *numeros: Initiative.objects.publiees().select_related("source").filter(pk__in=numeros), *[int] * CARDS
)


class Said:
    """What a fiche says in some of its columns, as its row would (reasons.py)."""

    def __init__(self, columns: Columns, numero: int):
        self.columns, self.numero = columns, numero

    def values(self, facet: str) -> list[str]:
        return [value for value, bits in self.columns.values[facet].items() if bits >> self.numero & 1]

    @property
    def implications(self) -> list[str]:
        return self.values("implication")

    @property
    def besoins(self) -> list[str]:
        return self.values("besoin")

    @property
    def lieu(self) -> str:
        return next(iter(self.values("lieu")), "")

    @property
    def cible(self) -> str:
        return next(iter(self.values("cible")), "")

    @cached_property
    def ages(self) -> tuple[int | None, int | None, bool]:
        return next(ages for ages, bits in self.columns.ages.items() if bits >> self.numero & 1)

    @property
    def age_min(self) -> int | None:
        return self.ages[0]

    @property
    def age_max(self) -> int | None:
        return self.ages[1]

    @property
    def tous_ages(self) -> bool:
        return self.ages[2]


def found(filterset: InitiativeFilter, *, make: bool = True) -> "Found | None":
    """What a valid list holds; None where the database says it: as `index_at`, and for a query that no index knows; and
    where the index is not there yet, unless `make`.

    Kept by the filterset. Queries: those of `index_at`, or of `index_ready`, and of `understanding`.
    """
    known = getattr(filterset, "found", UNASKED)
    if known is UNASKED:
        known = filterset.found = asked(filterset, index_at if make else index_ready)
    return known


def total(filterset: InitiativeFilter) -> int:
    """How many fiches a valid list holds. One query, or none from the index."""
    answer = found(filterset)
    return filterset.qs.count() if answer is None else answer.total


def numbers(filterset: InitiativeFilter, start: int = 0, stop: int | None = None) -> Sequence[int]:
    """The numbers of the fiches of a valid list from one place to another, in the order asked for: four bytes each. No
    query from the index, else one.
    """
    answer = found(filterset)
    if answer:
        return array("i", answer.page(start, answer.total if stop is None else stop))
    return array("i", filterset.qs.values_list("pk", flat=True)[start:stop].iterator(chunk_size=1000))


def asked(filterset: InitiativeFilter, indexed: Callable[[int | None], Index | None]) -> "Found | None":
    index = indexed(filterset.version)
    if index is None:
        return None
    try:
        return Found(index, filterset)
    except UnanswerableError:
        return None


class Found:
    """`fiches`: the set of those that the list holds; `base`: before any facet; `conditions`: facet → the set of what
    is chosen in it; `tout`: those that hold all that was asked for, or None where one thing was. No query.
    """

    def __init__(self, index: Index, filterset: InitiativeFilter):
        self.index, self.columns = index, index.columns
        given, meaning = filterset.form.cleaned_data, filterset.understanding
        self.search = Search(index, meaning) if meaning else None
        self.conditions = {name: self.condition(name, given[name]) for name in filterset.facets() if given[name]}
        self.base = self.columns.of_years(given["annee_min"], given["annee_max"])
        if given["annee"]:
            self.base &= self.columns.of_no_year()
        if given["recension"]:
            self.base &= self.columns.of_report
        if self.search:
            self.base &= self.search.matching()
        self.fiches = self.without()
        ordering = given["tri"] or "pertinence"
        self.order = "" if ordering == "pertinence" else ordering
        self.ranked = bool(meaning) and not self.order
        self.tout = None
        if self.ranked:
            self.tout = self.search.holds_all()
            self.search.refuse_unknown()
        elif person := filterset.person_wanted:
            self.tout = self.columns.takes_directly(person, any_age=bool(filterset.data.get("age")))

    def condition(self, name: str, value) -> int:
        """The fiches that have what is chosen in a facet."""
        if name == "age":
            return self.columns.of_ages(*value)
        if name == "porteur":
            value = [row.pk for row in value]
        elif name == "besoin":
            value = [row.slug for row in value]
        chosen = 0
        for code in [value] if name == "sexe" else value:
            chosen |= self.columns.value(name, code)
        return chosen

    def without(self, name: str = "") -> int:
        """The fiches asked for, whatever is chosen in one facet."""
        fiches = self.base
        for other, chosen in self.conditions.items():
            if other != name:
                fiches &= chosen
        return fiches

    @property
    def total(self) -> int:
        return self.fiches.bit_count()

    def counts(self, name: str) -> tuple[dict, int]:
        """Value of a facet → fiches, those that have some alone, and how many have no value; the facet left out."""
        fiches = self.without(name) if name in self.conditions else self.fiches
        values = self.columns.values[name]
        counts = {value: count for value, bits in values.items() if (count := (fiches & bits).bit_count())}
        return counts, (fiches & ~self.columns.said[name]).bit_count()

    @cached_property
    def pertinence(self) -> Ranking:
        """How much each fiche is worth, by number; only where a search gives the order."""
        return Ranking(self.search, self.fiches)

    def page(self, start: int, stop: int) -> list[int]:
        """The numbers from one place of the list to another, in the order asked for."""
        if self.ranked:
            return self.pertinence.page(start, stop)
        if self.tout is None:
            return self.columns.in_order(self.order, self.fiches, start, stop)
        first = self.fiches & self.tout
        count = first.bit_count()
        page = self.columns.in_order(self.order, first, start, stop)
        others = self.columns.in_order(self.order, self.fiches & ~first, max(0, start - count), max(0, stop - count))
        return page + others

    def answering(self, needs: list[str]) -> int:
        """The fiches that answer one of these needs; every fiche where none is named."""
        answers = 0 if needs else self.columns.everyone
        for slug in needs:
            answers |= self.columns.value("besoin", slug)
        return answers

    def cards(self, numeros: list[int]) -> list[Initiative]:
        """The public fiches of these with what a card shows besides the row, in no order. One query for 25."""
        rows = []
        for start in range(0, len(numeros), CARDS):
            some = numeros[start : start + CARDS]
            rows += ROWS.rows(*some, *some[:1] * (CARDS - len(some)))
        for row in rows:
            row.porteurs = self.index.porteurs_of(row.pk)
        return rows

    def said(self, numero: int) -> Said:
        return Said(self.columns, numero)

    def holds_all(self, numero: int) -> bool | None:
        """Whether a fiche holds all that was asked for; None where one thing was."""
        return None if self.tout is None else bool(self.tout >> numero & 1)

    def by_region(self, fiches: int) -> dict[str, int]:
        """Region → how many of these fiches of the list, where there are some."""
        regions = self.columns.values["region"]
        return {code: n for code, bits in regions.items() if (n := (self.fiches & fiches & bits).bit_count())}

    def silent(self, asked: set[str]) -> int:
        """How many fiches the list would hold if those that say nothing of what is asked were there too: of ages, of
        the sex (shares.SAY_NOTHING)."""
        nothing = {
            "age": self.columns.ages.get((None, None, False), 0),
            "sexe": self.columns.sexes.get("", 0) | self.columns.sexes.get(Sexe.SANS_OBJET.value, 0),
        }
        fiches = self.base
        for name, chosen in self.conditions.items():
            fiches &= chosen | nothing[name] if name in asked else chosen
        return fiches.bit_count()
