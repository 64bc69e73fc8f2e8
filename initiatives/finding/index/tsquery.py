"""The tsqueries of the search, read from their text: words, `&`, `|` and phrases. Whatever else is refused."""

import re
from dataclasses import dataclass
from functools import cached_property

TOKEN = re.compile(
    r"\s*(?:'(?P<word>[^'\\]*(?:(?:''|\\\\)[^'\\]*)*)'(?P<flags>:\S+)?|<(?P<distance>\d+|-)>|(?P<sign>[&|()!]))\s*"
)
BINDS = {"|": 1, "&": 2, "<": 3}


class UnanswerableError(Exception):
    """What an index does not know how to answer: PostgreSQL does."""


@dataclass(frozen=True)
class Query:
    """A word, or an operation (`&`, `|`, `<` for a phrase) on two queries, `distance` words from one to the other."""

    sign: str
    word: str = ""
    distance: int = 0
    left: "Query | None" = None
    right: "Query | None" = None

    @cached_property
    def words(self) -> list[str]:
        """Its different words, in the order in which PostgreSQL ranks them: that of their bytes."""
        if not self.sign:
            return [self.word]
        return sorted({*self.left.words, *self.right.words}, key=str.encode)

    @property
    def width(self) -> int:
        """How many places its last word stands after its first: a phrase alone is wider than nothing."""
        return self.distance + self.left.width + self.right.width if self.sign == "<" else 0


def offsets_of(query: Query) -> list[tuple[str, int]]:
    """The words of a phrase, each with how many places it stands after the first."""
    if not query.sign:
        return [(query.word, 0)]
    ahead = query.left.width + query.distance
    return offsets_of(query.left) + [(word, ahead + place) for word, place in offsets_of(query.right)]


def unescaped(text: str) -> str:
    """A word as a vector or a query prints it between quotes."""
    return text.replace("''", "'").replace("\\\\", "\\") if "'" in text or "\\" in text else text


def tokens_of(text: str) -> list[tuple[str, str, int]]:
    """(sign, word, distance) of each part. Raises UnanswerableError for what is no word, `&`, `|`, `<n>` or bracket."""
    tokens, end = [], 0
    while end < len(text):
        match = TOKEN.match(text, end)
        if match is None or match["flags"] or match["sign"] == "!":
            raise UnanswerableError("a tsquery that is not of words, alternatives and phrases alone")
        end = match.end()
        if match["word"] is not None:
            tokens.append(("", unescaped(match["word"]), 0))
        elif match["distance"]:
            tokens.append(("<", "", 1 if match["distance"] == "-" else int(match["distance"])))
        else:
            tokens.append((match["sign"], "", 0))
    return tokens


def parse(text: str) -> Query:
    """The query that PostgreSQL prints so. Raises UnanswerableError."""
    tokens = tokens_of(text)
    query, end = read(tokens, 0, 0)
    if end != len(tokens):
        raise UnanswerableError("a tsquery with brackets that do not match")
    return query


def read(tokens: list[tuple[str, str, int]], start: int, least: int) -> tuple[Query, int]:
    """The query that begins here, of signs that bind more than `least`, and where it ends."""
    if start >= len(tokens):
        raise UnanswerableError("a tsquery that ends too early")
    sign, word, _distance = tokens[start]
    if sign == "(":
        query, end = read(tokens, start + 1, 0)
        if end >= len(tokens) or tokens[end][0] != ")":
            raise UnanswerableError("a tsquery with brackets that do not match")
        end += 1
    elif sign:
        raise UnanswerableError("a tsquery with a sign in the place of a word")
    else:
        query, end = Query("", word), start + 1
    while end < len(tokens) and BINDS.get(tokens[end][0], 0) > least:
        sign, _word, distance = tokens[end]
        right, end = read(tokens, end + 1, BINDS[sign])
        if sign == "<" and not (is_phrase(query) and is_phrase(right)):
            raise UnanswerableError("a phrase of more than words")
        query = Query(sign, distance=distance, left=query, right=right)
    return query, end


def is_phrase(query: Query) -> bool:
    return query.sign in ("", "<")
