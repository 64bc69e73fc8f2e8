"""What the columns of the fiches say, as sets: the values of the facets, years, ages, and the orders of the list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from initiatives.core.enums import MAJORITE, BandeAge, Modalite, Stade
from initiatives.core.querysets import SOURCE_DU_RAPPORT

from ..filters import CLOSED_PLACES, FOR_OTHERS
from .bits import as_bytes, bits_of, is_in, numeros_of

# Facet → the column of a row that holds its one code, or its codes.
ONE_CODE = {name: name for name in ("region", "stade", "lieu", "modalite", "cible")}
ONE_CODE["strategie-principale"] = "strategie"
CODES = {"type": "types", "clientele": "clienteles", "implication": "implications", "besoin": "besoins"}
CODES |= {"pour-qui": "pour_qui", "strategie": "strategies", "mention": "mentions", "rubrique": "rubriques"}
FACETS = (*ONE_CODE, *CODES, "sexe", "age", "porteur")
ACCEPTED = {"tous": ("tous", "feminin", "masculin"), "": ()}

Sets = dict[object, int]


@dataclass
class Columns:
    """`values`: facet → value → fiches; `said`: facet → the fiches that have a value there; `sexes`, `familles`: the
    columns as they are; `ages`: (lowest, highest, every age) → fiches; `titles`: the numbers by title; `regions`: those
    of the same order together, in their order.
    """

    everyone: int = 0
    values: dict[str, Sets] = field(default_factory=lambda: {name: {} for name in FACETS})
    said: dict[str, int] = field(default_factory=dict)
    sexes: Sets = field(default_factory=dict)
    familles: Sets = field(default_factory=dict)
    ages: Sets = field(default_factory=dict)
    years: Sets = field(default_factory=dict)
    for_others: int = 0  # what is not for the person herself: a tool, a training
    of_report: int = 0  # what the report describes
    titles: list[int] = field(default_factory=list)
    regions: list[list[str]] = field(default_factory=list)

    def of_ages(self, lowest: int, highest: int) -> int:
        """The fiches that accept somebody between two ages (core/querysets.accepte_ages)."""
        return self.having_ages(
            lambda low, high, everybody: (
                everybody
                or (
                    (low is not None or high is not None)
                    and (low is None or low <= highest)
                    and (high is None or high >= lowest)
                )
            )
        )

    def of_some_age(self) -> int:
        """The fiches that give an age, whatever it is."""
        return self.having_ages(lambda low, high, everybody: low is not None or high is not None)

    def having_ages(self, test) -> int:
        return union(bits for ages, bits in self.ages.items() if test(*ages))

    def of_years(self, first: int | None, last: int | None) -> int:
        """The fiches created between two years; every fiche where neither is given."""
        if first is None and last is None:
            return self.everyone
        return union(
            bits
            for year, bits in self.years.items()
            if (first is None or year >= first) and (last is None or year <= last)
        )

    def of_no_year(self) -> int:
        return self.everyone & ~union(self.years.values())

    def value(self, facet: str, value) -> int:
        """The fiches that have a value of a facet; none for one that no fiche has."""
        return self.values[facet].get(value, 0)

    def takes_directly(self, clienteles: list[str], any_age: bool = False) -> int:
        """The fiches that take a person today (filters.takes_directly)."""
        found = union(self.value("clientele", code) for code in clienteles)
        closed = union(self.value("lieu", place.value) for place in CLOSED_PLACES)
        elsewhere = closed & self.value("modalite", Modalite.ATELIERS.value)
        takes = found & self.value("stade", Stade.EN_APPLICATION.value) & ~self.for_others & ~elsewhere
        return takes if any_age else takes & self.having_ages(lambda low, *_others: low is None or low < MAJORITE)

    def in_order(self, name: str, bits: int, start: int, stop: int) -> list[int]:
        """The fiches of a set from one place to another in the order of a column, or of their numbers."""
        found = []
        for place, numero in enumerate(self.ordered(name, bits)):
            if place >= stop:
                break
            if place >= start:
                found.append(numero)
        return found

    def ordered(self, name: str, bits: int) -> Iterator[int]:
        if name == "titre":
            held = as_bytes(bits)
            yield from (numero for numero in self.titles if is_in(held, numero))
            return
        for group in self.groups(name):
            yield from numeros_of(group & bits)

    def groups(self, name: str) -> Iterator[int]:
        """The sets of the fiches that a column puts together, in its order."""
        if name == "annee":
            yield from (self.years[year] for year in sorted(self.years, reverse=True))
            yield self.of_no_year()  # unknown last
        elif name == "region":
            yield from (union(self.value("region", code) for code in codes) for codes in self.regions)
        else:
            yield self.everyone

    def changed(self, gone: int, rows: list[dict]) -> "Columns":
        """The same without some fiches, and with those of these rows (reading.ROW), none of which is left of before."""
        kept, fresh = self.everyone & ~gone, read_rows(rows)
        values = {name: merged(self.values[name], kept, fresh.values[name]) for name in FACETS}
        made = Columns(
            kept | fresh.everyone,
            values,
            sexes=merged(self.sexes, kept, fresh.sexes),
            familles=merged(self.familles, kept, fresh.familles),
            ages=merged(self.ages, kept, fresh.ages),
            years=merged(self.years, kept, fresh.years),
            for_others=self.for_others & kept | fresh.for_others,
            of_report=self.of_report & kept | fresh.of_report,
        )
        values["age"] = {band.value: made.of_ages(*band.bornes) for band in BandeAge}
        made.said = {name: union(sets.values()) for name, sets in values.items()}
        return made


def union(sets: Iterable[int]) -> int:
    found = 0
    for bits in sets:
        found |= bits
    return found


def merged(known: Sets, kept: int, fresh: Sets) -> Sets:
    """What is kept of the sets before, with the new ones; those that nothing is left of are left out."""
    found = {value: bits & kept | fresh.get(value, 0) for value, bits in known.items()}
    return {value: bits for value, bits in (fresh | found).items() if bits}


def read_rows(rows: list[dict]) -> Columns:
    """What these rows say alone, ages as bands left out. No query."""
    columns, found = Columns(), {name: {} for name in FACETS}
    sexes, familles, ages, years, others = {}, {}, {}, {}, []
    for row in rows:
        numero = row["numero"]
        for name, values in values_of(row).items():
            for value in values:
                found[name].setdefault(value, []).append(numero)
        sexes.setdefault(row["sexe"], []).append(numero)
        familles.setdefault(row["famille"], []).append(numero)
        ages.setdefault((row["age_min"], row["age_max"], row["tous_ages"]), []).append(numero)
        if row["annee"] is not None:
            years.setdefault(row["annee"], []).append(numero)
        if row["types"] and set(row["types"]) <= set(FOR_OTHERS):
            others.append(numero)
    columns.everyone, columns.for_others = bits_of(row["numero"] for row in rows), bits_of(others)
    columns.of_report = bits_of(row["numero"] for row in rows if row["source"] == SOURCE_DU_RAPPORT)
    columns.values = {name: sets_of(values) for name, values in found.items()}
    columns.sexes, columns.familles = sets_of(sexes), sets_of(familles)
    columns.ages, columns.years = sets_of(ages), sets_of(years)
    return columns


def sets_of(values: dict[object, list[int]]) -> Sets:
    return {value: bits_of(numeros) for value, numeros in values.items()}


def values_of(row: dict) -> dict[str, tuple | list]:
    """The values of each facet that a fiche has, as facets.VALUES counts them; ages apart."""
    sexe = row["sexe"]
    return {
        **{name: [row[column]] if row[column] else [] for name, column in ONE_CODE.items()},
        **{name: row[column] for name, column in CODES.items()},
        "sexe": ACCEPTED.get(sexe, (sexe,)),
        "porteur": row["porteurs_ids"],
    }
