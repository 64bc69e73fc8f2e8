"""Typing errors: an unknown word is corrected on the words of the collection, a known one never."""

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
    best = None
    for candidate in (*known.words, *known.vocabulary):
        if abs(len(candidate) - len(typed)) > limit or len(candidate) < 3 or not candidate.isalpha():
            continue
        distance = DamerauLevenshtein.distance(typed, candidate, score_cutoff=limit)
        if distance <= limit:
            written, count = known.words.get(candidate, (candidate, 0))
            # A first letter is seldom mistyped; a word of the collection comes before one of the thesaurus.
            key = (distance + (candidate[0] != typed[0]) * 0.5, -count, candidate)
            if best is None or key < best[0]:
                best = (key, written)
    return best[1] if best else None
