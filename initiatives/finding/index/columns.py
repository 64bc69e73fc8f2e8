"""What the columns of the fiches say, as sets: the values of the facets, years, ages, and the orders of the list."""

from dataclasses import dataclass, field

from initiatives.core.enums import BandeAge, Stade

from ..filters import FOR_OTHERS
from .bits import as_bytes, bits_of, is_in, numeros_of

ONE_CODE = ("region", "stade", "lieu", "modalite", "cible")
CODES = {"type": "types", "clientele": "clienteles", "implication": "implications", "besoin": "besoins"}
ACCEPTED = {"tous": ("tous", "feminin", "masculin"), "": ()}
NO_AGE = (None, None, False)


@dataclass
class Columns:
    """`values`: facet → value → fiches; `said`: facet → the fiches that have a value there; `sexes`: the column as it
    is; `ages`: (lowest, highest, every age) → fiches; `orders`: the numbers in the order of a column, then by number.
    """

    everyone: int = 0
    values: dict[str, dict] = field(default_factory=dict)
    said: dict[str, int] = field(default_factory=dict)
    sexes: dict[str, int] = field(default_factory=dict)
    ages: dict[tuple, int] = field(default_factory=dict)
    years: dict[int, int] = field(default_factory=dict)
    for_others: int = 0  # what is not for the person herself: a tool, a training
    orders: dict[str, list[int]] = field(default_factory=dict)

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
        found = 0
        for ages, bits in self.ages.items():
            if test(*ages):
                found |= bits
        return found

    def of_years(self, first: int | None, last: int | None) -> int:
        """The fiches created between two years; every fiche where neither is given."""
        if first is None and last is None:
            return self.everyone
        found = 0
        for year, bits in self.years.items():
            if (first is None or year >= first) and (last is None or year <= last):
                found |= bits
        return found

    def value(self, facet: str, value) -> int:
        """The fiches that have a value of a facet; none for one that no fiche has."""
        return self.values[facet].get(value, 0)

    def takes_directly(self, clienteles: list[str]) -> int:
        """The fiches that take a person today (filters.takes_directly)."""
        found = 0
        for code in clienteles:
            found |= self.value("clientele", code)
        return found & self.value("stade", Stade.EN_APPLICATION.value) & ~self.for_others

    def in_order(self, name: str, bits: int, start: int, stop: int) -> list[int]:
        """The fiches of a set from one place to another in the order of a column, or of their numbers."""
        found = []
        if name not in self.orders:
            numeros = numeros_of(bits)
        else:
            held = as_bytes(bits)
            numeros = (numero for numero in self.orders[name] if is_in(held, numero))
        for place, numero in enumerate(numeros):
            if place >= stop:
                break
            if place >= start:
                found.append(numero)
        return found


def read_columns(rows: list[dict]) -> Columns:
    """From rows of `reading.COLUMNS`, by number. No query."""
    found: dict[str, dict[object, list[int]]] = {name: {} for name in (*ONE_CODE, *CODES, "sexe", "age", "porteur")}
    exact, ages, years, others = {}, {}, {}, []
    for row in rows:
        numero = row["numero"]
        for name, values in values_of(row).items():
            for value in values:
                found[name].setdefault(value, []).append(numero)
        exact.setdefault(row["sexe"], []).append(numero)
        ages.setdefault((row["age_min"], row["age_max"], row["tous_ages"]), []).append(numero)
        if row["annee"] is not None:
            years.setdefault(row["annee"], []).append(numero)
        if row["types"] and set(row["types"]) <= set(FOR_OTHERS):
            others.append(numero)
    columns = Columns(
        everyone=bits_of(row["numero"] for row in rows),
        values={name: sets(values) for name, values in found.items()},
        sexes=sets(exact),
        ages=sets(ages),
        years=sets(years),
        for_others=bits_of(others),
    )
    for band in BandeAge:
        columns.values["age"][band.value] = columns.of_ages(*band.bornes)
    for name, values in columns.values.items():
        columns.said[name] = 0
        for bits in values.values():
            columns.said[name] |= bits
    columns.orders = {
        "titre": [row["numero"] for row in sorted(rows, key=lambda row: row["place_titre"])],
        "annee": [row["numero"] for row in sorted(rows, key=newest_first)],
        "region": [row["numero"] for row in sorted(rows, key=lambda row: (row["ordre"], row["numero"]))],
    }
    return columns


def newest_first(row: dict) -> tuple:
    """The order of the years, unknown last."""
    return row["annee"] is None, -(row["annee"] or 0), row["numero"]


def sets(values: dict[object, list[int]]) -> dict:
    return {value: bits_of(numeros) for value, numeros in values.items()}


def values_of(row: dict) -> dict[str, tuple | list]:
    """The values of each facet that a fiche has, as facets.VALUES counts them; ages apart."""
    sexe = row["sexe"]
    return {
        **{name: [row[name]] if row[name] else [] for name in ONE_CODE},
        **{name: row[column] for name, column in CODES.items()},
        "sexe": ACCEPTED.get(sexe, (sexe,)),
        "porteur": row["porteurs_ids"],
    }
