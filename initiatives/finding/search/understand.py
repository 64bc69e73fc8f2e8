"""From what was typed to what is meant: quoted phrases, exclusions, places, ages, corrections, everyday words."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from initiatives.core.enums import Clientele, Regions, Sexe, Stade

from .collection import Lexicon
from .common import is_common
from .lexicon import lexicon
from .persons import AGE_OF, SEX_OF, UNDER_AGE, read_persons
from .phrasing import tsqueries
from .spoken import is_spoken, written_out
from .typing_errors import correct
from .words import (
    COURTESY,
    FUNCTION_WORDS,
    GENERIC,
    each_word_once,
    is_function_word,
    plain,
    replaced,
    split_words,
    stem,
    stems,
    stems_of,
)

PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
MAX_ALTERNATIVES = 12
A_SENTENCE = 3  # words from which needs are listened for
EVERYWHERE, IN_MANY = 0.25, 20  # of the fiches that hold a word, from which it names what they all speak of
LONG = 5  # words from which a sentence can be off topic though each of them is known
OFF_TOPIC_BELOW = 0.44  # of the domain, as the ear gives it
HEARD_ENOUGH = 0.05  # the weight from which a need chooses fiches
# Expansions count less than the word itself, and less still where the word itself is in the collection.
TYPED, NAME = 1.0, 1.0
NAMED_PLACE = 400.0  # its region before all others, whatever they hold
APART = 0.45  # the words of a phrase, found apart
SYNONYM, SYNONYM_OF_A_KNOWN_WORD = 0.7, 0.4
NAME_COUNT = 8  # a name tells more than its words: it counts as rare

STADES = {
    "en developpement": "en-developpement",
    "en cours de developpement": "en-developpement",
    "in development": "en-developpement",
    "en suspens": "en-suspens",
    "suspendu": "en-suspens",
    "suspendus": "en-suspens",
    "suspendues": "en-suspens",
    "interrompu": "en-suspens",
    "on hold": "en-suspens",
    "suspended": "en-suspens",
    "en application": "en-application",
    "en activite": "en-application",
    "in operation": "en-application",
}
STADES_BEGIN = {name.split()[0] for name in STADES}
AUDIENCES = {
    "parents": "parents",
    "parent": "parents",
    "jeunes": "jeunes",
    "ados": "jeunes",
    "adolescents": "jeunes",
    "youth": "jeunes",
    "teens": "jeunes",
    "intervenants": "sante-services-sociaux",
    "professionnels": "sante-services-sociaux",
    "workers": "sante-services-sociaux",
    "policiers": "police",
    "police": "police",
    "enseignants": "scolaire",
    "profs": "scolaire",
    "professeurs": "scolaire",
    "teachers": "scolaire",
    "ecoles": "scolaire",
    "public": "population-generale",
}
MILIEUX = {
    "milieu scolaire": "scolaire",
    "milieux scolaires": "scolaire",
    "personnel scolaire": "scolaire",
    "commission scolaire": "scolaire",
    "school staff": "scolaire",
    "milieu policier": "police",
    "milieux policiers": "police",
    "milieu judiciaire": "justice",
    "milieux judiciaires": "justice",
}
FOR = {"pour", "for", "aux", "destine", "destines", "destinee", "destinees"}
# The subject of the whole directory: every fiche could bear it, so it chooses none where anything else is said.
SUBJECT = {("exploitation", "sexuelle"), ("exploitation", "sexuelle", "mineurs"), ("sexual", "exploitation")}
SUBJECT_SAID = re.compile(r"\b(?:exploitations? sexuelles?(?: des mineure?s| des jeunes)?|sexual exploitation)\b")
QUOTES = str.maketrans("«»“”„", '"""""')


@dataclass
class Concept:
    """One thing wanted: what was typed and the other ways to say it, each with its weight."""

    typed: str
    alternatives: list[tuple[str, float]]
    rarity: float
    required: bool = False  # a quoted phrase
    bonus: bool = False  # counts for the rank, never for the choice
    column: tuple[str, str] | None = None  # a parameter and its value that say the same as the words
    queries: list[tuple[str, float]] = field(default_factory=list)  # the alternatives as tsqueries
    shown: list[str] = field(default_factory=list)  # those whose words are marked in an extract


@dataclass
class Preference:
    """Something understood that lifts the fiches which have it and excludes no other."""

    kind: str  # a parameter of the list
    value: str
    label: str
    factor: float


@dataclass
class Understanding:
    """What a query means."""

    text: str
    concepts: list[Concept] = field(default_factory=list)
    exclusions: list[str] = field(default_factory=list)
    preferences: list[Preference] = field(default_factory=list)
    corrections: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    known: Lexicon | None = None
    needs: list[tuple[str, float]] = field(default_factory=list)  # the needs heard in it, with their weights
    spoken: bool = False  # written as it is said, which is no mistake
    danger: bool = False  # somebody is in danger now
    off_topic: bool = False  # nothing that the directory could answer
    excluded: list[list[str]] = field(default_factory=list)  # the exclusions as tsqueries
    together: list[str] = field(default_factory=list)  # all the concepts as one phrase, as tsqueries

    @property
    def wanted(self) -> list[Concept]:
        """The concepts that choose fiches."""
        return [concept for concept in self.concepts if not concept.bonus]

    @property
    def choosing(self) -> list[Preference]:
        """The preferences that choose fiches where no word does."""
        return [preference for preference in self.preferences if preference.kind != "mineurs"]

    @property
    def corrected_text(self) -> str:
        """The query as it was answered."""
        return replaced(self.text, {typed.lower(): word for typed, word in self.corrections})

    def prefer(self, kind: str, value: str, label: str, factor: float) -> None:
        if not any((other.kind, other.value) == (kind, value) for other in self.preferences):
            self.preferences.append(Preference(kind, value, label, factor))


def understand(text: str, exact: bool = False, version: int | None = None) -> Understanding:
    """What `text` means; `exact` leaves out corrections and preferences. `version`: that of the data, where it was read
    already. No query where every word is of the collection, else one; one more without `version`; more when the data
    changed.
    """
    known = lexicon(version)
    with each_word_once(known.stemmed):
        return read(Understanding(text, known=known), exact)


def read(meaning: Understanding, exact: bool) -> Understanding:
    """What the text of a meaning means, written in it."""
    plain_words, group = [], []
    pieces = list(PIECE.finditer(meaning.text.translate(QUOTES)))
    for index, piece in enumerate(pieces):
        phrase, word = piece["phrase"], piece["word"]
        content = phrase if phrase is not None else word
        if piece["minus"]:
            if split_words(content):
                meaning.exclusions += dict.fromkeys([content, meaning.known.spelled(content)])
        elif phrase is not None:
            if split_words(phrase):
                meaning.concepts.append(quoted(phrase, meaning.known))
        elif is_or(word) and 0 < index < len(pieces) - 1:
            group.append(len(plain_words))
        else:
            plain_words.append(word)
    read_plain(meaning, plain_words, group, exact)
    settle(meaning)
    if not exact:
        hear(meaning)
    write_queries(meaning)
    return meaning


def hear(meaning: Understanding) -> None:
    """What a sentence asks for, as needs; that it is off topic, or speaks of danger. Nothing where words are enough."""
    ear, words = meaning.known.ear, split_words(SUBJECT_SAID.sub(" ", plain(written_out(meaning.text))))
    if ear is None:
        return
    if len(words) < A_SENTENCE or all(is_everywhere(word, meaning.known) for word in words):
        meaning.danger = ear.is_a_cry(meaning.text)
        return
    reading = ear.hear(meaning.text)
    titled = meaning.known.is_in_a_title(meaning.text)
    # Whatever else is asked, between quotes, beside an exclusion; but a title is no cry.
    meaning.danger = reading.danger and (not titled or ear.is_a_cry(meaning.text))
    alone = not meaning.wanted and not meaning.unknown and meaning.choosing  # « projets suspendus, Laval »
    if (
        (alone and len(words) < LONG)
        or meaning.exclusions
        or any(concept.required for concept in meaning.concepts)
        or titled
    ):
        return
    telling = [word for word in words if not ignored(word)]
    names = [concept for concept in meaning.concepts if stems(concept.typed) in meaning.known.names]
    if sum(len(split_words(concept.typed)) for concept in names) * 2 > len(telling):
        return
    # A few words that the collection holds whole are of this domain, however they sound.
    foreign = bool(meaning.unknown) or len(words) >= LONG
    meaning.off_topic = reading.domain < OFF_TOPIC_BELOW and foreign and not reading.danger
    if not meaning.off_topic:
        meaning.needs = [(heard.slug, heard.weight) for heard in reading.needs if heard.weight >= HEARD_ENOUGH]


def is_everywhere(word: str, known: Lexicon) -> bool:
    """Whether a word is one of those that a quarter of the collection is written with: « services », « prévention ».
    Whoever types no others tells nothing of what happened, and the fiches have all of them."""
    return word.isalpha() and not ignored(word) and known.count_word(word) >= max(IN_MANY, EVERYWHERE * known.fiches)


def is_or(word: str) -> bool:
    return word in ("or", "OR", "OU")


def quoted(phrase: str, known: Lexicon) -> Concept:
    return Concept(phrase, [(phrase, TYPED)], known.rarity(known.count(phrase)), required=True)


def read_plain(meaning: Understanding, words: list[str], ors: list[int], exact: bool) -> None:
    """The words outside quotes."""
    text = " ".join(words)
    if not exact and is_spoken(text) and len(split_words(written_out(text))) >= A_SENTENCE:
        meaning.spoken, text = True, written_out(text)
    tokens = split_words(text if exact else read_who(meaning, text))
    if ors and not exact:
        tokens = split_words(text)
    position = 0
    while position < len(tokens):
        position += read_segment(meaning, tokens, position, exact)
    join_alternatives(meaning, words, ors)


def read_who(meaning: Understanding, text: str) -> str:
    """Who is to be helped, as preferences; returns the text without the ages. A parent speaks: what helps parents helps
    too."""
    if stems(text) in meaning.known.names:
        return text  # « En Marge 12-17 »
    persons = read_persons(text)
    for low, high in persons.ages[:1]:
        label = _("%(low)s à %(high)s ans") if low < high else _("%(low)s ans")
        meaning.prefer("age", f"{low}-{high}", label % {"low": low, "high": high}, 1.3)
    bare = plain(text)
    if (
        persons.minor
        and (not SUBJECT_SAID.search(bare) or read_persons(SUBJECT_SAID.sub(" ", bare)).minor)
        and AGE_OF.keys().isdisjoint(split_words(bare))
    ):
        low, high = UNDER_AGE
        meaning.prefer("mineurs", f"{low}-{high}", _("moins de %(age)s ans") % {"age": high + 1}, 1.0)
    if persons.sexe:
        meaning.prefer("sexe", persons.sexe, str(Sexe(persons.sexe).label), 1.6)
    if persons.parent:
        meaning.prefer("clientele", "parents", str(Clientele.PARENTS.label), 1.5)
    return persons.rest


def read_segment(meaning: Understanding, tokens: list[str], position: int, exact: bool) -> int:
    """Reads the longest thing known at this place; returns how many words it took."""
    known, first = meaning.known, tokens[position]
    bare = [plain(token) for token in tokens[position : position + known.longest]]
    told = [word not in FUNCTION_WORDS for word in bare]
    named = known.beginnings.get(stem(first), 0) if told[0] else 0
    placed, staged = (0, 0) if exact else (known.places_begin.get(bare[0], 0), 4 if bare[0] in STADES_BEGIN else 0)
    for length in range(len(bare) if named else min(len(bare), max(placed, staged)), 0, -1):
        part = tokens[position : position + length]
        phrase = " ".join(part)
        if length <= staged and read_stade(meaning, phrase):
            return length
        if length <= placed and read_place(meaning, part, tuple(bare[:length])):
            return length
        # The stems of more words than any name has, but for the function words, are no name.
        if told[length - 1] and sum(told[:length]) <= named:
            key = stems_of(part)
            if key in known.names or (key in known.phrases and (length > 1 or not ignored(first))):
                if key not in known.names:
                    read_preferences(meaning, tokens, position, length, exact)
                add_concept(meaning, phrase, bonus=key in SUBJECT or plain(phrase) in SEX_OF)
                for word in part if length > 1 and key not in known.names else []:
                    if not ignored(word) and meaning.known.count(word):
                        add_concept(meaning, word, bonus=True)
                return length
    return read_word(meaning, tokens, position, exact)


def read_stade(meaning: Understanding, phrase: str) -> bool:
    code = STADES.get(plain(phrase))
    if code:
        meaning.prefer("stade", code, str(Stade(code).label), 3.0)
    return bool(code)


def read_place(meaning: Understanding, part: list[str], bare: tuple[str, ...]) -> bool:
    """A place, as typed and in plain words: its region is preferred, and its own words are still looked for."""
    region = meaning.known.places.get(bare)
    if region is None:
        return False
    meaning.prefer("region", region, str(Regions(region).label), NAMED_PLACE)
    phrase = " ".join(part)
    if meaning.known.count(phrase):
        add_concept(meaning, phrase, bonus=True)
    return True


def read_preferences(meaning: Understanding, tokens: list[str], position: int, length: int, exact: bool) -> None:
    """Age band and audience in words."""
    if exact:
        return
    for index in range(position, position + length):
        word = plain(tokens[index])
        if word in AGE_OF and not any(other.kind == "age" for other in meaning.preferences):
            low, high = AGE_OF[word]
            label = _("%(low)s à %(high)s ans") % {"low": low, "high": high}
            meaning.prefer("age", f"{low}-{high}", label, 1.2)
        before = [plain(token) for token in tokens[max(0, index - 2) : index]]
        if word in AUDIENCES and set(before) & FOR:
            meaning.prefer("clientele", AUDIENCES[word], str(Clientele(AUDIENCES[word]).label), 1.8)


def ignored(word: str) -> bool:
    """Function words and courtesy; a word in capitals (« AIDE ») is a name."""
    return is_function_word(word) or (plain(word) in COURTESY and not (word.isupper() and len(word) > 1))


def read_word(meaning: Understanding, tokens: list[str], position: int, exact: bool) -> int:
    """One word: known, corrected, or unknown. Returns how many words were read: a correction may complete a phrase."""
    word, known = tokens[position], meaning.known
    read_preferences(meaning, tokens, position, 1, exact)
    if ignored(word) and len(tokens) > 1:
        return 1
    if known.knows(word):
        add_concept(meaning, word, bonus=plain(word) in GENERIC or plain(word) in SEX_OF)
        return 1
    corrected = None if exact or meaning.spoken or is_common(word) else correct(word, known)
    if corrected is None:
        miss(meaning, word)
        return 1
    meaning.corrections.append((word, corrected))
    tokens[position] = corrected
    return read_segment(meaning, tokens, position, exact)


def miss(meaning: Understanding, word: str) -> None:
    """Notes a word that nothing knows."""
    if plain(word) not in GENERIC:
        meaning.unknown.append(word)


def add_concept(
    meaning: Understanding, phrase: str, bonus: bool = False, column: tuple[str, str] | None = None
) -> None:
    """A concept with its other names and its synonyms, those that no fiche holds left out."""
    known, key = meaning.known, stems(phrase)
    if any(stems(other.typed) == key for other in meaning.concepts):
        return
    spellings = dict.fromkeys([phrase, known.spelled(phrase)])
    alternatives = [(spelling, TYPED) for spelling in spellings if known.count(spelling)]
    synonym = SYNONYM_OF_A_KNOWN_WORD if alternatives else SYNONYM
    alternatives += [(name, NAME) for name in known.names.get(key, [])]
    alternatives += [(other, synonym) for other in known.phrases.get(key, [])]
    alternatives = alternatives[:MAX_ALTERNATIVES]
    if not alternatives:  # part of a phrase of the thesaurus, which alone leads nowhere
        miss(meaning, phrase)
        return
    if column is None and not bonus:
        column = column_of(plain(phrase))
    if column and column[0] == "clientele" and column[1] != "jeunes":
        meaning.prefer("clientele", column[1], str(Clientele(column[1]).label), 1.8)
    counts = [known.count(text) for text, _ in alternatives] + [known.columns.get(column, 0)]
    rarity = known.rarity(min(max(counts), NAME_COUNT) if key in known.names else max(counts))
    meaning.concepts.append(Concept(phrase, alternatives, rarity, bonus=bonus, column=column))


def column_of(word: str) -> tuple[str, str] | None:
    """The parameter of the list that says the same as words: « milieu scolaire », « adolescents »."""
    if word in MILIEUX:
        return ("clientele", MILIEUX[word])
    return ("clientele", "jeunes") if word in AGE_OF or word in ("enfants", "children") else None


def join_alternatives(meaning: Understanding, words: list[str], ors: list[int]) -> None:
    """« police or parents »: the two concepts around « or » become one."""
    for index in ors:
        if not 0 < index < len(words):
            continue
        left = find(meaning, words[index - 1])
        right = find(meaning, words[index])
        if left and right and left is not right:
            left.alternatives += right.alternatives
            left.rarity = min(left.rarity, right.rarity)
            meaning.concepts.remove(right)


def find(meaning: Understanding, word: str) -> Concept | None:
    wanted = {stem(part) for part in split_words(word)}
    return next((concept for concept in meaning.concepts if wanted & set(stems(concept.typed))), None)


def settle(meaning: Understanding) -> None:
    """Where nothing else chooses, generic words and place names do, unless a preference was understood."""
    if not meaning.wanted and not meaning.choosing and not meaning.unknown:
        for concept in meaning.concepts:
            concept.bonus = False


def write_queries(meaning: Understanding) -> None:
    """What was understood as tsqueries. One query, or none."""
    phrases = {(text, False) for concept in meaning.concepts for text, _weight in concept.alternatives}
    phrases |= {(text, False) for text in meaning.exclusions}
    apart = {concept.typed for concept in meaning.concepts if not concept.required and " " in concept.typed}
    phrases |= {(text, True) for text in apart}
    together = (" ".join(concept.typed for concept in meaning.concepts), False)
    if len(meaning.concepts) > 1:
        phrases.add(together)
    found = tsqueries(phrases, meaning.known)
    for concept in meaning.concepts:
        alternatives = [(text, False, weight) for text, weight in concept.alternatives]
        alternatives += [(concept.typed, True, APART)] if concept.typed in apart else []
        concept.queries = [(query, weight) for *phrase, weight in alternatives for query in found[tuple(phrase)]]
        # Not the words of a longer name: « Québec » is no way to say « police ».
        names = meaning.known.names.get(stems(concept.typed), [])
        said = {concept.typed, meaning.known.spelled(concept.typed)}
        concept.shown = [
            query
            for text, _weight in concept.alternatives
            if text in said or (" " not in text and text not in names)
            for query in found[text, False]
        ]
    meaning.excluded = [found[text, False] for text in meaning.exclusions if found[text, False]]
    meaning.together = found.get(together, [])
