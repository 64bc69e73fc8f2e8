"""The commonest words of French and English, from pyspellchecker's lists: what must never be taken for a mistake."""

import gzip
import re
from functools import cache
from importlib.resources import files
from itertools import compress
from typing import NamedTuple

import numpy as np

from .words import plain, split_words

KEPT = 40_000  # of each language, the commonest first
USUAL = 6000  # of French: « laval » is no « l'aval »
LISTED = re.compile(r'"([^"]+)": (\d+)')


def commonest(language: str) -> list[str]:
    """The words in lower case, the commonest first. Read as text: all of them in a dictionary would stay in memory."""
    path = files("spellchecker").joinpath("resources", f"{language}.json.gz")
    text = gzip.decompress(path.read_bytes()).decode()
    counts = np.fromiter((int(found[2]) for found in LISTED.finditer(text)), np.int64)
    few = counts >= np.partition(counts, -KEPT)[-KEPT]
    words = [found[1] for found in compress(LISTED.finditer(text), few)]  # in alphabetical order, as listed
    return [words[place] for place in np.argsort(-counts[few], kind="stable")[:KEPT]]


class French(NamedTuple):
    """The common words of French. No word is held twice: all this stays for as long as the process does."""

    by_letters: dict[str, str]  # without its accents → the commonest that has these letters
    others: frozenset[str]  # those that have the letters of a commoner one
    usual: frozenset[str]


@cache
def french() -> French:
    """Read once a process, when it starts."""
    words, by_letters = commonest("fr"), {}
    for word in words:
        letters = plain(word)
        by_letters.setdefault(word if word == letters else letters, word)
    others = frozenset(word for word in words if by_letters[plain(word)] != word)
    return French(by_letters, others, frozenset(words[:USUAL]))


@cache
def plain_english() -> frozenset[str]:
    """English words that French has not, without accents, in parts as a text is cut (« needn't »)."""
    known = french().by_letters
    return frozenset(
        part for word in commonest("en") if word not in known for part in split_words(plain(word)) if part not in known
    )


def is_french(word: str) -> bool:
    """Whether a word in lower case is common in French, with these very accents."""
    return french().by_letters.get(plain(word)) == word or word in french().others


def is_usual(word: str) -> bool:
    """Whether a French word is very common, whatever its accents."""
    return accented(word) in french().usual


def accented(word: str) -> str:
    """The commonest French word that has these letters, with its accents; the word itself when there is none."""
    return word if is_french(word) else french().by_letters.get(word, word)


def is_common(word: str) -> bool:
    """Whether a word of either language, accents left out, is common."""
    return plain(word) in french().by_letters or plain(word) in plain_english()
