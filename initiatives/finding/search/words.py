"""Words as the search compares them: in lower case, without accents, stemmed in French."""

import re
import threading
import unicodedata
from collections.abc import Mapping
from contextlib import contextmanager
from types import MappingProxyType

import snowballstemmer

LETTERS = re.compile(r"[^\W_]+")
ACRONYM = re.compile(r"\b(?:[A-Za-z]\.){2,}[A-Za-z]?\b\.?")
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})


class _Own(threading.local):
    """What each thread has for itself: a stemmer is not safe between threads, and what one reads is its own."""

    def __init__(self):
        self.stemmer = snowballstemmer.stemmer("french")
        self.seen: dict[str, str] | None = None
        self.before: Mapping[str, str] = {}


_OWN = _Own()

FUNCTION_WORDS = set(
    """
    a ai aie ait alors as au aucun aussi autre autres aux avais avait avec avez avoir avons c ca car ce ceci cela
    celle celles celui ces cet cette ceux chaque chez ci comme comment concernant contre d dans de depuis des donc
    dont du elle elles en entre es est et etait ete etes etre eu eux fait faire fais font gens ici il ils j je jusqu
    l la le les leur leurs lors lui m ma mais me meme memes mes mettre mien moi moins mon n ne ni nos notre nous on
    ont or ou par parce parfois pas pendant peu peut peuvent peux plus plusieurs plutot pour pourquoi pourrais
    pourrait puis qu quand que quel quelle quelles quels quelqu quelque quelques qui quoi s sa sans se sera ses si
    soi soit son sont sous souvent suis sur t ta tant te tel telle tes toi ton toujours tous tout toute toutes tres
    trop tu un une va vais vers veut veux voir voit vos votre vous vraiment y the an and are at be been being but by
    can could did do does for from had has have he her him his how i in into is it its my no not of our she should
    so some that their them then there these they this those to was we were what when where which who whom why will
    with would you your am any about
    """.split()
)
ELISIONS = ("l", "d", "j", "qu", "n", "s", "m", "t", "c")
ARTICLES = {"l", "la", "le", "les", "d", "de", "du", "des", "un", "une", "a", "an", "the"}
# What people say around what they look for: courtesy, doubt, need.
COURTESY = set(
    """
    aide aidez aider allo besoin bonjour bonsoir cherche chercher cherchons connais connaitre croit crois demande
    dois doit droit faut idee info information infos informations aimerais merci pense peur plait possible probleme
    propos question recherche recherchons savoir soutien stp sujet svp trouve trouver urgent vouloir voudrais
    voudrait existe quelquun chose truc arrive arriver find finding help hello hi looking need needs please search
    someone something somebody thanks think want know
    gratuit gratuite gratuits gratuites gratuitement disponible disponibles offert offerte offerts offertes pres
    proche autour free available offered nearby near local good best bon bonne meilleur meilleure aimerait
    suggestions conseil conseils
    """.split()
)
# Words that every fiche could bear: they choose nothing, unless nothing else is said.
GENERIC = set(
    """
    activite activites action actions initiative initiatives organisation organisations organisme organismes
    programme programmes program programs programming projet projets project projects ressource ressources resource
    resources service services quebec region regions liste repertoire type genre personne personnes gens people
    place places group organization
    """.split()
)


def plain(text: str) -> str:
    """The text in lower case, without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def split_words(text: str) -> list[str]:
    """The words of a text as the database separates them, as typed: at every sign, an acronym's points left out."""
    text = ACRONYM.sub(lambda match: match[0].replace(".", ""), text)
    return LETTERS.findall(text)


def replaced(text: str, others: dict[str, str]) -> str:
    """The text with each word that `others` holds in lower case replaced. No pattern is made of what was typed: `re`
    would remember it."""
    return LETTERS.sub(lambda match: others.get(match[0].lower(), match[0]), text)


@contextmanager
def each_word_once(before: Mapping[str, str] = MappingProxyType({})):
    """Inside, a word is stemmed once, and not at all where `before` holds its stem, by the word in lower case."""
    outer, _OWN.seen, _OWN.before = (_OWN.seen, _OWN.before), {}, before
    try:
        yield
    finally:
        _OWN.seen, _OWN.before = outer


def stem(word: str) -> str:
    """The French stem of a word, its accents dropped after stemming and not before: « intégrée » meets « intégrer
    »."""
    seen = _OWN.seen if _OWN.seen is not None else {}
    if word not in seen:
        lower = word.lower()
        seen[word] = _OWN.before.get(lower) or plain(_OWN.stemmer.stemWord(lower))
    return seen[word]


def is_function_word(word: str) -> bool:
    return plain(word) in FUNCTION_WORDS


def stems(text: str) -> tuple[str, ...]:
    """The stems of a phrase without its function words, or without its articles alone where less than two would be
    left (« s'en sortir » keeps its words, « L'Anonyme » is « Anonyme »)."""
    return stems_of(split_words(text))


def stems_of(words: list[str]) -> tuple[str, ...]:
    """The same, of its words."""
    telling = [word for word in words if not is_function_word(word)]
    if len(telling) < 2:
        telling = [word for word in words if plain(word) not in ARTICLES] or words
    return tuple([stem(word) for word in telling])
