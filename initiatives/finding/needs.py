"""What a sentence is understood as, with the needs themselves: for the list, and for editors who try one."""

from dataclasses import dataclass, field

from django.db.models import Prefetch, prefetch_related_objects

from initiatives.core.enums import Appelant, Voix
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
    """What a sentence is understood as, and why. Three queries; more when the data changed."""
    ear = lexicon().ear
    if ear is None:
        return Reading(text, available=False)
    reading = ear.hear(text)
    known = by_slug([heard.slug for heard in reading.needs])
    needs = [Heard(known[heard.slug], heard.weight, heard.nearest) for heard in reading.needs if heard.slug in known]
    return Reading(reading.written, needs, reading.domain < OFF_TOPIC_BELOW and not reading.danger, reading.danger)


def heard(meaning: Understanding | None, shown: int = 3) -> list[Besoin]:
    """The needs that a search was understood as, the surest first, with their help lines; not those far less sure than
    the first. Two queries, or none."""
    weighed = meaning.needs if meaning else []
    slugs = [slug for slug, weight in weighed if weight >= weighed[0][1] * FAR_LESS_SURE][:shown]
    known = by_slug(slugs)
    return [known[slug] for slug in slugs if slug in known]


def chosen(needs: list[Besoin]) -> list[Besoin]:
    """Of the needs chosen as filters, those of somebody who is not at work, with their lines. One query, or none."""
    spoken = [need for need in needs if need.voix != Voix.PROFESSIONNEL]
    prefetch_related_objects(spoken, lines_shown())
    return spoken


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


def by_slug(slugs: list[str]) -> dict[str, Besoin]:
    if not slugs:
        return {}
    return {need.slug: need for need in Besoin.objects.filter(slug__in=slugs).prefetch_related(lines_shown())}
