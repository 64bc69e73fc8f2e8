"""Organisations that may be one: their names compared by their letters, their acronyms, the ways to reach them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from django.utils.translation import gettext as _

from initiatives.core.enums import NatureContact, Regions
from initiatives.core.slugs import plain_slug
from initiatives.core.versioned import data_version, remembered
from initiatives.models import Contact, Organisme, PaireOrganismes

# How many of their groups of three letters two words share to be one, misspelt; two names, of which one says all that
# the other does; and two names of which what both say is said by many.
WORD, NAME, PLAIN_NAME = 0.4, 0.3, 0.7
SHOWN = 100
# What joins words, and what many organisations are called: nothing is told apart by it.
SMALL = set("a au aux d de des du en et l la le les pour sur un une the of and for".split())
GENERIC = set(
    """
    action agence aide association bureau calacs cavac centre cisss ciusss clinique comite communautaire concertation
    corporation direction dpj
    fondation groupe inc jeune jeunes jeunesse maison ministere organisme organisation police programme projet quebec
    regie region regional regionale regroupement reseau rue sante service services social sociaux table travail
    universite ville
    """.split()
)
PLACES = {word for slug in Regions.values for word in slug.split("-")}


@dataclass(frozen=True)
class Alike:
    """Two organisations, the smaller key first, and in which way they are alike."""

    premier: int
    second: int
    raisons: tuple[str, ...]


def likely_pairs() -> list[Alike]:
    """Those that may be one, the most alike first, those set aside left out; a hundred at most. Two queries, or four
    for a new version of the data."""
    version = data_version()
    found = remembered("organismes semblables", version, every_pair)
    apart = set(PaireOrganismes.objects.values_list("premier", "second"))
    return [Alike(*pair, tuple(str(REASONS[code]()) for code in codes)) for pair, codes in found if pair not in apart][
        :SHOWN
    ]


REASONS = {
    "sigle": lambda: _("même sigle"),
    "nom": lambda: _("noms proches"),
    NatureContact.COURRIEL: lambda: _("même courriel"),
    NatureContact.SITE_WEB: lambda: _("même site web"),
    NatureContact.TELEPHONE: lambda: _("même téléphone"),
}


def every_pair() -> list[tuple[tuple[int, int], tuple[str, ...]]]:
    """(keys, codes of the reasons) of each pair. Two queries."""
    rows = list(Organisme.objects.actuels().order_by("pk"))
    parents = {row.pk: row.fait_partie_de_id for row in rows}
    found = defaultdict(list)
    for one, other in combinations(rows, 2):
        if codes := called_alike(one, other):
            found[one.pk, other.pk] += codes
    for nature, keys in reached_alike(parents):
        for pair in combinations(keys, 2):
            found[pair].append(nature)
    family = ((pair, codes) for pair, codes in found.items() if not related(*pair, parents))
    return sorted(((pair, tuple(codes)) for pair, codes in family), key=lambda row: (-len(row[1]), row[0]))


def called_alike(one: Organisme, other: Organisme) -> list[str]:
    """The codes of what is alike in how two organisations are called."""
    # « Table régionale », « Pacte de rue »: the same name in two regions is two organisations.
    if one.region_id and other.region_id and one.region_id != other.region_id:
        return []
    found = ["sigle"] if one.sigle and folded(one.sigle) == folded(other.sigle) else []
    if same_name(one, other) or (one.region_id == other.region_id and names_alike(one, other)):
        found.append("nom")
    return found


def repeated(new: Organisme) -> list[Organisme]:
    """The organisations that one which is not there yet may repeat, by how they are called. One query."""
    return [row for row in Organisme.objects.actuels().order_by("nom") if called_alike(new, row)]


def related(one: int, other: int, parents: dict) -> bool:
    """Whether one is said to be part of the other, or both of a third: they are told apart already."""
    return other == parents[one] or one == parents[other] or bool(parents[one] and parents[one] == parents[other])


def reached_alike(known: Iterable[int]) -> Iterable[tuple[str, list[int]]]:
    """(nature, keys of the organisations) of each way to reach several of them. One query."""
    shared = defaultdict(set)
    rows = Contact.objects.filter(organisme__in=list(known)).values_list("nature", "valeur", "organisme")
    for nature, value, organisme in rows:
        if nature in REASONS and (said := reached_by(nature, value)):
            shared[nature, said].add(organisme)
    return [(nature, sorted(keys)) for (nature, _said), keys in sorted(shared.items()) if len(keys) > 1]


def reached_by(nature: str, value: str) -> str:
    """What a way to reach somebody says, however it is typed. A number of three digits is everybody's, and says
    nothing."""
    value = value.strip().lower()
    if nature == NatureContact.TELEPHONE:
        digits = re.sub(r"\D", "", value.split("poste")[0]).removeprefix("1")
        return digits if len(digits) > 6 else ""
    if nature == NatureContact.SITE_WEB:
        return re.sub(r"^https?://(www\.)?|/+$", "", value)
    return value


def same_name(one: Organisme, other: Organisme) -> bool:
    """Whether the name of one is a name or a spelling of the other."""
    names = [{folded(name) for name in (row.nom, row.nom_court, *row.variantes)} - {""} for row in (one, other)]
    return folded(one.nom) in names[1] or folded(other.nom) in names[0]


def names_alike(one: Organisme, other: Organisme) -> bool:
    """Whether all the words of one's name are said by the other's, misspelt or not, and enough of them."""
    words, others = words_of(one.nom), words_of(other.nom)
    if not words or not others:
        return False
    few, many = sorted((words, others), key=len)
    if not all(any(same_word(word, said) for said in many) for word in few):
        return False
    told_apart = set(few) - GENERIC - PLACES or len(few) == len(many)
    return likeness(folded(one.nom), folded(other.nom)) >= (NAME if told_apart else PLAIN_NAME)


def same_word(one: str, other: str) -> bool:
    """A word of three letters or a number is right or another; a longer one may be misspelt, and begins the same."""
    if one == other or one.rstrip("s") == other.rstrip("s"):
        return True
    long = min(len(one), len(other)) > 3 and not one.isdigit()
    return long and one[0] == other[0] and likeness(one, other) >= WORD


@lru_cache(maxsize=10_000)
def folded(name: str) -> str:
    return plain_slug(name, 300)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, without accents nor what joins them."""
    return tuple(word for word in folded(name).split("-") if word not in SMALL)


def likeness(one: str, other: str) -> float:
    """The share of groups of three letters that two texts have in common, as PostgreSQL counts them."""
    first, second = threes(one), threes(other)
    return len(first & second) / len(first | second)


@lru_cache(maxsize=10_000)
def threes(text: str) -> frozenset[str]:
    return frozenset(
        word[start : start + 3] for word in (f"  {word} " for word in text.split("-")) for start in range(len(word) - 2)
    )
