"""What the search knows of the collection, and what one text says to it, whatever the collection: that is made once."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from initiatives.core.versioned import Dated

from .sentences import Ear
from .words import ELISIONS, is_function_word, plain, split_words, stem, stems

SEPARATOR = re.compile(r"[–:(),;«»]| - ")
SIGNED = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)+")
SHORTEST, LONGEST = 3, 6  # letters of an acronym

Stems = tuple[str, ...]
# A word in lower case → its lexeme under each configuration of the vectors, empty for a function word; None for what
# the database does not read as one word.
Lexemes = dict[str, tuple[str, ...] | None]


class Text(NamedTuple):
    """A phrase: its stems, its words in lower case, plain too, and the two stems of each word that it is counted by."""

    text: str
    key: Stems
    lower: Stems
    words: Stems
    telling: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, text: str) -> "Text":
        words = split_words(text)
        telling = [word for word in words if not is_function_word(word)] or words
        pairs = tuple((stem(word), stem(plain(word))) for word in telling)
        lower = tuple(word.lower() for word in words)
        return cls(text, stems(text), lower, tuple(plain(word) for word in words), pairs)


# A name with a sign inside, as one word and as written: « RU'ELLES » is heard « ruelles ».
Signed = tuple[Text, Text]


class Name(NamedTuple):
    """One of an organisation's names."""

    text: Text
    signed: list[Signed]

    @classmethod
    def of(cls, text: str) -> "Name":
        return cls(Text.of(text), in_one_word(text))


class Title(NamedTuple):
    """A title: as a line, the first letters of the telling words of its parts, where an acronym may be, and its names
    with a sign."""

    line: str
    initials: list[str]
    signed: list[Signed]

    @classmethod
    def of(cls, title: str) -> "Title":
        parts = [initials_of(words) for words in parts_of(title)]
        return cls(as_line(title), [letters for letters in parts if len(letters) >= SHORTEST], in_one_word(title))


def parts_of(title: str) -> list[list[str]]:
    """The telling words of each part of a title, as many as an acronym has letters."""
    parts = [split_words(part) for part in SEPARATOR.split(title)]
    return [[word for word in words if not is_function_word(word)][:LONGEST] for words in parts]


def initials_of(words: list[str]) -> str:
    return "".join(plain(word)[0] for word in words)


def in_one_word(text: str) -> list[Signed]:
    """The names with a sign inside of a text. An elision is no name."""
    found = []
    for name in SIGNED.findall(text):
        parts = split_words(name)
        if plain(parts[0]) not in ELISIONS:
            found.append((Text.of("".join(parts)), Text.of(name)))
    return found


def as_line(text: str) -> str:
    """The plain words of a text between spaces, where a phrase of it can be looked for."""
    return f" {' '.join(plain(word) for word in split_words(text))} "


class Entry(NamedTuple):
    """An entry of the thesaurus."""

    termes: list[Text]
    vers: list[Text]
    deux_sens: bool


@dataclass
class Titles:
    """All of them: as read, as lines; their names with a sign, by what is written; the first three letters of their
    parts → the titles."""

    read: dict[str, Title] = field(default_factory=dict)
    lines: str = ""
    signed: dict[str, Signed] = field(default_factory=dict)
    by_initials: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Sources:
    """What a reading hands over to the next, which makes again only what changed. `marks`: table → what it held, as a
    digest; `held`: of each entry, the texts on both sides that fiches hold; `said`: the plain words of what the
    public says; `wordings`: all words of the thesaurus; `spellings`: an organisation's names as stored → as read."""

    marks: dict[str, str] = field(default_factory=dict)
    spelt: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # word of a fiche → plain, its two stems
    entries: list[Entry] = field(default_factory=list)
    held: list[list[list[Text]]] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    wordings: set[str] = field(default_factory=set)
    spellings: dict[tuple, list[Name]] = field(default_factory=dict)
    titles: Titles = field(default_factory=Titles)
    acronyms: dict[str, Text] = field(default_factory=dict)  # those of titles, and what they stand for


@dataclass
class Lexicon(Dated):
    """Everything in it is public. Nothing changes once it is made: the next one shares what stayed the same."""

    version: int = -1
    fiches: int = 0
    words: dict[str, tuple[str, int]] = field(default_factory=dict)  # plain word → (word as written, fiches)
    stem_counts: dict[str, int] = field(default_factory=dict)
    places: dict[Stems, str] = field(default_factory=dict)  # plain words → region
    phrases: dict[Stems, list[str]] = field(default_factory=dict)  # stems → other ways to say it
    names: dict[Stems, list[str]] = field(default_factory=dict)  # stems of an organisation's name → its other names
    columns: dict[tuple[str, str], int] = field(default_factory=dict)  # (parameter, value) → fiches
    vocabulary: set[str] = field(default_factory=set)  # plain words of places, thesaurus and names
    lexemes: Lexemes = field(default_factory=dict)  # of the words of all this
    expressed: Lexemes = field(default_factory=dict)  # of the words of expressions
    neighbours: dict[str, list[str]] = field(default_factory=dict)  # region → those that touch it
    titles: str = ""  # the plain words of each, between spaces, a line each
    ear: Ear | None = field(default=None, compare=False)  # what reads sentences, where the model runs
    longest: int = 1
    sources: Sources = field(default_factory=Sources, repr=False)

    def knows(self, word: str) -> bool:
        """Whether a fiche, a place, a name or the thesaurus holds the word, whatever its accents and its ending."""
        return plain(word) in self.words or plain(word) in self.vocabulary or bool(self.count_word(word))

    def spelled(self, text: str) -> str:
        """The text with the accents that the collection gives its words: French stems them better (« integree »)."""
        words = split_words(text)
        return " ".join(self.words.get(word.lower(), (word,))[0] if word.isascii() else word for word in words)

    def is_in_a_title(self, text: str) -> bool:
        """Whether a title holds these words, one after the other."""
        return as_line(text) in self.titles

    def lexeme(self, word: str) -> tuple[str, ...] | None:
        """What a word in lower case is in a vector; None where the database alone says it."""
        return self.lexemes.get(word) or self.expressed.get(word)

    def count_word(self, word: str) -> int:
        """In how many fiches a word stands at most, under its accented stem or its plain one."""
        return max(self.stem_counts.get(stem(word), 0), self.stem_counts.get(stem(plain(word)), 0))

    def count(self, text: str) -> int:
        """In how many fiches a phrase may stand at most: the count of its rarest word. 0: in none."""
        words = split_words(text)
        telling = [word for word in words if not is_function_word(word)] or words
        return min((self.count_word(word) for word in telling), default=0)

    def holds(self, text: Text) -> bool:
        """Whether each word of a text is in some fiche: `count` above 0."""
        counts = self.stem_counts
        return bool(text.telling) and all(one in counts or other in counts for one, other in text.telling)

    def rarity(self, count: int) -> float:
        """How much a word tells: more where fewer fiches hold it."""
        return math.log(1 + self.fiches / (0.5 + count))

    # What follows is made of what is above when somebody first asks for it.

    @cached_property
    def stemmed(self) -> dict[str, str]:
        """Word of a fiche → its stem, that of its plain letters too."""
        spelt = self.sources.spelt
        found = {bare: stem for bare, _stem, stem in spelt.values()}
        return found | {word: stem for word, (_bare, stem, _stem) in spelt.items()}

    @cached_property
    def written(self) -> dict[str, list[str]]:
        """Stem → the words of the fiches that have it."""
        found: dict[str, list[str]] = {}
        for word, (_bare, *both) in self.sources.spelt.items():
            for one in dict.fromkeys(both):
                found.setdefault(one, []).append(word)
        return found

    @cached_property
    def beginnings(self) -> dict[str, int]:
        """The first stem of each name and phrase → how many the longest that begin so have."""
        return longest_by_first([*self.names, *self.phrases])

    @cached_property
    def places_begin(self) -> dict[str, int]:
        """The first plain word of each place → how many words the longest that begin so have."""
        return longest_by_first(self.places)

    @cached_property
    def by_length(self) -> dict[int, list[str]]:
        """The plain words that a mistyped one may stand for, by their number of letters."""
        found: dict[int, list[str]] = {}
        for word in {*self.words, *self.vocabulary}:
            if word.isalpha():
                found.setdefault(len(word), []).append(word)
        return found


def longest_by_first(keys: Iterable[Stems]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key in filter(None, keys):
        found[key[0]] = max(found.get(key[0], 0), len(key))
    return found
