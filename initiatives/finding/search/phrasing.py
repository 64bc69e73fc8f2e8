"""Phrases as tsqueries: written here where each of their words is known as the database writes it; else it is asked."""

import re
from collections.abc import Iterable

from django.db import connection

from .collection import Lexemes, Lexicon

# What leaves words apart for the database (migration 0002, texte_cherchable), but for what it may read otherwise.
APART = str.maketrans(dict.fromkeys("-–—/'’.#_«»\"@(),;:!?", " "))
ACRONYM = re.compile(r"\b([^\W\d_])\.(?=[^\W\d_]\b)")
Phrase = tuple[str, bool]  # and whether its words may stand apart
# Under both configurations of the fiches' vectors (migration 0002, SEARCH).
TSQUERIES = """
SELECT CASE WHEN apart THEN plainto_tsquery('french', words) ELSE phraseto_tsquery('french', words) END::text,
    CASE WHEN apart THEN plainto_tsquery('public.sans_accents_fr', words)
        ELSE phraseto_tsquery('public.sans_accents_fr', words) END::text
FROM unnest(%s::text[], %s::boolean[]) WITH ORDINALITY AS asked (phrase, apart, place),
    public.texte_cherchable(phrase) AS words
ORDER BY place
"""
LEXEMES = """
SELECT word, tsvector_to_array(to_tsvector('pg_catalog.french', word)),
    tsvector_to_array(to_tsvector('public.sans_accents_fr', word))
FROM unnest(%s::text[]) AS word
"""


def tsqueries(phrases: Iterable[Phrase], known: Lexicon) -> dict[Phrase, list[str]]:
    """Each phrase as tsqueries, one per configuration where they differ; none for function words alone. One query, or
    none where the words are those of the collection."""
    found = {phrase: composed(*phrase, known) for phrase in phrases}
    return found | asked([phrase for phrase, queries in found.items() if queries is None])


def composed(text: str, apart: bool, known: Lexicon) -> list[str] | None:
    """A phrase as the database would write it; None where a word of it is not known."""
    if "." in text:
        text = ACRONYM.sub(r"\1", text)
    words = [known.lexeme(word) for word in text.lower().translate(APART).split()]
    if None in words:
        return None
    queries = [written(column, apart) for column in zip(*words, strict=True)]
    return [query for query in dict.fromkeys(queries) if query]


def written(lexemes: tuple[str, ...], apart: bool) -> str:
    """Lexemes as one tsquery; an empty one is that of a function word, which leaves its place in a phrase."""
    query, distance = "", 0
    for lexeme in lexemes:
        distance += 1
        if lexeme:
            sign = "&" if apart else "<->" if distance == 1 else f"<{distance}>"
            query = f"{query} {sign} '{lexeme}'" if query else f"'{lexeme}'"
            distance = 0
    return query


def asked(phrases: list[Phrase]) -> dict[Phrase, list[str]]:
    """The same from the database. One query, or none."""
    if not phrases:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(TSQUERIES, [list(column) for column in zip(*phrases, strict=True)])
        rows = cursor.fetchall()
    found = [[query for query in dict.fromkeys(row) if query] for row in rows]
    return dict(zip(phrases, found, strict=True))


def lexemes_of(words: list[str]) -> Lexemes:
    """What each word is in a vector; None for one that is no single word there. One query, or none."""
    if not words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LEXEMES, [words])
        rows = cursor.fetchall()
    return {word: one_each(word, *both) for word, *both in rows}


def one_each(word: str, *columns: list[str]) -> tuple[str, ...] | None:
    if not word.isalnum() or any(len(found) > 1 for found in columns):
        return None
    return tuple("".join(found) for found in columns)
