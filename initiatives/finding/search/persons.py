"""Who the search is for: the age and the sex of the person to be helped, and whether a parent speaks.

Sentences name other people too: « son entraîneur de 40 ans » gives no age to the girl, « a guy keeps texting my
daughter » looks for no boy.
"""

import re
from dataclasses import dataclass

from initiatives.core.enums import MAJORITE, BandeAge

from .common import plain_english
from .words import plain, split_words

SEXES = {
    "feminin": "fille filles fillette adolescente adolescentes femme femmes girl girls woman women daughter daughters",
    "masculin": "garcon garcons gars homme hommes boy boys guy guys man men son sons fils",
}
SEX_OF = {word: code for code, words in SEXES.items() for word in words.split()}
TEENS = "ado ados adolescent adolescents adolescente adolescentes teen teens teenager teenagers"
AGE_OF = dict.fromkeys(TEENS.split(), BandeAge.ADOS.bornes)
# Whoever is not of age, whatever the age; and who says that somebody is.
MINORS = set(
    """
    fille filles fillette fillettes garcon garcons girl girls boy boys daughter daughters son sons fils enfant enfants
    child children kid kids mineur mineure mineurs mineures minor minors underage
    """.split()
)
OF_AGE = set("femme femmes woman women majeur majeure majeurs majeures adulte adultes adult adults".split())
UNDER_AGE = (0, 17)
NUMBERS = set("deux trois quatre cinq six two three four five".split())  # « elle a deux enfants »
YOUNGEST, OLDEST = 3, 25  # whom the initiatives accept as young people; an older age is somebody else's
SPELLED = {
    word: age
    for age, words in enumerate(
        (
            *("onze eleven", "douze twelve", "treize thirteen", "quatorze fourteen", "quinze fifteen", "seize sixteen"),
            *("dix-sept seventeen", "dix-huit eighteen", "dix-neuf nineteen"),
        ),
        start=11,
    )
    for word in words.split()
}
AGE = rf"\d{{1,2}}|{'|'.join(SPELLED)}"
YEARS = r"(?:ans?|yrs?|years?|yo|y/o|y\.o\.?)"
AGES = re.compile(
    rf"\b(?P<low>{AGE})\s*-?\s*(?:(?:à|a|-|–|to|et|ou|and|or)\s*(?P<high>{AGE})\s*-?\s*)?{YEARS}\b(?:[\s-]*old)?",
    re.IGNORECASE,
)
# « groupe 12-17 »: two ages without their unit, which are no hours, no date and no part of a longer number.
RANGE = re.compile(
    r"(?<![\d/.,:-])\b(?P<low>[5-9]|1\d)\s?(?:-|–|à)\s?(?P<high>1\d|2[0-5])\b(?![\d/.,:-]?\d)"
    r"(?!\s*(?:h\b|heures?|hours?|am\b|pm\b|mois|months?|jours?|days?|semaines?|weeks?|%|\$|(?:jan|f[eé]v|mars?|avr|apr|"
    r"mai|may|jui|jun|jul|ao[uû]t|aug|sep|oct|nov|d[eé]c)))",
    re.IGNORECASE,
)
# « j'ai 15 », « my daughter is 13 », « ma fille de 12 »: an age without its unit.
BARE = re.compile(
    r"\b(?:j'?\s?ai|elle a|il a|i'?\s?m|i am|she'?\s?s|she is|he'?\s?s|he is|who is|who'?s|qui a|filles?|fils|"
    r"gars|garcon|ado|girl|boy|daughter|son|kid|teen|enfant)(?: de| is| a| of|,)? (?P<low>\d{1,2})(?!\s*\d)\b"
    r"(?!\s*(?:mois|jours?|semaines?|heures?|h\b|fois|months?|weeks?|days?|hours?|kids|enfants|filles|times|photos?|%|\$))",
    re.IGNORECASE,
)
OWN_CHILD = re.compile(
    r"\b(?:ma (?:fille|petite|grande|puce|jeune)|mon (?:fils|gars|garcon|enfant|ado|adolescente?|jeune|plus vieux)|"
    r"mes (?:enfants|filles|ados|fils)|notre (?:fille|fils|enfant|ado)|"
    r"(?:my|our) (?:daughter|son|child|kid|teen|teenager|boy|girl|daughters|sons|kids|children))s?\b"
)
RELATIVES = re.compile(
    r"\b(?:ma|mon|ta|ton|sa|une?|my|her|his|our) (?:petite |petit |grande |grand |little |big |best )?"
    r"(?P<who>soeur|cousine|niece|amie|frere|cousin|neveu|ami|sister|brother|nephew|friend)\b"
)
SEX_OF_RELATIVE = dict.fromkeys(("soeur", "cousine", "niece", "amie", "sister"), "feminin") | dict.fromkeys(
    ("frere", "neveu", "brother", "nephew"), "masculin"
)
SAYS_SELF = re.compile(
    r"\b(?:je suis|jsuis|chu|chui|suis|i am|i m|im) (?:juste |just |encore |only )?(?:une?|a)?\s?"
    r"(?:jeune |young |trans |teen )?(?P<who>fille|femme|ado|adolescente|girl|woman|gars|garcon|homme|boy|guy|man)\b"
)
ASKED_FOR = {"pour", "for", "aux"}
OURS = {"les", "nos", "mes", "our", "my", "the"}  # « les filles de mon unité »
# Who harms, or is merely there: their age and their sex are not those of the person to be helped.
OTHERS = set(
    """
    entraineur coach prof professeur teacher oncle uncle beau-pere stepdad pere father dad chum copain boyfriend bf ex
    client clients pimp proxenete souteneur patron boss voisin inconnu inconnus stranger strangers monsieur adulte adult
    mari husband conjoint
    """.split()
)
MEN = {"gars", "homme", "hommes", "guy", "guys", "man", "men", "dude"}
NEAR = 4  # words
A_SENTENCE = 6  # words: below, whoever is named is looked for


@dataclass
class Persons:
    """What was understood of the person; empty where nothing was said."""

    ages: list[tuple[int, int]]
    sexe: str
    parent: bool
    minor: bool  # somebody under eighteen is spoken of, and no age is said
    rest: str  # the text without the ages


def read_persons(text: str) -> Persons:
    """Reads a text as typed. No query."""
    bare = plain(text).replace("’", "'")
    if len(bare) != len(text):  # a ligature: positions are those of `text`
        bare = text.lower()
    if plain_english().isdisjoint(split_words(bare)):
        bare = re.sub(r"\bson\b", "ses", bare)  # « son ami » is no English son
    ages, spans = [], []
    for match in [*AGES.finditer(text), *RANGE.finditer(text), *BARE.finditer(bare)]:
        low, high = (years(match.groupdict().get(bound) or match["low"]) for bound in ("low", "high"))
        if any(start <= match.start("low") < stop for start, stop in spans):
            continue
        spans.append(match.span("low") if match.re is BARE else match.span())
        if YOUNGEST <= low <= high and not is_somebody_else(bare[: match.start("low")], low, high):
            ages.append((low, high))
    rest = text
    for start, stop in spans:
        rest = rest[:start] + " " * len(rest[start:stop]) + rest[stop:]
    return Persons(ages, sex(bare, ages), bool(OWN_CHILD.search(bare)), not ages and speaks_of_a_minor(bare), rest)


def years(said: str) -> int:
    return SPELLED.get(said.lower()) or int(said)


def speaks_of_a_minor(text: str) -> bool:
    """Whether a girl, a boy, a child is spoken of, and nobody of age."""
    words = split_words(text)
    named = any(
        word in MINORS and not (before in NUMBERS or before.isdigit())
        for before, word in zip(["", *words], words, strict=False)
    )
    return named and OF_AGE.isdisjoint(words)


def is_somebody_else(before: str, low: int, high: int) -> bool:
    """Whether an age is that of who harms: nobody helped here is older than 25, and the nearest person named has it."""
    if low > OLDEST and low == high:
        return True
    for word in reversed(split_words(before)[-NEAR:]):
        if word in OTHERS:
            return True
        if word in SEX_OF or word in AGE_OF or word in ("jeune", "kid", "soeur", "frere", "amie", "sister", "brother"):
            return word in MEN and low >= MAJORITE and len(split_words(before)) > A_SENTENCE
    return False


def sex(text: str, ages: list[tuple[int, int]]) -> str:
    """The sex of the person to be helped, a code of the list, or nothing."""
    if (own := OWN_CHILD.search(text)) and (code := SEX_OF.get(own[0].split()[-1])):
        return code
    if own and own[0].split()[-1] == "petite":
        return "feminin"
    if (said := SAYS_SELF.search(text)) and (code := SEX_OF.get(said["who"])):
        return code
    if (near := RELATIVES.search(text)) and (code := SEX_OF_RELATIVE.get(near["who"])):
        return code
    words = split_words(text)
    if len(words) < A_SENTENCE:
        found = {SEX_OF[word] for word in words if word in SEX_OF}
        return found.pop() if len(found) == 1 else ""
    found = [SEX_OF[word] for place, word in enumerate(words) if word in SEX_OF and is_asked_for(words, place, ages)]
    return found[0] if len(set(found)) == 1 else ""


def is_asked_for(words: list[str], place: int, ages: list[tuple[int, int]]) -> bool:
    """Whether a sentence speaks here of who is to be helped: « pour un garçon », « une fille de 15 ans », « une jeune
    fille »; « recruter des filles » does not, nor does a man who is merely there."""
    word, before, after = words[place], words[max(0, place - 2) : place], words[place + 1 : place + 4]
    if ASKED_FOR & set(before) or (word not in MEN and before and before[-1] in OURS):
        return True
    aged = any(str(low) in after for low, _high in ages)
    return aged or (SEX_OF[word] == "feminin" and not word.endswith("s") and word != "women")
