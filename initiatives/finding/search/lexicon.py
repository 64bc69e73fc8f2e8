"""What the search knows of the collection, kept in the process under the data version."""

import math
import re
from dataclasses import dataclass, field
from threading import Lock

from django.db import connection
from django.db.models import Count, Func, TextField

from initiatives.core.versioned import data_version
from initiatives.models import EntreeThesaurus, Initiative, Localite, Mot, Organisme, Region

from .sentences import Ear, read_ear
from .words import ELISIONS, each_word_once, is_function_word, plain, split_words, stem, stems

SEPARATOR = re.compile(r"[–:(),;«»]| - ")
SIGNED = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)+")
MAX_ACRONYM_COUNT = 5  # a commoner word is a word, not an acronym
# Under both configurations of the fiches' vectors (migration 0002, SEARCH).
TSQUERIES = """
SELECT CASE WHEN apart THEN plainto_tsquery('french', words) ELSE phraseto_tsquery('french', words) END::text,
    CASE WHEN apart THEN plainto_tsquery('public.sans_accents_fr', words)
        ELSE phraseto_tsquery('public.sans_accents_fr', words) END::text
FROM unnest(%s::text[], %s::boolean[]) WITH ORDINALITY AS asked (phrase, apart, place),
    public.texte_cherchable(phrase) AS words
ORDER BY place
"""

Stems = tuple[str, ...]


@dataclass
class Lexicon:
    """Read in eleven queries when the data changed, in none otherwise. Everything in it is public."""

    version: int = -1
    fiches: int = 0
    words: dict[str, tuple[str, int]] = field(default_factory=dict)  # plain word → (word as written, fiches)
    stem_counts: dict[str, int] = field(default_factory=dict)
    places: dict[Stems, str] = field(default_factory=dict)  # plain words → region
    phrases: dict[Stems, list[str]] = field(default_factory=dict)  # stems → other ways to say it
    names: dict[Stems, list[str]] = field(default_factory=dict)  # stems of an organisation's name → its other names
    columns: dict[tuple[str, str], int] = field(default_factory=dict)  # (parameter, value) → fiches
    vocabulary: set[str] = field(default_factory=set)  # plain words of places, thesaurus and names
    # (other way to say it, False) → its tsqueries
    queries: dict[tuple[str, bool], list[str]] = field(default_factory=dict)
    neighbours: dict[str, list[str]] = field(default_factory=dict)  # region → those that touch it
    titles: list[str] = field(default_factory=list)  # plain words of each title, between spaces
    ear: Ear | None = field(default=None, compare=False)  # what reads sentences, where the model runs
    longest: int = 1
    stemmed: dict[str, str] = field(default_factory=dict)  # every word of all this → its stem

    def knows(self, word: str) -> bool:
        """Whether a fiche, a place, a name or the thesaurus holds the word, whatever its accents and its ending."""
        return plain(word) in self.words or plain(word) in self.vocabulary or bool(self.count_word(word))

    def spelled(self, text: str) -> str:
        """The text with the accents that the collection gives its words: French stems them better (« integree »)."""
        words = split_words(text)
        return " ".join(self.words.get(word.lower(), (word,))[0] if word.isascii() else word for word in words)

    def is_in_a_title(self, text: str) -> bool:
        """Whether a title holds these words, one after the other."""
        line = as_line(text)
        return any(line in title for title in self.titles)

    def count_word(self, word: str) -> int:
        """In how many fiches a word stands at most, under its accented stem or its plain one."""
        return max(self.stem_counts.get(stem(word), 0), self.stem_counts.get(stem(plain(word)), 0))

    def count(self, text: str) -> int:
        """In how many fiches a phrase may stand at most: the count of its rarest word. 0: in none."""
        words = split_words(text)
        telling = [word for word in words if not is_function_word(word)] or words
        return min((self.count_word(word) for word in telling), default=0)

    def rarity(self, count: int) -> float:
        """How much a word tells: more where fewer fiches hold it."""
        return math.log(1 + self.fiches / (0.5 + count))


_LEXICON = Lexicon()
_READING = Lock()


def lexicon(version: int | None = None) -> Lexicon:
    """The lexicon of this version, or of the present one: one query. Eleven more when the data changed, in one thread
    while others wait."""
    global _LEXICON
    version, known = data_version() if version is None else version, _LEXICON
    if version != known.version:
        with _READING:
            known = _LEXICON
            if version != known.version:
                known = _LEXICON = read_lexicon(version, known.stemmed)
    return known


def read_lexicon(version: int, stemmed: dict[str, str] | None = None) -> Lexicon:
    """The lexicon of this version; the words that the one before had `stemmed` are not again. Eleven queries."""
    with each_word_once(stemmed or {}) as read:
        known = Lexicon(version, Initiative.objects.publiees().count(), stemmed=read)
        read_all(known)
    return known


def read_all(known: Lexicon) -> None:
    known.columns = {("sexe", code): n for code, n in count_by("sexe")}
    known.columns |= {("clientele", code): n for code, n in count_by("clienteles__unnest")}
    read_words(known)
    read_places(known)
    for region, near in Region.voisines.through.objects.values_list("from_region", "to_region"):
        known.neighbours.setdefault(region, []).append(near)
    read_thesaurus(known)
    read_names(known)
    read_titles(known)
    known.ear = read_ear()
    others = {other for table in (known.phrases, known.names) for row in table.values() for other in row}
    known.queries = tsqueries([(other, False) for other in others])
    known.longest = max(len(key) for keys in (known.places, known.phrases, known.names) for key in [*keys, ()])


def tsqueries(phrases: list[tuple[str, bool]]) -> dict[tuple[str, bool], list[str]]:
    """Each phrase as tsqueries, one per configuration where they differ; none for function words alone. One query.

    With each phrase: whether its words may stand apart.
    """
    if not phrases:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(TSQUERIES, [list(column) for column in zip(*phrases, strict=True)])
        rows = cursor.fetchall()
    found = [[query for query in dict.fromkeys(row) if query] for row in rows]
    return dict(zip(phrases, found, strict=True))


def count_by(column: str):
    """Pairs (value, public fiches). One query."""
    rows = Initiative.objects.publiees().order_by()
    if column == "clienteles__unnest":
        rows, column = rows.annotate(code=Func("clienteles", function="unnest", output_field=TextField())), "code"
    return rows.values_list(column).annotate(nombre=Count("pk")).values_list(column, "nombre")


def read_words(known: Lexicon) -> None:
    for word, count in Mot.objects.order_by("nombre", "mot").values_list("mot", "nombre"):
        written, before = known.words.get(plain(word), (word, 0))
        # The commonest spelling stands for the others, with their fiches added up.
        known.words[plain(word)] = (word if count >= before else written, before + count)
        for one in {stem(word), stem(plain(word))}:
            known.stem_counts[one] = min(known.fiches, known.stem_counts.get(one, 0) + count)


def read_places(known: Lexicon) -> None:
    for place in Localite.objects.all():
        for name in [place.nom, *place.variantes]:
            key = tuple(plain(word) for word in split_words(name))
            known.places[key] = place.region_id
            known.vocabulary.update(key)


def read_thesaurus(known: Lexicon) -> None:
    """Targets that no fiche holds are left out: they would find nothing and cost time."""
    for entry in EntreeThesaurus.objects.all():
        targets = [target for target in entry.vers if known.count(target)]
        for term in entry.termes:
            add(known.phrases, term, targets)
            known.vocabulary.update(plain(word) for word in split_words(term))
        if entry.deux_sens:
            others = [term for term in entry.termes if known.count(term)]
            for target in targets:
                add(known.phrases, target, [*others, *targets])


def read_names(known: Lexicon) -> None:
    """Acronyms both ways: each spelling of a public organisation leads to the others."""
    for organisme in Organisme.objects.publics():
        spellings = [organisme.nom, organisme.sigle, organisme.nom_court, *organisme.variantes]
        spellings = [spelling for spelling in spellings if spelling and known.count(spelling)]
        for spelling in spellings:
            add(known.names, spelling, spellings)
            known.vocabulary.update(plain(word) for word in split_words(spelling))
            read_in_one_word(known, spelling)


def read_titles(known: Lexicon) -> None:
    """Titles, and their initials: « VIP » in a fiche is the « Volet intervention prostitution » of two titles."""
    for title in Initiative.objects.publiees().values_list("titre", flat=True).distinct():
        known.titles.append(as_line(title))
        read_in_one_word(known, title)
        for segment in SEPARATOR.split(title):
            words = [word for word in split_words(segment) if not is_function_word(word)]
            for length in range(3, min(len(words), 6) + 1):
                acronym = "".join(plain(word)[0] for word in words[:length])
                if acronym in known.words and known.words[acronym][1] <= MAX_ACRONYM_COUNT:
                    add(known.names, acronym, [" ".join(words[:length])])


def read_in_one_word(known: Lexicon, text: str) -> None:
    """A name with a sign inside is heard as one word: « RU'ELLES » is « ruelles » too. An elision is no name."""
    for name in SIGNED.findall(text):
        parts = split_words(name)
        heard = "".join(parts)
        if plain(parts[0]) not in ELISIONS and known.count(name) and not known.knows(heard):
            add(known.names, heard, [name])


def as_line(text: str) -> str:
    """The plain words of a text between spaces, where a phrase of it can be looked for."""
    return f" {' '.join(plain(word) for word in split_words(text))} "


def add(table: dict[Stems, list[str]], text: str, others: list[str]) -> None:
    key = stems(text)
    if key:
        kept = table.setdefault(key, [])
        kept += [other for other in others if stems(other) != key and other not in kept]
