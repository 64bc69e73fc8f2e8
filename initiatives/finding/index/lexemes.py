"""The words of the fiches as their vectors hold them: in which fiches, where, and what each is worth there."""

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .bits import bits_of, numeros_of
from .rank import either, together
from .tsquery import Query, UnanswerableError, offsets_of, unescaped

WORD = re.compile(r"'([^'\\]*(?:(?:''|\\\\)[^'\\]*)*)'(?::(\S+))?")
NO_DIGITS = {ord(digit): None for digit in "0123456789"}
NO_LETTERS = {ord(letter): None for letter in "ABCD"}

Places = tuple[array, str]  # positions, and a letter for each: title (A), porteur (B), text (C), around (D)


@dataclass
class Postings:
    """A word: its fiches by number, its rank in each, and its places, those of the fiche `n` from `starts[n]` on."""

    numeros: array
    ranks: array
    bits: int
    positions: array
    letters: str
    starts: array

    def by_numero(self) -> dict[int, int]:
        """Number of a fiche → where it stands here."""
        return dict(zip(self.numeros, range(len(self.numeros)), strict=True))

    def places(self, index: int) -> Places:
        start, stop = self.starts[index], self.starts[index + 1]
        return self.positions[start:stop], self.letters[start:stop]


class Lexemes:
    """Every word. `holding` answers a query as `@@` does; `ranks`, or `rank_of` what is `standing`, as `ts_rank`."""

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
                    rank = ranks[letters] = either([one_each(letters)], 1)
                found = read.get(word)
                if found is None:
                    found = read[word] = ([], [], [])
                found[0].append(numero)
                found[1].append(rank)
                found[2].append(places)
        self.words = {unescaped(word): postings(*found) for word, found in read.items()}

    def holding(self, query: Query) -> int:
        """The fiches that hold what the query says."""
        if not query.sign:
            found = self.words.get(query.word)
            return found.bits if found else 0
        if query.sign == "|":
            return self.holding(query.left) | self.holding(query.right)
        if query.sign == "&":
            return self.holding(query.left) & self.holding(query.right)
        return bits_of(numero for numero, _places in self.phrases(query))

    def ranks(self, word: str) -> Iterable[tuple[int, float]]:
        """The fiches that hold a word, each with its rank there."""
        found = self.words.get(word)
        return zip(found.numeros, found.ranks, strict=True) if found else ()

    def standing(self, query: Query) -> Iterator[tuple[int, list[Places | None]]]:
        """The fiches that hold a query of several words, with the places of each there, for `rank_of`."""
        return self.phrases(query) if query.sign == "<" else self.apart(query)

    def apart(self, query: Query) -> Iterator[tuple[int, list[Places | None]]]:
        known = [self.words.get(word) for word in query.words]
        tables = [word.by_numero() if word else {} for word in known]
        for numero in numeros_of(self.holding(query)):
            yield (
                numero,
                [
                    word.places(table[numero]) if numero in table else None
                    for word, table in zip(known, tables, strict=True)
                ],
            )

    def phrases(self, query: Query) -> Iterator[tuple[int, list[Places]]]:
        """The fiches that hold a phrase, with the places of its words there."""
        words = query.words
        known = [self.words[word] for word in words if word in self.words]
        if len(known) < len(words):
            return
        tables = [word.by_numero() for word in known]
        asked = [(words.index(word), place) for word, place in offsets_of(query)]
        for numero in min(tables, key=len):
            indexes = [table.get(numero) for table in tables]
            if None not in indexes:
                places = [word.places(index) for word, index in zip(known, indexes, strict=True)]
                if stands(places, asked):
                    yield numero, places


def stands(places: list[Places], asked: list[tuple[int, int]]) -> bool:
    """Whether the words asked for, each with how far it is from the first, stand so in a fiche."""
    (first, start), *others = asked
    return any(
        all(position + ahead - start in places[word][0] for word, ahead in others) for position in places[first][0]
    )


def rank_of(sign: str, places: list[Places | None]) -> float:
    """The rank of a query of these words, absent or each with its places."""
    if sign == "|" or len(places) < 2:
        return either([found and found[1] for found in places], len(places))
    return together(places)


def postings(numeros: list[int], ranks: list[float], places: list[str]) -> Postings:
    """A word in its fiches, its places as printed in each."""
    joined, starts, start = ",".join(places), array("I", [0]), 0
    for one in places:
        start += one.count(",") + 1
        starts.append(start)
    return Postings(
        array("I", numeros),
        array("f", ranks),
        bits_of(numeros),
        array("H", map(int, joined.translate(NO_LETTERS).split(","))),
        one_each(joined.translate(NO_DIGITS)),
        starts,
    )


def one_each(letters: str) -> str:
    """« C,,A » as CDA: around is printed without a letter."""
    return f"{letters},".replace("A,", "A").replace("B,", "B").replace("C,", "C").replace("D,", "D").replace(",", "D")
