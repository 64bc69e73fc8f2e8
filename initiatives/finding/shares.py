"""How what a search finds is shared: what holds all that was asked for and what holds a part, here and elsewhere."""

from dataclasses import dataclass, field

from django.db.models import BooleanField, Case, Count, Q, Value, When

from initiatives.core.enums import Regions, Sexe

from .filters import InitiativeFilter
from .index import found as found_in_index
from .search.understand import Understanding

SHOWN = 3  # other regions
# The fiches that speak of nobody of an age, of nobody of a sex.
SAY_NOTHING = {
    "age": Q(age_min=None, age_max=None, tous_ages=False),
    "sexe": Q(sexe__in=["", Sexe.SANS_OBJET]),
}


@dataclass
class Shares:
    """`entieres`: the fiches that hold everything, `autres` those that hold a part, both None where one thing was
    asked for; `directes`: what they hold is that they take the person directly. `absente`: the region named where
    nothing answers, with the nearest that do."""

    entieres: int | None = None
    autres: int | None = None
    directes: bool = False
    absente: str = ""
    proches: list[tuple[str, str, int]] = field(default_factory=list)  # (code, name, fiches)


def answers_needs(meaning: Understanding):
    """Whether a fiche answers a need that a sentence was understood as; any fiche where the words alone were read."""
    if not meaning.needs:
        return Value(True, BooleanField())
    slugs = [slug for slug, _weight in meaning.needs[:1]]
    return Case(When(besoins__overlap=slugs, then=True), default=False, output_field=BooleanField())


def silent(filterset: InitiativeFilter, total: int) -> int:
    """How many fiches answer the needs chosen and say nothing of the age or the sex asked for: groups of parents,
    training. `total`: how many the list holds. One query where a need is chosen with an age or a sex and the index in
    the process does not answer; none otherwise.
    """
    conditions = filterset.conditions()
    asked = SAY_NOTHING.keys() & conditions.keys()
    if "besoin" not in conditions or not asked:
        return 0
    if answer := found_in_index(filterset):
        return answer.silent(asked) - total
    rows = filterset.base()
    for name, condition in conditions.items():
        rows = rows.filter(condition | SAY_NOTHING[name] if name in asked else condition)
    return rows.count() - total


def steps(neighbours: dict[str, list[str]], start: str) -> dict[str, int]:
    """How many borders there are between a region and each that can be reached from it."""
    far, reached = {start: 0}, [start]
    for code in reached:
        new = [other for other in neighbours.get(code, []) if other not in far]
        far |= dict.fromkeys(new, far[code] + 1)
        reached += new
    return far


def shares(filterset: InitiativeFilter) -> Shares:
    """How the list is shared. One query when two things were asked for or a place named and the index in the process
    does not answer, none otherwise."""
    meaning, found = filterset.understanding, Shares()
    place = next((other.value for other in meaning.preferences if other.kind == "region"), "") if meaning else ""
    two, by_region, others = shared(filterset, place)
    if (not two and not place) or (meaning and meaning.off_topic):
        return found
    found.directes = bool(filterset.person_wanted)
    if two:
        found.entieres, found.autres = sum(by_region.values()), others
    if place and place not in by_region and not filterset.data.get("region"):
        found.absente = str(Regions(place).label)
        far = steps(meaning.known.neighbours, place)
        order = sorted(by_region, key=lambda code: (far.get(code, len(Regions)), -by_region[code], code))[:SHOWN]
        found.proches = [(code, str(Regions(code).label), by_region[code]) for code in order]
    return found


def shared(filterset: InitiativeFilter, place: str) -> tuple[bool, dict[str, int], int]:
    """Whether two things were asked for; the fiches that hold all of it, or answer the need where a place alone was
    named, by region; how many others there are. One query or none."""
    if answer := found_in_index(filterset):
        needs = filterset.understanding.needs[:1] if filterset.understanding else []
        two = answer.tout is not None
        whole = answer.tout if two else answer.answering([slug for slug, _weight in needs])
        return two, answer.by_region(whole), (answer.fiches & ~whole).bit_count()
    queryset = filterset.qs.order_by()
    two = "tout" in queryset.query.annotations
    if (not two and not place) or (filterset.understanding and filterset.understanding.off_topic):
        return two, {}, 0
    answers = queryset.query.annotations["tout"] if two else answers_needs(filterset.understanding)
    rows = queryset.annotate(repond=answers).values("repond", "region_id").annotate(nombre=Count("pk"))
    by_region = {"": 0}
    for row in rows:
        region = row["region_id"] if row["repond"] else ""
        by_region[region] = by_region.get(region, 0) + row["nombre"]
    others = by_region.pop("")
    return two, by_region, others
