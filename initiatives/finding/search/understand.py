"""From what was typed to what is meant: quoted phrases, exclusions, places, ages, corrections, everyday words."""

import re
from dataclasses import dataclass, field

from initiatives.core.enums import BandeAge, Clientele, Regions, Sexe, Stade

from .lexicon import Lexicon, lexicon, tsqueries
from .typing_errors import correct
from .words import COURTESY, GENERIC, each_word_once, is_function_word, plain, replaced, split_words, stem, stems

PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
AGES = re.compile(
    r"\b(?P<low>\d{1,2})\s*(?:(?:à|a|-|–|to|et|ou)\s*(?P<high>\d{1,2})\s*)?(?:ans|an|yrs?|years?)\b(?:[\s-]*old)?",
    re.IGNORECASE,
)
MAX_ALTERNATIVES = 12
# Expansions count less than the word itself, and less still where the word itself is in the collection.
TYPED, NAME = 1.0, 1.0
APART = 0.45  # the words of a phrase, found apart
SYNONYM, SYNONYM_OF_A_KNOWN_WORD = 0.7, 0.4
NAME_COUNT = 8  # a name tells more than its words: it counts as rare

SEXES = {
    "feminin": "fille filles fillette adolescente adolescentes femme femmes girl girls woman women daughter",
    "masculin": "garcon garcons gars homme hommes boy boys man men son fils",
}
SEX_OF = {word: code for code, words in SEXES.items() for word in words.split()}
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
OWN_CHILD = re.compile(
    r"\b(?:ma (?:fille|niece|soeur|cousine)|mon (?:fils|gars|enfant|ado|adolescente?|neveu|frere)|mes enfants|"
    r"my (?:daughter|son|child|kid|niece|nephew|sister|brother))\b"
)
BANDS = {
    BandeAge.ADOS: "ado ados adolescent adolescents adolescente adolescentes teen teens teenager teenagers",
    BandeAge.ENFANTS: "enfant enfants child children kid kids",
    BandeAge.JEUNES_ADULTES: "jeune-adulte",
}
AGE_OF = {word: band.bornes for band, words in BANDS.items() for word in words.split()}


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
    excluded: list[list[str]] = field(default_factory=list)  # the exclusions as tsqueries
    together: list[str] = field(default_factory=list)  # all the concepts as one phrase, as tsqueries

    @property
    def wanted(self) -> list[Concept]:
        """The concepts that choose fiches."""
        return [concept for concept in self.concepts if not concept.bonus]

    @property
    def corrected_text(self) -> str:
        """The query as it was answered."""
        return replaced(self.text, {typed.lower(): word for typed, word in self.corrections})

    def prefer(self, kind: str, value: str, label: str, factor: float) -> None:
        if not any((other.kind, other.value) == (kind, value) for other in self.preferences):
            self.preferences.append(Preference(kind, value, label, factor))


@each_word_once
def understand(text: str, exact: bool = False) -> Understanding:
    """What `text` means; `exact` leaves out corrections and preferences. Two queries; eleven when the data changed."""
    meaning = Understanding(text, known=lexicon())
    plain_words, group = [], []
    pieces = list(PIECE.finditer(text))
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
    write_queries(meaning)
    return meaning


def is_or(word: str) -> bool:
    return word in ("or", "OR", "OU")


def quoted(phrase: str, known: Lexicon) -> Concept:
    return Concept(phrase, [(phrase, TYPED)], known.rarity(known.count(phrase)), required=True)


def read_plain(meaning: Understanding, words: list[str], ors: list[int], exact: bool) -> None:
    """The words outside quotes."""
    text = " ".join(words)
    if not exact:
        text = read_own_child(meaning, read_ages(meaning, text))
    tokens = split_words(text)
    if ors and not exact:
        tokens = split_words(" ".join(words))
    position = 0
    while position < len(tokens):
        position += read_segment(meaning, tokens, position, exact)
    join_alternatives(meaning, words, ors)


def read_ages(meaning: Understanding, text: str) -> str:
    """« 14 ans », « 12 à 17 ans »: who must be accepted."""
    for match in AGES.finditer(text):
        low, high = int(match["low"]), int(match["high"] or match["low"])
        if low <= high:
            label = match["low"] + (f" à {match['high']}" if match["high"] else "") + " ans"
            meaning.prefer("age", f"{low}-{high}", label, 1.3)
    return AGES.sub(" ", text)


def read_own_child(meaning: Understanding, text: str) -> str:
    """« ma fille », « my son »: a parent speaks, and what helps parents helps too."""
    match = OWN_CHILD.search(plain(text))
    if match is None or len(plain(text)) != len(text):
        return text
    meaning.prefer("clientele", "parents", str(Clientele.PARENTS.label), 1.5)
    sex = SEX_OF.get(match[0].split()[-1])
    if sex:
        meaning.prefer("sexe", sex, str(Sexe(sex).label), 1.1)
    add_concept(meaning, "parents", column=("clientele", "parents"))
    return text[: match.start()] + text[match.end() :]


def read_segment(meaning: Understanding, tokens: list[str], position: int, exact: bool) -> int:
    """Reads the longest thing known at this place; returns how many words it took."""
    known = meaning.known
    for length in range(min(known.longest, len(tokens) - position), 0, -1):
        part = tokens[position : position + length]
        phrase = " ".join(part)
        if not exact and length <= 4 and read_stade(meaning, phrase):
            return length
        if not exact and read_place(meaning, part):
            return length
        if not is_function_word(part[0]) and not is_function_word(part[-1]):
            key = stems(phrase)
            if key in known.names or (key in known.phrases and (length > 1 or not ignored(part[0]))):
                if key not in known.names:
                    read_preferences(meaning, tokens, position, length, exact)
                add_concept(meaning, phrase)
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


def read_place(meaning: Understanding, part: list[str]) -> bool:
    """A place: its region is preferred, and its own words are still looked for."""
    region = meaning.known.places.get(tuple(plain(word) for word in part))
    if region is None:
        return False
    meaning.prefer("region", region, str(Regions(region).label), 4.0)
    phrase = " ".join(part)
    if meaning.known.count(phrase):
        add_concept(meaning, phrase, bonus=True)
    return True


def read_preferences(meaning: Understanding, tokens: list[str], position: int, length: int, exact: bool) -> None:
    """Sex, age band and audience in words."""
    if exact:
        return
    for index in range(position, position + length):
        word = plain(tokens[index])
        if word in SEX_OF:
            meaning.prefer("sexe", SEX_OF[word], str(Sexe(SEX_OF[word]).label), 1.6)
        if word in AGE_OF:
            low, high = AGE_OF[word]
            meaning.prefer("age", f"{low}-{high}", f"{low} à {high} ans", 1.2)
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
        add_concept(meaning, word, bonus=plain(word) in GENERIC)
        return 1
    corrected = None if exact else correct(word, known)
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
        return
    if column is None and not bonus:
        column = column_of(plain(phrase))
    if column and column[0] == "clientele" and column[1] != "jeunes":
        meaning.prefer("clientele", column[1], str(Clientele(column[1]).label), 1.8)
    counts = [known.count(text) for text, _ in alternatives] + [known.columns.get(column, 0)]
    rarity = known.rarity(min(max(counts), NAME_COUNT) if key in known.names else max(counts))
    meaning.concepts.append(Concept(phrase, alternatives, rarity, bonus=bonus, column=column))


def column_of(word: str) -> tuple[str, str] | None:
    """The parameter of the list that says the same as a word: « filles », « adolescents »."""
    if word in SEX_OF:
        return ("sexe", SEX_OF[word])
    if word in MILIEUX:
        return ("clientele", MILIEUX[word])
    return ("clientele", "jeunes") if word in AGE_OF else None


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
    if not meaning.wanted and not meaning.preferences and not meaning.unknown:
        for concept in meaning.concepts:
            concept.bonus = False


def write_queries(meaning: Understanding) -> None:
    """What was understood as tsqueries: the other ways to say it from the lexicon, what was typed in one query."""
    phrases = {(text, False) for concept in meaning.concepts for text, _weight in concept.alternatives}
    phrases |= {(text, False) for text in meaning.exclusions}
    apart = {concept.typed for concept in meaning.concepts if not concept.required and " " in concept.typed}
    phrases |= {(text, True) for text in apart}
    together = (" ".join(concept.typed for concept in meaning.concepts), False)
    if len(meaning.concepts) > 1:
        phrases.add(together)
    found = tsqueries([phrase for phrase in phrases if phrase not in meaning.known.queries])
    found = {phrase: found.get(phrase) or meaning.known.queries.get(phrase, []) for phrase in phrases}
    for concept in meaning.concepts:
        alternatives = [(text, False, weight) for text, weight in concept.alternatives]
        alternatives += [(concept.typed, True, APART)] if concept.typed in apart else []
        concept.queries = [(query, weight) for *phrase, weight in alternatives for query in found[tuple(phrase)]]
    meaning.excluded = [found[text, False] for text in meaning.exclusions if found[text, False]]
    meaning.together = found.get(together, [])
