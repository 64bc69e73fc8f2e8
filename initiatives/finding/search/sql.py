"""The SQL of the search: which fiches are found, and in which order."""

import math

from django.db.models import BooleanField, Case, FloatField, Q, Value, When
from django.db.models.expressions import RawSQL

from initiatives.core.querysets import accepte_ages

from .understand import Concept, Preference, Understanding

TABLE = '"initiatives_initiative"'
VECTOR = f'{TABLE}."recherche"'
# The database's own functions (migration 0002, RANKING): they read a fiche's vector once for all queries of a search.
HELD = "public.poids_tenu"  # (vector, queries, weights, said by columns): the weights of the queries that it holds
RANK = "public.rang_du_texte"  # (vector, concepts, queries, weights, rarities, floors, places): the sum of its best
COLUMNS = {"sexe": f'{TABLE}."sexe" = %s', "clientele": f'{TABLE}."clienteles" @> ARRAY[%s::varchar]'}
# How much a word tells where it stands: around (D), text (C), porteur (B), title (A).
WEIGHTS = "'{0.08, 0.3, 0.6, 1.0}'::real[]"
IN_COLUMN = 0.12  # « filles » said by the column and not by the text
TOGETHER = 3.0  # all that was typed, as one phrase
# How much of what was wanted a fiche must hold, by the number of things wanted: one of two, a third of a sentence.
ENOUGH = {1: 0.5, 2: 0.45, 3: 0.42}
ENOUGH_OF_A_SENTENCE = 0.36
ALMOST = 1e-6  # what sums of the same weights may differ by
HALF = 0.5  # what is known must weigh as much as what no fiche holds: « avocat divorce » finds nothing
WORDS_OF_A_SENTENCE = 1.0  # how much the words count beside the needs heard, which add up to 1
LEAST = 0.01  # what a fiche is worth before anything lifts it
MANY = 3  # things wanted: more is a sentence, which no fiche holds whole
# What a fiche must have before anything counts: what was asked for whole, then the place, then its neighbours.
HOLDS_ALL, NEIGHBOUR, REFUSED = 1e6, 20.0, 1e-9
TOO_OLD = 0.2  # for adults alone, where a minor is spoken of but no age is said


def any_of(found: list[str]) -> str:
    return " | ".join(f"({query})" for query in found)


def either(concept: Concept) -> str:
    """The concept as one tsquery: any of its alternatives."""
    return any_of([query for query, _weight in concept.queries])


def boolean(sql: str, params=()) -> RawSQL:
    return RawSQL(sql, params, output_field=BooleanField())


# Not `none()`: the counts and the page are asked for in SQL, and the answer is « nothing », not « do not ask ».
NOTHING = boolean("FALSE")


def matching(queryset, meaning: Understanding):
    """The fiches that `meaning` finds: exclusions never, quoted phrases always, the rest wholly or mostly."""
    if meaning.off_topic:
        return queryset.filter(NOTHING)
    if meaning.needs:
        return queryset.filter(
            Q(found_by_words(meaning)) | Q(besoins__overlap=[slug for slug, _weight in meaning.needs])
        )
    for excluded in meaning.excluded:
        queryset = queryset.exclude(boolean(f"{VECTOR} @@ %s::tsquery", [any_of(excluded)]))
    wanted = [concept for concept in meaning.wanted if either(concept)]
    required = [concept for concept in wanted if concept.required]
    for concept in required:
        queryset = queryset.filter(boolean(*holds(concept)))
    free = [concept for concept in wanted if not concept.required]
    if free:
        return queryset.filter(enough(free, meaning))
    if meaning.unknown:
        return queryset.filter(NOTHING)
    if required:
        return queryset
    for preference in meaning.choosing:
        queryset = queryset.filter(condition(preference))
    return queryset if meaning.choosing or meaning.exclusions else queryset.filter(NOTHING)


def found_by_words(meaning: Understanding) -> RawSQL:
    """Whether the words of a sentence find a fiche by themselves."""
    free = [concept for concept in meaning.wanted if either(concept)]
    return enough(free, meaning) if free else NOTHING


def enough(free: list[Concept], meaning: Understanding) -> RawSQL:
    """Whether a fiche holds enough of what was wanted: all of one thing, one of two, part of a sentence."""
    weights = [math.sqrt(concept.rarity) for concept in free]
    least = needed(weights, meaning)
    if least > sum(weights):
        return NOTHING
    if len(free) == 1:
        return boolean(*holds(free[0]))
    wanted = [either(concept) for concept in free]
    columns, values = said_by_columns(free)
    # What an index finds first; then, of what it found, what holds enough.
    tests = [f"{VECTOR} @@ %s::tsquery", *(COLUMNS[concept.column[0]] for concept in free if concept.column)]
    weight = f"{HELD}({VECTOR}, %s::tsquery[], %s::float8[], {columns})"
    return boolean(
        f"(({' OR '.join(tests)}) AND {weight} >= %s::float8)",
        [any_of(wanted), *values, wanted, weights, *values, least - ALMOST],
    )


def needed(weights: list[float], meaning: Understanding) -> float:
    """How much a fiche must hold of concepts of these weights."""
    total = sum(weights) + math.sqrt(meaning.known.rarity(0)) * len(meaning.unknown)
    share = ENOUGH.get(len(weights) + len(meaning.unknown), ENOUGH_OF_A_SENTENCE)
    return total * (max(share, HALF) if meaning.unknown else share)


def said_by_columns(concepts: list[Concept]) -> tuple[str, list[str]]:
    """An SQL array of booleans: whether a column says what each concept wants."""
    tests = [COLUMNS[concept.column[0]] if concept.column else "FALSE" for concept in concepts]
    return f"ARRAY[{', '.join(tests)}]", [concept.column[1] for concept in concepts if concept.column]


def holds(concept: Concept) -> tuple[str, list]:
    """The SQL test that a fiche holds a concept, in its words or in the column that says the same."""
    test, params = f"{VECTOR} @@ %s::tsquery", [either(concept)]
    if concept.column:
        name, value = concept.column
        test, params = f"({test} OR {COLUMNS[name]})", [*params, value]
    return test, params


def ranked(queryset, meaning: Understanding):
    """The same fiches with `pertinence`: how much of what was wanted, how rare, where, and what was preferred."""
    concepts, found = meaning.concepts, []
    for index, concept in enumerate(concepts, start=1):
        found += [(index, query, weight) for query, weight in concept.queries]
    rarities = [rarity_for_rank(concept) for concept in concepts]
    if len(concepts) > 1:  # and all of it as one phrase
        found += [(len(concepts) + 1, query, TOGETHER) for query in meaning.together]
    columns, values = said_by_columns(concepts)
    rank = Value(1.0, output_field=FloatField())
    if found:
        indexes, texts, weights = (list(part) for part in zip(*found, strict=True))
        floors = f"ARRAY(SELECT CASE WHEN said THEN {IN_COLUMN} ELSE 0 END FROM unnest({columns}) AS said)"
        given = "%s::int[], %s::tsquery[], %s::float8[], %s::float8[]"
        rank = RawSQL(
            f"{RANK}({VECTOR}, {given}, {floors} || 0::float8, {WEIGHTS})",
            [indexes, texts, weights, [*rarities, 1.0], *values],
            output_field=FloatField(),
        )
    if meaning.needs:
        rank = rank * share_of_words(meaning) if found else Value(0.0, output_field=FloatField())
        for slug, weight in meaning.needs:
            answers = When(besoins__contains=[slug], then=Value(weight))
            rank = rank + Case(answers, default=Value(0.0), output_field=FloatField())
        rank = rank + LEAST
    for preference in meaning.preferences:
        rank = rank * lift(preference, meaning)
    whole = holds_all(meaning)
    if whole is not None:
        queryset = queryset.annotate(tout=whole)
        first = Q(whole) & ~Q(*(refuses(other) for other in meaning.preferences if other.kind == "mineurs"))
        rank = rank * Case(When(first, then=Value(HOLDS_ALL)), default=Value(1.0), output_field=FloatField())
    return queryset.annotate(pertinence=rank)


def rarity_for_rank(concept: Concept) -> float:
    return concept.rarity * (0.5 if concept.bonus else 1.0)


def share_of_words(meaning: Understanding) -> float:
    """How much the words of a sentence count beside the needs heard in it."""
    return WORDS_OF_A_SENTENCE / sum(rarity_for_rank(concept) for concept in meaning.concepts)


def lift(preference: Preference, meaning: Understanding) -> Case:
    """How much a preference lifts a fiche; whoever refuses the person goes below all that do not."""
    cases = []
    if preference.kind in ("age", "mineurs", "sexe"):
        cases = [When(refuses(preference), then=Value(lowered(preference)))]
    cases += [When(condition(preference), then=Value(preference.factor))]
    if preference.kind == "region":
        near = meaning.known.neighbours.get(preference.value, [])
        cases += [When(region_id__in=near, then=Value(NEIGHBOUR))]
    return Case(*cases, default=Value(1.0), output_field=FloatField())


def lowered(preference: Preference) -> float:
    """What is left of a fiche that refuses the person."""
    return TOO_OLD if preference.kind == "mineurs" else REFUSED


def holds_all(meaning: Understanding) -> RawSQL | None:
    """Whether a fiche holds each of the two or three things wanted; None where one thing is, or a sentence."""
    wanted = all_wanted(meaning)
    if wanted is None:
        return None
    tests, params = zip(*(holds(concept) for concept in wanted), strict=True)
    return boolean(f"({' AND '.join(tests)})", [value for values in params for value in values])


def all_wanted(meaning: Understanding) -> list[Concept] | None:
    """The two or three things that were wanted; None where one was, or a sentence."""
    wanted = [concept for concept in meaning.wanted if either(concept)]
    return wanted if 2 <= len(wanted) <= MANY and not (meaning.unknown or meaning.needs) else None


def refuses(preference: Preference) -> Q:
    """The fiches that say whom they accept, and do not accept this person."""
    if preference.kind == "sexe":
        return Q(sexe__in=other_sexes(preference))
    return (Q(age_min__isnull=False) | Q(age_max__isnull=False)) & ~accepte_ages(*bounds(preference))


def other_sexes(preference: Preference) -> list[str]:
    return [code for code in ("feminin", "masculin") if code != preference.value]


def bounds(preference: Preference) -> tuple[int, int]:
    """(lowest, highest) of an age that was understood."""
    low, high = preference.value.split("-")
    return int(low), int(high)


def condition(preference: Preference) -> Q:
    """The fiches that have what was understood. Who accepts girls alone comes before who accepts everybody."""
    if preference.kind == "region":
        return Q(region_id=preference.value)
    if preference.kind == "clientele":
        return Q(clienteles__contains=[preference.value])
    if preference.kind in ("stade", "sexe"):
        return Q(**{preference.kind: preference.value})
    return accepte_ages(*bounds(preference))
