"""Figures of the public fiches by region, and what a region lacks that others have."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from initiatives.core import enums
from initiatives.models import Combinaison, Initiative

# The facets that figures speak of, with the closed list of each.
FACETS = {
    "stade": enums.Stade,
    "type": enums.Type,
    "clientele": enums.Clientele,
    "modalite": enums.Modalite,
    "age": enums.BandeAge,
}
# What may be missing somewhere: neither a stade nor an age is a service, « autre » is no kind of help.
SERVICES = {"type": (), "clientele": (), "modalite": ("autre", "sans-objet")}
COLUMNS = ["stade", "types", "clienteles", "modalite", "age_min", "age_max", "tous_ages"]


@dataclass(frozen=True)
class Figure:
    """How many fiches have a value of a facet; `nombre` is what the list holds when that value is chosen."""

    facette: str
    valeur: str
    libelle: str
    nombre: int


@dataclass(frozen=True)
class Lack:
    """A service that a region's fiches do not offer, and the neighbours whose fiches do: (region, number)."""

    facette: str
    valeur: str
    libelle: str
    ailleurs: int
    voisines: list[tuple[enums.Regions, int]]


def values(stade, types, clienteles, modalite, age_min, age_max, tous_ages) -> dict[str, list[str]]:
    """The values that a fiche has in each facet of the figures."""
    lowest, highest = (age_min or 0, enums.AGE_MAX if age_max is None else age_max)
    has_range = tous_ages or age_min is not None or age_max is not None
    bands = [
        band.value for band in enums.BandeAge if has_range and lowest <= band.bornes[1] and highest >= band.bornes[0]
    ]
    modalites = [modalite] if modalite else []
    return {"stade": [stade], "type": types, "clientele": clienteles, "modalite": modalites, "age": bands}


def by_region() -> dict[str, dict[str, Counter]]:
    """Region → facet → value → number of public fiches; `total` too. One query, on the few combinations that exist."""
    found = defaultdict(lambda: defaultdict(Counter))
    for region, number, *columns in Combinaison.objects.values_list("region_id", "nombre", *COLUMNS):
        found[region]["total"][""] += number
        for facet, codes in values(*columns).items():
            for code in codes:
                found[region][facet][code] += number
    return found


def of_fiches(fiches: Iterable[Initiative]) -> dict[str, Counter]:
    """Facet → value → number among these fiches. No query."""
    found = defaultdict(Counter)
    for row in fiches:
        for facet, codes in values(*(getattr(row, column) for column in COLUMNS)).items():
            found[facet].update(codes)
    return found


def figures(counts: dict[str, Counter], facets: Iterable[str] = FACETS) -> list[tuple[str, list[Figure]]]:
    """The values present, facet by facet, in the order of the closed lists."""
    rows = []
    for facet in facets:
        present = [
            Figure(facet, code, str(label), counts[facet][code])
            for code, label in FACETS[facet].choices
            if counts[facet][code]
        ]
        rows.append((facet, present))
    return rows


def lacks(found: dict[str, dict[str, Counter]], region: str, neighbours: Iterable[str]) -> list[Lack]:
    """What no public fiche of the region offers though fiches elsewhere do, the most offered elsewhere first."""
    rows, neighbours = [], list(neighbours)
    for facet, left_out in SERVICES.items():
        for code, label in FACETS[facet].choices:
            elsewhere = sum(counts[facet][code] for counts in found.values())
            if code in left_out or not elsewhere or found[region][facet][code]:
                continue
            near = [(enums.Regions(name), found[name][facet][code]) for name in neighbours]
            rows.append(Lack(facet, code, str(label), elsewhere, [(name, n) for name, n in near if n]))
    return sorted(rows, key=lambda lack: -lack.ailleurs)
