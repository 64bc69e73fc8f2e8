"""The passage of a fiche where words of a search stand, marked, as safe HTML."""

import html
import re
from functools import cache
from itertools import pairwise

from django.db import connection
from django.utils.safestring import mark_safe

from initiatives.models import Initiative

from .understand import Understanding
from .words import plain

LEXEME = re.compile(r"'([^']+)'")  # in a tsquery
LENGTH = 220  # letters of a passage: some 34 words
TEXTS = """
SELECT i.numero, concat_ws(' ', i.description, nullif(array_to_string(i.objectifs, ' '), ''))
FROM public.initiatives_initiative i WHERE i.numero IN ({public}) AND i.numero = ANY(%s)
"""

Hit = tuple[int, int, str]  # where a word begins and ends, and the stem that was looked for


def extracts(numeros: list[int], meaning: Understanding) -> dict[int, str]:
    """Number of a public fiche → the passage of its text where words of the search stand, marked, as safe HTML; of
    those that hold one. One query, or none where there is no word to look for.
    """
    wanted = wanted_words(meaning)
    if not wanted:
        return {}
    sql, params = public()
    with connection.cursor() as cursor:
        cursor.execute(TEXTS.format(public=sql), [*params, numeros])
        texts = cursor.fetchall()
    return {numero: marked(text, found) for numero, text in texts if (found := hits(text, wanted))}


@cache
def public() -> tuple[str, tuple]:
    """The numbers of the public fiches, as SQL and its parameters."""
    return Initiative.objects.publiees().order_by().values("pk").query.sql_with_params()


def wanted_words(meaning: Understanding) -> dict[str, str]:
    """The words as the fiches write them, in lower case → the stem that was looked for."""
    found = {}
    queries = {query for concept in meaning.concepts for query in concept.shown}
    for stem in {plain(lexeme) for query in queries for lexeme in LEXEME.findall(query)}:
        found |= dict.fromkeys(meaning.known.written.get(stem, ()), stem)
    return found


def hits(text: str, wanted: dict[str, str]) -> list[Hit]:
    """Where whole words of these stand, in order."""
    found, lower = [], text.lower()
    if len(lower) != len(text):  # a capital that is two small letters: places are those of `text`
        lower = text
    for word, stem in wanted.items():
        start = lower.find(word)
        while start >= 0:
            end = start + len(word)
            if not (start and lower[start - 1].isalnum()) and not lower[end : end + 1].isalnum():
                found.append((start, end, stem))
            start = lower.find(word, end)
    return sorted(found)


def best(found: list[Hit]) -> list[Hit]:
    """Those of the passage that holds the most different words, then the most words; the first such passage."""
    passages = ([hit for hit in found[place:] if hit[1] - start <= LENGTH] for place, (start, *_) in enumerate(found))
    return max(passages, key=lambda hits: (len({stem for *_, stem in hits}), len(hits)), default=[]) or found[:1]


def marked(text: str, found: list[Hit]) -> str:
    """The best passage of a text, cut between words: everything escaped but the marks of the words found."""
    found = best(found)
    start, stop = around(text, found[0][0], found[-1][1])
    edges = [start, *(edge for begin, end, _stem in found for edge in (begin, end)), stop]
    pieces = [html.escape(text[one:other]) for one, other in pairwise(edges)]
    return mark_safe("".join(f"<mark>{piece}</mark>" if odd % 2 else piece for odd, piece in enumerate(pieces)))


def around(text: str, start: int, stop: int) -> tuple[int, int]:
    """As much on both sides as a passage holds, in whole words; what one side has not is the other's."""
    room = max(0, LENGTH - (stop - start))
    before = min(start, max(room // 2, room - (len(text) - stop)))
    first, last = start - before, min(len(text), stop + room - before)
    if first:
        first = text.find(" ", first - 1, start) + 1 or start
    if last < len(text):
        last = max(text.rfind(" ", stop, last + 1), stop)
    return first, last
