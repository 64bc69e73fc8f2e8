"""The words of the fiches as their vectors hold them: in which fiches, where, and what each is worth there."""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from .bits import bits_of, is_in, numeros_of
from .rank import either, together
from .tsquery import Query, UnanswerableError, unescaped

WORD = re.compile(r"'([^'\\]*(?:(?:''|\\\\)[^'\\]*)*)'(?::(\S+))?")
NO_DIGITS = {ord(digit): None for digit in "0123456789"}
LETTERS = "ABCD"


@dataclass
class Postings:
    """A word: the numbers of its fiches in order, its rank in each, and its places there as printed, « ; » between."""

    numeros: array
    ranks: array
    places: str
    bits: int

    def by_numero(self) -> dict[int, str]:
        return dict(zip(self.numeros, self.places.split(";"), strict=True))


class Lexemes:
    """Every word. `holding` and `ranks` answer a query as `@@` and `ts_rank` do."""

    def __init__(self, vectors: Iterable[tuple[int, str]]):
        """`vectors`: number and vector as text, by number. Raises UnanswerableError for one without places."""
        read: dict[str, tuple[list, list, list]] = {}
        ranks: dict[str, float] = {}
        for numero, vector in vectors:
            for word, places in WORD.findall(vector):
                letters = places.translate(NO_DIGITS)
                rank = ranks.get(letters)
                if rank is None:
                    if not places:
                        raise UnanswerableError("a vector without places")
                    rank = ranks[letters] = either([letters], 1)
                found = read.get(word)
                if found is None:
                    found = read[word] = ([], [], [])
                found[0].append(numero)
                found[1].append(rank)
                found[2].append(places)
        self.words = {
            unescaped(word): Postings(array("I", numeros), array("f", ranks), ";".join(places), bits_of(numeros))
            for word, (numeros, ranks, places) in read.items()
        }

    def holding(self, query: Query) -> int:
        """The fiches that hold what the query says."""
        if not query.sign:
            found = self.words.get(query.word)
            return found.bits if found else 0
        if query.sign == "|":
            return self.holding(query.left) | self.holding(query.right)
        if query.sign == "&":
            return self.holding(query.left) & self.holding(query.right)
        return bits_of(self.phrases(query))

    def ranks(self, query: Query, among: bytes) -> Iterable[tuple[int, float]]:
        """The fiches that hold it, each with its rank there; of several words, those of a set alone (bits.as_bytes)."""
        if not query.sign:
            found = self.words.get(query.word)
            return zip(found.numeros, found.ranks, strict=True) if found else ()
        tables = [self.words[word].by_numero() if word in self.words else {} for word in query.words]
        if query.sign == "<":
            return self.ranks_of_phrase(query, tables, among)
        return self.ranks_of_words(query, tables, among)

    def ranks_of_phrase(self, query: Query, tables: list[dict[int, str]], among: bytes):
        for numero, found in self.in_common(tables, among):
            places = [read_places(one) for one in found]
            if ends(query, dict(zip(query.words, map(positions, places), strict=True))):
                yield numero, together(places) if len(places) > 1 else either([found[0].translate(NO_DIGITS)], 1)

    def ranks_of_words(self, query: Query, tables: list[dict[int, str]], among: bytes):
        for numero in numeros_of(self.holding(query) & int.from_bytes(among, "little")):
            found = [table.get(numero) for table in tables]
            if query.sign == "|" or len(tables) < 2:
                yield numero, either([one and one.translate(NO_DIGITS) for one in found], len(tables))
            else:
                yield numero, together([read_places(one) if one else None for one in found])

    def in_common(self, tables: list[dict[int, str]], among: bytes | None = None):
        """The fiches that hold every word, with its places in each."""
        rarest = min(tables, key=len)
        for numero in rarest:
            if among is not None and not is_in(among, numero):
                continue
            found = [table.get(numero) for table in tables]
            if None not in found:
                yield numero, found

    def phrases(self, query: Query) -> list[int]:
        """The fiches that hold a phrase, by number."""
        words = query.words
        if any(word not in self.words for word in words):
            return []
        tables = [self.words[word].by_numero() for word in words]
        return [
            numero
            for numero, found in self.in_common(tables)
            if ends(query, {word: positions(read_places(one)) for word, one in zip(words, found, strict=True)})
        ]


def ends(query: Query, places: dict[str, set[int]]) -> set[int]:
    """Where a phrase ends in a fiche; empty where it is not."""
    if not query.sign:
        return places[query.word]
    left = ends(query.left, places)
    if not left:
        return left
    ahead = query.distance + query.right.width
    return {place for place in ends(query.right, places) if place - ahead in left}


def positions(places: list[tuple[int, str]]) -> set[int]:
    return {position for position, _letter in places}


def read_places(places: str) -> list[tuple[int, str]]:
    """« 95C,219 » as (95, C), (219, no letter)."""
    return [(int(one[:-1]), one[-1]) if one[-1] in LETTERS else (int(one), "") for one in places.split(",")]
