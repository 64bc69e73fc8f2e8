"""The fiches of a page of the list as cards: their numbers, and their rows only where somebody asks for one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from initiatives.models import Initiative

from . import search
from .filters import InitiativeFilter
from .index import found
from .reasons import reasons


class Rows:
    """The rows of a page, fetched when they are asked for. `fetch`: gives the public fiches of some numbers, with what
    a card shows."""

    def __init__(self, fetch: Callable[[list[int]], Iterable[Initiative]]):
        self.fetch, self.known = fetch, {}

    def want(self, numeros: Iterable[int]) -> None:
        """Fetches together those that are not known yet; of one that is gone, None is known."""
        missing = [numero for numero in numeros if numero not in self.known]
        if missing:
            self.known |= dict.fromkeys(missing) | {row.pk: row for row in self.fetch(missing)}


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
        self.rows.want([self.pk])
        return self.rows.known[self.pk]


def want(page: Iterable) -> None:
    """Fetches together the rows of these cards of a page; of what is a fiche already there is nothing to fetch."""
    wanted = [card for card in page if isinstance(card, Card)]
    if wanted:
        wanted[0].rows.want(card.pk for card in wanted)


def cards(filterset: InitiativeFilter) -> list[Card]:
    """The page of a valid list. With the index in the process: one query where words of a search are shown, and one
    where the row of a card is asked for; without it three.
    """
    answer, meaning = found(filterset), filterset.understanding
    start = (filterset.page_number - 1) * filterset.per_page
    stop = start + filterset.per_page
    if answer:
        numeros = answer.page(start, stop)
        rows, said, whole = Rows(answer.cards), answer.said, answer.holds_all
    else:
        page = {row.pk: row for row in filterset.qs.avec_relations()[start:stop]}
        numeros, rows, said = list(page), Rows(lambda _numeros: page.values()), page.get
        whole = {numero: getattr(row, "tout", None) for numero, row in page.items()}.get
    extracts = search.extracts(numeros, meaning) if meaning and numeros else {}
    return [
        Card(numero, rows, whole(numero), reasons(filterset, said(numero)), extracts.get(numero, ""))
        for numero in numeros
    ]
