"""What a sentence is understood as, with the needs themselves: for the list, and for editors who try one."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from initiatives.core.enums import Appelant, Voix
from initiatives.core.versioned import data_version, remembered
from initiatives.models import Besoin, LigneAide
from initiatives.models.aide import in_order

from .search.lexicon import lexicon
from .search.understand import OFF_TOPIC_BELOW, Understanding

FAR_LESS_SURE = 0.6


@dataclass
class Heard:
    """A need understood: how surely, from 0 to 1, and the expressions of it that are nearest."""

    need: Besoin
    weight: float
    nearest: list[str] = field(default_factory=list)


@dataclass
class Reading:
    """A sentence as understood. `available`: whether sentences are read here at all."""

    written: str
    needs: list[Heard] = field(default_factory=list)
    off_topic: bool = False
    danger: bool = False
    available: bool = True


def understood(text: str) -> Reading:
    """What a sentence is understood as, and why. Two queries; more when the data changed."""
    version = data_version()
    ear = lexicon(version).ear
    if ear is None:
        return Reading(text, available=False)
    reading = ear.hear(text, why=True)
    known = with_lines(version)
    needs = [Heard(known[heard.slug], heard.weight, heard.nearest) for heard in reading.needs if heard.slug in known]
    return Reading(reading.written, needs, reading.domain < OFF_TOPIC_BELOW and not reading.danger, reading.danger)


def heard(meaning: Understanding | None, shown: int = 3) -> list[Besoin]:
    """The needs that a search was understood as, the surest first, with their help lines; not those far less sure than
    the first. To be read only: other requests hold them too. Two queries once for a version of the data."""
    weighed = meaning.needs if meaning else []
    slugs = [slug for slug, weight in weighed if weight >= weighed[0][1] * FAR_LESS_SURE][:shown]
    known = with_lines(meaning.known.version) if slugs else {}
    return [known[slug] for slug in slugs if slug in known]


def chosen(needs: list[Besoin], version: int | None) -> list[Besoin]:
    """Of the needs chosen as filters, those of somebody who is not at work, with their lines; as `heard` gives them."""
    spoken = [need.slug for need in needs if need.voix != Voix.PROFESSIONNEL]
    known = with_lines(version) if spoken else {}
    return [known[slug] for slug in spoken if slug in known]


def with_lines(version: int | None) -> dict[str, Besoin]:
    """Every need with its lines, by code. Two queries, made once for a version of the data."""

    def make() -> dict[str, Besoin]:
        return {need.slug: need for need in Besoin.objects.prefetch_related(lines_shown())}

    return remembered("besoins et leurs lignes", version, make)


def help_lines(needs: list[Besoin]) -> list[LigneAide]:
    """The help lines of needs from `heard` or `chosen`, each once: those of danger first, in the order of who speaks.
    No query.
    """
    urgent_first = sorted(needs, key=lambda need: not need.urgence)
    lines = [line for need in urgent_first for line in in_order(need.lignes.all(), Appelant.de_la_voix(need.voix))]
    return list({line.pk: line for line in lines}.values())


def lines_shown() -> Prefetch:
    """Made for each use: Django writes in it, and threads would share one."""
    return Prefetch("lignes", LigneAide.objects.affichees())
