"""Typing errors: an unknown word is corrected on the words of the collection, a known one never."""

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from .collection import Lexicon
from .words import ELISIONS, FUNCTION_WORDS, plain

VOWELS = set("aeiouy")  # without any, it is an acronym


def allowed_edits(word: str) -> int:
    """One edit from four letters on, two from eight; a transposition is one edit."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def correct(word: str, known: Lexicon) -> str | None:
    """The nearest known word, or None. Nearest first, then the commonest in the collection, then alphabetical."""
    typed = plain(word)
    if not typed.isalpha() or typed in FUNCTION_WORDS or VOWELS.isdisjoint(typed):
        return None
    for elision in ELISIONS:  # « lhébergement »
        rest = typed.removeprefix(elision)
        if rest != typed and len(rest) > 3 and rest in known.words:
            return known.words[rest][0]
    limit = allowed_edits(typed)
    if not limit:
        return None
    lengths = range(max(3, len(typed) - limit), len(typed) + limit + 1)
    candidates = [word for length in lengths for word in known.by_length.get(length, ())]
    near = process.extract(typed, candidates, scorer=DamerauLevenshtein.distance, score_cutoff=limit, limit=None)
    best = min(((rank(typed, word, distance, known), word) for word, distance, _place in near), default=None)
    return known.words.get(best[1], (best[1],))[0] if best else None


def rank(typed: str, word: str, distance: int, known: Lexicon) -> tuple[float, int]:
    """The less the better. A first letter is seldom mistyped; a word of the collection comes before one of the
    thesaurus."""
    return distance + (word[0] != typed[0]) * 0.5, -known.words.get(word, (word, 0))[1]
