"""The commonest words of French and English, from pyspellchecker's lists: what must never be taken for a mistake."""

from spellchecker import SpellChecker

from .words import plain

KEPT = 40_000  # of each language, the commonest first


def commonest(language: str) -> dict[str, int]:
    """Word → how many words are commoner, in lower case."""
    words = SpellChecker(language=language).word_frequency.dictionary
    return {word: rank for rank, word in enumerate(sorted(words, key=lambda word: (-words[word], word))[:KEPT])}


FRENCH, ENGLISH = commonest("fr"), commonest("en")
ACCENTED: dict[str, str] = {}
for _word in FRENCH:  # the commonest first
    ACCENTED.setdefault(plain(_word), _word)
PLAIN_ENGLISH = {plain(word) for word in ENGLISH}


def accented(word: str) -> str:
    """The commonest French word that has these letters, with its accents; the word itself when there is none."""
    return word if word in FRENCH else ACCENTED.get(word, word)


def is_common(word: str) -> bool:
    """Whether a word of either language, accents left out, is common."""
    return plain(word) in ACCENTED or plain(word) in PLAIN_ENGLISH
