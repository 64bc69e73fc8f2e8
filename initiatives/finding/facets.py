"""The counts beside every value, each facet left out of its own: from the index in the process, or from one SQL
statement whatever the number of facets."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from heapq import nsmallest

from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, F
from django.utils.translation import get_language

from initiatives.core.enums import BandeAge
from initiatives.core.written import Written
from initiatives.models import Besoin, Combinaison

from .filters import InitiativeFilter
from .index import Found, found
from .porteurs import Row, public_porteurs

# The values of each facet that a row has, as an SQL array. A row with none is counted as « non précisé ».
BANDS = ", ".join(
    f"CASE WHEN tous_ages OR ((age_min IS NOT NULL OR age_max IS NOT NULL) AND COALESCE(age_min, 0) <= {highest}"
    f" AND COALESCE(age_max, {highest}) >= {lowest}) THEN '{code}' END"
    for code, (lowest, highest) in ((band.value, band.bornes) for band in BandeAge)
)
VALUES = {
    "besoin": "besoins",
    "region": "ARRAY[region_id]",
    "type": "types",
    "clientele": "clienteles",
    "stade": "ARRAY[stade]",
    "implication": "implications",
    "lieu": "array_remove(ARRAY[lieu], '')",
    "modalite": "array_remove(ARRAY[modalite], '')",
    "cible": "array_remove(ARRAY[cible], '')",
    "sexe": "CASE sexe WHEN 'tous' THEN ARRAY['tous', 'feminin', 'masculin'] WHEN '' THEN '{}' ELSE ARRAY[sexe] END",
    "age": f"array_remove(ARRAY[{BANDS}], NULL)",
    "porteur": "porteurs_ids::text[]",
    "pour-qui": "pour_qui",
    "strategie": "strategies",
    "strategie-principale": "array_remove(ARRAY[strategie], '')",
    "mention": "mentions",
    "rubrique": "rubriques",
}
NEEDS = Written(Besoin.objects.all)
COLUMNS = [field.attname for field in Combinaison._meta.concrete_fields if field.name not in ("empreinte", "nombre")]


@dataclass
class FacetValue:
    """One value: what the list would hold if it were the only one chosen in its facet."""

    valeur: str
    libelle: str
    nombre: int
    choisie: bool


@dataclass
class FacetCounts:
    """What a filtered list holds. `non_precise`: the fiches that have nothing in a facet's field; `besoins`: the needs,
    in the order of their values, to be read only: other requests hold them too; `porteurs_tus`: how many organisations
    carry a fiche of the list and are not among its values.
    """

    total: int = 0
    facettes: dict[str, list[FacetValue]] = field(default_factory=dict)
    non_precise: dict[str, int] = field(default_factory=dict)
    besoins: list[Besoin] = field(default_factory=list)
    porteurs_tus: int = 0


def statement(filterset: InitiativeFilter, names: Iterable[str] = VALUES) -> tuple[str, tuple]:
    """The SQL that counts everything, these facets alone, and its parameters.

    The facets alone are counted on the combinations that exist, a few hundred rows; with a search or a year, on the
    fiches themselves.
    """
    conditions = filterset.conditions()
    flags = {flag(name): ExpressionWrapper(q, BooleanField()) for name, q in conditions.items()}
    if filterset.narrows_by_facets_alone():
        rows = Combinaison.objects.annotate(n=F("nombre"), **flags)
    else:
        # Grouped first: what is unpacked for each facet is a few hundred combinations, not every fiche found.
        rows = filterset.base().order_by().annotate(**flags).values(*COLUMNS, *flags).annotate(n=Count("pk"))
    sql, params = rows.values_list("n", *COLUMNS, *flags).query.sql_with_params()
    parts = [f"SELECT 'total' AS facet, NULL AS valeur, coalesce(sum(n), 0) FROM base {where(conditions)}"]
    for name in names:
        tests = where(other for other in conditions if other != name)
        # Grouped again: combinations have many facets, and few values of each.
        same = f"SELECT {VALUES[name]} AS valeurs, sum(n) AS n FROM base {tests} GROUP BY 1"
        parts.append(
            f"SELECT '{name}', valeur, sum(n) FROM ({same}) AS memes"
            " LEFT JOIN LATERAL unnest(valeurs) AS valeur ON true GROUP BY valeur"
        )
    columns = ", ".join(["n", *COLUMNS, *flags])
    # What the table holds as it is need not be copied first.
    copied = "MATERIALIZED" if flags or not filterset.narrows_by_facets_alone() else "NOT MATERIALIZED"
    return f"WITH base ({columns}) AS {copied} ({sql}) " + " UNION ALL ".join(parts), params


def where(names) -> str:
    tests = " AND ".join(map(flag, names))
    return f"WHERE {tests}" if tests else ""


def flag(name: str) -> str:
    """The column that says whether a row has what is chosen in a facet."""
    return f"ok_{name.replace('-', '_')}"


def count_facets(filterset: InitiativeFilter, porteurs: int | None = None, few: Collection[str] = ()) -> FacetCounts:
    """Counts of a valid filterset. `porteurs`: how many of them at most, those of most fiches, and those chosen; all,
    by name, where None. `few`: these facets alone, for which no index is made. No query where the index in the process
    answers; else three, or two without any porteur.
    """
    answer = found(filterset, make=not few)
    names = few or [name for name in VALUES if name != "porteur" or porteurs != 0]
    result, counts = from_index(answer, names) if answer else from_database(filterset, names)
    for name in filterset.facets():
        if name not in names:
            continue
        if name == "porteur":
            known = answer.index.porteurs if answer else public_porteurs()
            shown = known if porteurs is None else foremost(known, counts[name], porteurs)
            values = result.facettes[name] = porteur_values(filterset, counts[name], shown)
            result.porteurs_tus = len(counts[name]) - sum(1 for value in values if value.nombre)
        else:
            result.facettes[name] = facet_values(filterset, name, counts[name], result.besoins)
    return result


def from_index(answer: Found, names: Iterable[str]) -> tuple[FacetCounts, dict[str, dict]]:
    """The counts without their values' names, and facet → value → fiches."""
    result, counts = FacetCounts(answer.total, besoins=answer.index.besoins), {}
    for name in names:
        counts[name], nothing = answer.counts(name)
        if nothing:
            result.non_precise[name] = nothing
    return result, counts


def from_database(filterset: InitiativeFilter, names: Iterable[str]) -> tuple[FacetCounts, dict[str, dict]]:
    """The same. Two queries."""
    sql, params = statement(filterset, names)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    result, counts = FacetCounts(besoins=NEEDS.rows()), {name: {} for name in names}
    for name, value, number in rows:
        if name == "total":
            result.total = int(number)
        elif value is None:
            result.non_precise[name] = int(number)
        else:
            counts[name][int(value) if name == "porteur" else value] = int(number)
    return result, counts


def foremost(known: list[Row], counts: dict[int, int], number: int) -> list[Row]:
    """The organisations of most fiches, the first by name among equals; none that has no fiche of the list."""
    return nsmallest(number, (row for row in known if row[0] in counts), key=lambda row: -counts[row[0]])


def porteur_values(filterset: InitiativeFilter, counts: dict[int, int], known: list[Row]) -> list[FacetValue]:
    """These organisations, and those chosen: one that carries no fiche may be asked for."""
    chosen = {row.slug: row for row in filterset.form.cleaned_data["porteur"]}
    values = [FacetValue(slug, nom, counts.get(pk, 0), slug in chosen) for pk, slug, nom in known]
    others = [row for row in chosen.values() if row.slug not in {slug for _pk, slug, _nom in known}]
    return values + [FacetValue(row.slug, row.nom, counts.get(row.pk, 0), True) for row in others]


def facet_values(
    filterset: InitiativeFilter, name: str, counts: dict[str, int], needs: list[Besoin]
) -> list[FacetValue]:
    """Every value of a closed list, and every need, at 0 too."""
    chosen, language = filterset.data.getlist(name), get_language()
    named = [(need.slug, need.named(language)) for need in needs] if name == "besoin" else closed_list(name, language)
    return [FacetValue(code, label, counts.get(code, 0), code in chosen) for code, label in named]


@cache
def closed_list(name: str, language: str) -> list[tuple[str, str]]:
    """The codes of a facet, each with its label in the language that is active."""
    choices = BandeAge.choices if name == "age" else InitiativeFilter.facets()[name].enum.choices
    return [(code, str(label)) for code, label in choices]
