"""In which order a search puts what it finds, as `search.ranked` ranks it (search/sql.py, which is the reference).

Every sum and product is made in the order in which the database makes it, so that equal fiches are equal here too.
"""

from ..search import sql
from ..search.understand import Preference
from .bits import as_bytes, is_in, numeros_of
from .matching import Search

MOST = 1.001


def pertinence(search: Search, found: int) -> dict[int, float]:
    """How much each fiche found is worth, by number."""
    meaning = search.meaning
    ranks = ranks_of_words(search, found)
    numeros = list(numeros_of(found))
    if meaning.needs:
        ranks = with_needs(search, numeros, ranks)
    elif ranks is None:
        ranks = dict.fromkeys(numeros, 1.0)
    for preference in meaning.preferences:
        lift(search, preference, ranks)
    whole = search.holds_all()
    if whole is not None:
        aged = [other for other in meaning.preferences if other.kind == "mineurs"]
        if aged:
            refused = search.columns.everyone
            for other in aged:
                refused &= search.refuses(other)
            whole &= ~refused
        times(ranks, whole & found, sql.HOLDS_ALL)
    return ranks


def ranks_of_words(search: Search, found: int) -> dict[int, float] | None:
    """What the words alone are worth (rang_du_texte of migration 0002); None where no query says any."""
    meaning, concepts = search.meaning, search.meaning.concepts
    asked = [(concept.queries, concept) for concept in concepts]
    together = [(query, sql.TOGETHER) for query in meaning.together] if len(concepts) > 1 else []
    if not together and not any(queries for queries, _concept in asked):
        return None
    totals = dict.fromkeys(numeros_of(found), 0.0)
    for queries, concept in asked:
        rarity = sql.rarity_for_rank(concept)
        best = best_of(search, found, queries)
        said = search.in_column(concept) & found
        if said:
            for numero in numeros_of(said):
                if best.get(numero, 0.0) < sql.IN_COLUMN:
                    best[numero] = sql.IN_COLUMN
        for numero, rank in best.items():
            totals[numero] += rarity * rank
    for numero, rank in best_of(search, found, together).items():
        totals[numero] += rank
    return totals


def best_of(search: Search, found: int, queries: list[tuple[str, float]]) -> dict[int, float]:
    """The best rank of the queries, by their weight, in each fiche found that holds one."""
    best: dict[int, float] = {}
    held = as_bytes(found)
    for text, weight in sorted(queries, key=lambda asked: -asked[1]):
        query = search.query(text)
        if not query.sign:
            for numero, rank in search.lexemes.ranks(query.word):
                if is_in(held, numero) and weight * rank > best.get(numero, 0.0):
                    best[numero] = weight * rank
            continue
        # Nothing ranks above 1: what could not be the best is not reckoned.
        numeros = [n for n in search.standing(text) if is_in(held, n) and weight * MOST > best.get(n, 0.0)]
        for numero, rank in zip(numeros, search.lexemes.ranks_in(query, numeros), strict=True):
            best[numero] = max(best.get(numero, 0.0), weight * rank)
    return best


def with_needs(search: Search, numeros: list[int], ranks: dict[int, float] | None) -> dict[int, float]:
    """What the needs heard add to the words."""
    worth = dict.fromkeys(numeros, 0.0)
    if ranks is not None:
        share = sql.share_of_words(search.meaning)
        worth = {numero: ranks[numero] * share for numero in numeros}
    for slug, weight in search.meaning.needs:
        held = as_bytes(search.columns.value("besoin", slug))
        for numero in numeros:
            if is_in(held, numero):
                worth[numero] += weight
    for numero in numeros:
        worth[numero] += sql.LEAST
    return worth


def lift(search: Search, preference: Preference, ranks: dict[int, float]) -> None:
    """Multiplies by how much a preference lifts or lowers each fiche (sql.lift)."""
    lifted, left = search.condition(preference), search.columns.everyone
    if preference.kind in ("age", "mineurs", "sexe"):
        refused = search.refuses(preference)
        times(ranks, refused, sql.lowered(preference))
        left &= ~refused
    times(ranks, lifted & left, preference.factor)
    if preference.kind == "region":
        near = 0
        for region in search.meaning.known.neighbours.get(preference.value, []):
            near |= search.columns.value("region", region)
        times(ranks, near & left & ~lifted, sql.NEIGHBOUR)


def times(ranks: dict[int, float], fiches: int, factor: float) -> None:
    for numero in numeros_of(fiches):
        if numero in ranks:
            ranks[numero] *= factor
