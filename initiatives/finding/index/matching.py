"""Which fiches a search finds, as `search.matching` finds them (search/sql.py, which is the reference)."""

import math

from ..search import sql
from ..search.understand import Concept, Preference, Understanding
from .bits import bits_of
from .reading import Index
from .tsquery import Query, parse


class Search:
    """What is asked of an index by one search: each query read and looked for once."""

    def __init__(self, index: Index, meaning: Understanding):
        self.columns, self.lexemes, self.meaning = index.columns, index.lexemes, meaning
        # Of this search alone, and gone with it: nothing that was typed outlives its answer.
        self.queries: dict[str, Query] = {}
        self.held: dict[str, int] = {}
        self.stood: dict[str, list[int]] = {}

    def query(self, text: str) -> Query:
        if text not in self.queries:
            self.queries[text] = parse(text)
        return self.queries[text]

    def holding(self, text: str) -> int:
        if text not in self.held:
            query = self.query(text)
            self.held[text] = bits_of(self.standing(text)) if query.sign == "<" else self.lexemes.holding(query)
        return self.held[text]

    def standing(self, text: str) -> list[int]:
        """The fiches that hold a query of several words, by number."""
        if text not in self.stood:
            self.stood[text] = self.lexemes.standing(self.query(text))
        return self.stood[text]

    def refuse_unknown(self) -> None:
        """Reads every query of the ranking before anything is answered. Raises UnanswerableError."""
        for concept in self.meaning.concepts:
            for text, _weight in concept.queries:
                self.query(text)
        for text in self.meaning.together:
            self.query(text)

    def any_of(self, queries: list[str]) -> int:
        found = 0
        for text in queries:
            found |= self.holding(text)
        return found

    def in_words(self, concept: Concept) -> int:
        """The fiches whose words say a concept in one of its ways."""
        return self.any_of([text for text, _weight in concept.queries])

    def in_column(self, concept: Concept) -> int:
        """The fiches that a column says it of."""
        if not concept.column:
            return 0
        name, value = concept.column
        return self.columns.sexes.get(value, 0) if name == "sexe" else self.columns.value(name, value)

    def holds(self, concept: Concept) -> int:
        return self.in_words(concept) | self.in_column(concept)

    def matching(self) -> int:
        """The fiches that the search finds: exclusions never, quoted phrases always, the rest wholly or mostly."""
        meaning = self.meaning
        if meaning.off_topic:
            return 0
        if meaning.needs:
            found = self.found_by_words()
            for slug, _weight in meaning.needs:
                found |= self.columns.value("besoin", slug)
            return found
        allowed = self.columns.everyone
        for excluded in meaning.excluded:
            allowed &= ~self.any_of(excluded)
        wanted = [concept for concept in meaning.wanted if concept.queries]
        required = [concept for concept in wanted if concept.required]
        for concept in required:
            allowed &= self.holds(concept)
        free = [concept for concept in wanted if not concept.required]
        if free:
            return allowed & self.enough(free)
        if meaning.unknown:
            return 0
        if required:
            return allowed
        for preference in meaning.choosing:
            allowed &= self.condition(preference)
        return allowed if meaning.choosing or meaning.exclusions else 0

    def found_by_words(self) -> int:
        free = [concept for concept in self.meaning.wanted if concept.queries]
        return self.enough(free) if free else 0

    def enough(self, free: list[Concept]) -> int:
        """The fiches that hold enough of what was wanted (sql.enough)."""
        weights = [math.sqrt(concept.rarity) for concept in free]
        needed = sql.needed(weights, self.meaning)
        if needed > sum(weights):
            return 0
        if len(free) == 1:
            return self.holds(free[0])
        sets = [self.holds(concept) for concept in free]
        asked = 0
        for held in sets:
            asked |= held
        return heavy(asked, sets, weights, needed - sql.ALMOST)

    def holds_all(self) -> int | None:
        """The fiches that hold each of the two or three things wanted; None where `sql.holds_all` asks nothing."""
        wanted = sql.all_wanted(self.meaning)
        if wanted is None:
            return None
        found = self.columns.everyone
        for concept in wanted:
            found &= self.holds(concept)
        return found

    def condition(self, preference: Preference) -> int:
        """The fiches that have what was understood (sql.condition)."""
        if preference.kind == "sexe":
            return self.columns.sexes.get(preference.value, 0)
        if preference.kind in ("region", "clientele", "stade"):
            return self.columns.value(preference.kind, preference.value)
        return self.columns.of_ages(*sql.bounds(preference))

    def refuses(self, preference: Preference) -> int:
        """The fiches that say whom they accept, and do not accept this person (sql.refuses)."""
        if preference.kind == "sexe":
            refused = 0
            for code in sql.other_sexes(preference):
                refused |= self.columns.sexes.get(code, 0)
            return refused
        return self.columns.of_some_age() & ~self.columns.of_ages(*sql.bounds(preference))


def heavy(asked: int, sets: list[int], weights: list[float], needed: float) -> int:
    """Of the fiches asked about, those whose sets weigh enough together, added up in their order as the database does.

    By groups that are in the same sets, not one by one; a group is settled as soon as it weighs enough, or cannot.
    """
    found, groups = 0, [(asked, 0.0)]
    for place, (held, weight) in enumerate(zip(sets, weights, strict=True)):
        left, split = sum(weights[place:]), []
        for fiches, total in groups:
            if total >= needed:
                found |= fiches
            elif fiches and total + left >= needed - 1e-9:
                split += [(fiches & held, total + weight), (fiches & ~held, total)]
        groups = split
    for fiches, total in groups:
        if total >= needed:
            found |= fiches
    return found
