"""In which order a search puts what it finds, as `search.ranked` ranks it (search/sql.py, which is the reference).

Every sum and product is made in the order in which the database makes it, so that equal fiches are equal here too; each
is made for every fiche at once.
"""

import numpy as np

from ..search import sql
from ..search.understand import Preference
from .bits import as_bytes
from .matching import Search

MOST = 1.001  # nothing ranks above 1


class Ranking:
    """`numeros`: the fiches found, by number; `worth`: how much each is worth."""

    def __init__(self, search: Search, found: int):
        self.search = search
        self.numeros = np.flatnonzero(as_mask(found)).astype(np.uint32)
        # Number of a fiche → where it stands in `numeros`, and the last place for whoever does not.
        self.rows = np.full(int(self.numeros[-1]) + 2 if len(self.numeros) else 1, -1, np.int32)
        self.rows[self.numeros] = np.arange(len(self.numeros))
        self.worth = self.weighed()

    def __getitem__(self, numero: int) -> float:
        return float(self.worth[self.rows[numero]])

    def page(self, start: int, stop: int) -> list[int]:
        """The best first; equal ones by number."""
        return self.numeros[np.argsort(-self.worth, kind="stable")[start:stop]].tolist()

    def weighed(self) -> np.ndarray:
        search, meaning = self.search, self.search.meaning
        worth = self.of_words()
        if meaning.needs:
            worth = self.with_needs(worth)
        elif worth is None:
            worth = np.ones(len(self.numeros))
        for preference in meaning.preferences:
            self.lift(worth, preference)
        whole = search.holds_all()
        if whole is not None:
            aged = [other for other in meaning.preferences if other.kind == "mineurs"]
            refused = search.columns.everyone if aged else 0
            for other in aged:
                refused &= search.refuses(other)
            worth[self.among(whole & ~refused)] *= sql.HOLDS_ALL
        return worth

    def among(self, fiches: int) -> np.ndarray:
        """Of each fiche found, whether it is in a set."""
        mask = as_mask(fiches)
        found = np.zeros(len(self.numeros), bool)
        known = self.numeros < len(mask)
        found[known] = mask[self.numeros[known]]
        return found

    def of_words(self) -> np.ndarray | None:
        """What the words alone are worth (rang_du_texte of migration 0002); None where no query says any."""
        meaning, concepts = self.search.meaning, self.search.meaning.concepts
        together = [(query, sql.TOGETHER) for query in meaning.together] if len(concepts) > 1 else []
        if not together and not any(concept.queries for concept in concepts):
            return None
        totals = np.zeros(len(self.numeros))
        for concept in concepts:
            floors = np.where(self.among(self.search.in_column(concept)), sql.IN_COLUMN, 0.0)
            totals += sql.rarity_for_rank(concept) * self.best_of(concept.queries, floors)
        return totals + self.best_of(together, np.zeros(len(self.numeros)))

    def best_of(self, queries: list[tuple[str, float]], best: np.ndarray) -> np.ndarray:
        """The best rank of the queries in each fiche, by their weight, if it is better than what it has. The heaviest
        first: what could not be the best is not reckoned."""
        for text, weight in sorted(queries, key=lambda asked: -asked[1]):
            query = self.search.query(text)
            numeros, ranks = self.search.lexemes.ranks(query.word) if not query.sign else (self.standing(text), None)
            rows = self.rows[np.minimum(numeros, len(self.rows) - 1)]
            kept = (rows >= 0) & (best[rows] < weight * MOST) if len(best) else np.zeros(len(rows), bool)
            rows = rows[kept]
            if ranks is None:
                ranks = np.array(self.search.lexemes.ranks_in(query, numeros[kept].tolist()), float)
            else:
                ranks = ranks[kept]
            best[rows] = np.maximum(best[rows], weight * ranks)
        return best

    def standing(self, text: str) -> np.ndarray:
        return np.array(self.search.standing(text), np.uint32)

    def with_needs(self, worth: np.ndarray | None) -> np.ndarray:
        """What the needs heard add to the words."""
        worth = np.zeros(len(self.numeros)) if worth is None else worth * sql.share_of_words(self.search.meaning)
        for slug, weight in self.search.meaning.needs:
            worth[self.among(self.search.columns.value("besoin", slug))] += weight
        return worth + sql.LEAST

    def lift(self, worth: np.ndarray, preference: Preference) -> None:
        """Multiplies by how much a preference lifts or lowers each fiche (sql.lift)."""
        search = self.search
        lifted, left = search.condition(preference), search.columns.everyone
        if preference.kind in ("age", "mineurs", "sexe"):
            refused = search.refuses(preference)
            worth[self.among(refused)] *= sql.lowered(preference)
            left &= ~refused
        worth[self.among(lifted & left)] *= preference.factor
        if preference.kind == "region":
            near = 0
            for region in search.meaning.known.neighbours.get(preference.value, []):
                near |= search.columns.value("region", region)
            worth[self.among(near & left & ~lifted)] *= sql.NEIGHBOUR


def as_mask(bits: int) -> np.ndarray:
    """A set as booleans by number."""
    return np.unpackbits(np.frombuffer(as_bytes(bits), np.uint8), bitorder="little").astype(bool)
