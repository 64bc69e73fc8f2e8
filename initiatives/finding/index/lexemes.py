"""The words of the fiches as their vectors hold them: in which fiches, where, and what each is worth there."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from operator import and_

import numpy as np

from . import many
from .bits import bits_of, numeros_of
from .rank import either, together
from .tsquery import Query, UnanswerableError, offsets_of, unescaped

WORD = re.compile(r"'([^'\\]*(?:(?:''|\\\\)[^'\\]*)*)'(?::(\S+))?")
NO_DIGITS = {ord(digit): None for digit in "0123456789"}
NO_LETTERS = {ord(letter): None for letter in "ABCD"}
MANY = 200  # fiches to be ranked: from here on whole columns are quicker than one after the other
SOME = 50  # the same for fiches where a phrase is looked for

Places = tuple[array, str]  # positions, and a letter for each: title (A), porteur (B), text (C), around (D)


@dataclass
class Postings:
    """A word: its fiches by number, its rank in each, how many places it has there, and all of them in that order."""

    numeros: array
    ranks: array
    counts: array
    positions: array
    letters: str
    bits: int

    def by_numero(self) -> dict[int, tuple[int, int]]:
        """Number of a fiche → where its places begin here, and where they end."""
        ends = list(accumulate(self.counts))
        return dict(zip(self.numeros, zip([0, *ends], ends, strict=False), strict=True))

    def places(self, start: int, stop: int) -> Places:
        return self.positions[start:stop], self.letters[start:stop]

    def changed(self, lost: int, added: "Postings | None") -> "Postings":
        """The same without some of its fiches, and with others."""
        if added and not lost and added.numeros[0] > self.numeros[-1]:
            return Postings(*(getattr(self, name) + getattr(added, name) for name in COLUMNS), self.bits | added.bits)
        made = Postings(array("I"), array("f"), array("H"), array("H"), "", self.bits & ~lost)
        pieces, start, place = [], 0, 0
        others = {} if added is None else {numero: index for index, numero in enumerate(added.numeros)}
        ends = {} if added is None else added.by_numero()
        for numero in sorted({*numeros_of(lost), *others}):
            stop = bisect_left(self.numeros, numero, start)
            place = made.take(pieces, self, start, stop, place)
            if numero in others:
                made.take(pieces, added, others[numero], others[numero] + 1, ends[numero][0])
            start = stop
            if lost >> numero & 1:
                place += self.counts[stop]
                start += 1
        made.take(pieces, self, start, len(self.numeros), place)
        made.letters = "".join(pieces)
        made.bits |= added.bits if added else 0
        return made

    def take(self, pieces: list[str], other: "Postings", start: int, stop: int, place: int) -> int:
        """Adds another's fiches from one to another, whose places begin at `place`; returns where those end."""
        end = place + sum(other.counts[start:stop])
        self.numeros += other.numeros[start:stop]
        self.ranks += other.ranks[start:stop]
        self.counts += other.counts[start:stop]
        self.positions += other.positions[place:end]
        pieces.append(other.letters[place:end])
        return end


COLUMNS = ("numeros", "ranks", "counts", "positions", "letters")
NOWHERE = Postings(array("I"), array("f"), array("H"), array("H"), "", 0)


class Lexemes:
    """Every word, and what PostgreSQL would find and rank of a query."""

    def __init__(self, words: dict[str, Postings]):
        self.words = words

    @classmethod
    def read(cls, vectors: Iterable[tuple[int, str]]) -> "Lexemes":
        """From number and vector as text, by number. Raises UnanswerableError for one without places."""
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
        return cls({unescaped(word): postings(*found) for word, found in read.items()})

    def changed(self, gone: int, fresh: "Lexemes") -> "Lexemes":
        """The same without some fiches, and with those of others, of which none is left here; the words of neither are
        shared."""
        words = dict(self.words)
        for word, lost in [(word, lost) for word, known in self.words.items() if (lost := known.bits & gone)]:
            changed = words[word].changed(lost, fresh.words.get(word))
            if changed.bits:
                words[word] = changed
            else:
                del words[word]
        for word, added in fresh.words.items():
            known = self.words.get(word)
            if known is None:
                words[word] = added
            elif not known.bits & gone:
                words[word] = known.changed(0, added)
        return Lexemes(words)

    def holding(self, query: Query) -> int:
        """The fiches that hold what the query says, as `@@` finds them."""
        if not query.sign:
            found = self.words.get(query.word)
            return found.bits if found else 0
        if query.sign == "|":
            return self.holding(query.left) | self.holding(query.right)
        if query.sign == "&":
            return self.holding(query.left) & self.holding(query.right)
        return bits_of(self.phrase(query))

    def ranks(self, word: str) -> tuple[np.ndarray, np.ndarray]:
        """The fiches that hold a word, by number, and its rank in each, as `ts_rank` gives it."""
        found = self.words.get(word, NOWHERE)
        return np.frombuffer(found.numeros, np.uint32), np.frombuffer(found.ranks, np.float32).astype(float)

    def standing(self, query: Query) -> list[int]:
        """The fiches that hold a query of several words, by number."""
        return self.phrase(query) if query.sign == "<" else list(numeros_of(self.holding(query)))

    def ranks_in(self, query: Query, numeros: list[int]) -> list[float]:
        """The rank of a query of several words in each of these fiches, which hold it."""
        known = [self.words.get(word) for word in query.words]
        if query.sign != "|" and len(known) > 1 and len(numeros) >= MANY and all(is_everywhere(known, numeros)):
            return many.ranks_of(known, numeros)
        tables = [word.by_numero() if word else {} for word in known]
        return [rank_of(query.sign, places_of(known, tables, numero)) for numero in numeros]

    def phrase(self, query: Query) -> list[int]:
        """The fiches that hold a phrase, by number."""
        words = query.words
        known = [self.words[word] for word in words if word in self.words]
        if len(known) < len(words):
            return []
        held = reduce(and_, [word.bits for word in known])
        if not held:
            return []
        asked = [(words.index(word), place) for word, place in offsets_of(query)]
        rarest = min(known, key=lambda word: len(word.numeros))
        if len(rarest.numeros) >= SOME:
            return many.holding_phrase(known, asked)
        tables = [word.by_numero() for word in known]
        return [numero for numero in numeros_of(held) if stands(places_of(known, tables, numero), asked)]


def is_everywhere(known: list[Postings | None], numeros: list[int]) -> Iterator[bool]:
    """Of each word, whether it stands in all of these fiches."""
    bits = bits_of(numeros)
    return (word is not None and word.bits & bits == bits for word in known)


def places_of(known: list[Postings | None], tables: list[dict], numero: int) -> list[Places | None]:
    """The places of each word in a fiche; None for one that is not there."""
    return [word.places(*table[numero]) if numero in table else None for word, table in zip(known, tables, strict=True)]


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
    joined = ",".join(places)
    return Postings(
        array("I", numeros),
        array("f", ranks),
        array("H", [one.count(",") + 1 for one in places]),
        array("H", map(int, joined.translate(NO_LETTERS).split(","))),
        one_each(joined.translate(NO_DIGITS)),
        bits_of(numeros),
    )


def one_each(letters: str) -> str:
    """« C,,A » as CDA: around is printed without a letter."""
    return f"{letters},".replace("A,", "A").replace("B,", "B").replace("C,", "C").replace("D,", "D").replace(",", "D")
