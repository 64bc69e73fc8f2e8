"""The fiches of a page of the list as cards: their numbers, and their rows only where somebody asks for one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from initiatives.models import Initiative

from . import search
from .filters import InitiativeFilter
from .index import found
from .reasons import reasons


class Rows:
    """The rows of several fiches, fetched together when one of them is asked for first. `fetch`: the queries."""

    def __init__(self, fetch: Callable[[], Iterable[Initiative]]):
        self.fetch = fetch

    @cached_property
    def known(self) -> dict[int, Initiative]:
        return {row.pk: row for row in self.fetch()}


@dataclass
class Card:
    """A fiche of a list. `tout`: whether it holds all that was asked for, None where one thing was; `raisons`: why it
    is there; `extrait_marque`: safe HTML."""

    pk: int
    rows: Rows
    tout: bool | None = None
    raisons: list[str] = field(default_factory=list)
    extrait_marque: str = ""

    @property
    def initiative(self) -> Initiative | None:
        """Its row, with what a card shows; None where it is gone since its number was read."""
        return self.rows.known.get(self.pk)


def cards(filterset: InitiativeFilter) -> list[Card]:
    """The page of a valid list. With the index in the process: one query where words of a search are shown, and one
    where the row of a card is asked for; without it three.
    """
    answer, meaning = found(filterset), filterset.understanding
    start = (filterset.page_number - 1) * filterset.per_page
    stop = start + filterset.per_page
    if answer:
        numeros = answer.page(start, stop)
        rows, said, whole = Rows(lambda: answer.cards(numeros)), answer.said, answer.holds_all
    else:
        page = {row.pk: row for row in filterset.qs.avec_relations()[start:stop]}
        numeros, rows, said = list(page), Rows(page.values), page.get
        whole = {numero: getattr(row, "tout", None) for numero, row in page.items()}.get
    extracts = search.extracts(numeros, meaning) if meaning and numeros else {}
    return [
        Card(numero, rows, whole(numero), reasons(filterset, said(numero)), extracts.get(numero, ""))
        for numero in numeros
    ]
