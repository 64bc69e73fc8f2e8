"""The commonest words of French and English, from pyspellchecker's lists: what must never be taken for a mistake."""

from functools import cache

from spellchecker import SpellChecker

from .words import plain, split_words

KEPT = 40_000  # of each language, the commonest first


@cache
def commonest(language: str) -> dict[str, int]:
    """Word in lower case → how many words are commoner. Read once a process, at the first search."""
    words = SpellChecker(language=language).word_frequency.dictionary
    return {word: rank for rank, word in enumerate(sorted(words, key=lambda word: (-words[word], word))[:KEPT])}


@cache
def by_letters() -> dict[str, str]:
    """French word without its accents → the commonest that has these letters."""
    found: dict[str, str] = {}
    for word in commonest("fr"):  # the commonest first
        found.setdefault(plain(word), word)
    return found


@cache
def plain_english() -> set[str]:
    """English words without accents, in parts as a text is cut (« needn't »)."""
    return {part for word in commonest("en") for part in split_words(plain(word))}


def accented(word: str) -> str:
    """The commonest French word that has these letters, with its accents; the word itself when there is none."""
    return word if word in commonest("fr") else by_letters().get(word, word)


def is_common(word: str) -> bool:
    """Whether a word of either language, accents left out, is common."""
    return plain(word) in by_letters() or plain(word) in plain_english()
