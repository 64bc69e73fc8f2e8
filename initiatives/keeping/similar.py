"""Fiches that look alike: title, porteur and region compared by their letters (pg_trgm)."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Case, F, FloatField, Q, Value, When

from initiatives.core.slugs import plain_slug
from initiatives.models import Initiative

# Measured on the report: titles alone make eleven pairs, four organisations' « Travail de rue » among them; with the
# region and the porteur, two, of which one is a family and the other a programme for girls beside the same for boys.
TITLE, PORTEUR = 0.75, 0.5
PAIRS = """
SELECT a.numero, b.numero
FROM initiatives_initiative a
JOIN initiatives_initiative b ON a.titre_tri %% b.titre_tri AND a.numero < b.numero AND a.region_id = b.region_id
WHERE a.statut IN ('publiee', 'brouillon') AND b.statut IN ('publiee', 'brouillon')
  AND (a.famille = '' OR a.famille <> b.famille)
  AND (similarity(a.porteur_mention, b.porteur_mention) >= %s OR a.porteurs_ids && b.porteurs_ids)
  -- Two parts of one programme, for girls and for boys, for the younger and the older: nobody is taken by both.
  AND NOT (a.sexe <> b.sexe AND a.sexe IN ('feminin', 'masculin') AND b.sexe IN ('feminin', 'masculin'))
  AND NOT coalesce(a.age_max < b.age_min OR b.age_max < a.age_min, false)
  AND NOT EXISTS (SELECT 1 FROM initiatives_paireecartee p WHERE p.premiere_id = a.numero AND p.seconde_id = b.numero)
ORDER BY a.numero, b.numero
LIMIT 100
"""


@transaction.atomic
def likely_pairs(within: int | None = None) -> list[tuple[int, int]]:
    """The numbers of fiches that may be the same, smaller first, those set aside left out. Two queries, three `within`
    so many milliseconds, after which it raises OperationalError: a thousand titles that look alike are all compared.
    """
    with connection.cursor() as cursor:
        if within:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(within)])
        cursor.execute(f"SET LOCAL pg_trgm.similarity_threshold = {TITLE}")
        cursor.execute(PAIRS, [PORTEUR])
        return cursor.fetchall()


def twins(titre: str, porteur: str, region: str) -> list[Initiative]:
    """The fiches that a new one may repeat: almost its title, and its porteur or its region. One query."""
    rows = Initiative.objects.annotate(
        par_titre=TrigramSimilarity("titre", titre), par_porteur=TrigramSimilarity("porteur_mention", porteur)
    )
    rows = rows.filter(Q(par_porteur__gte=PORTEUR) | Q(region=region), par_titre__gte=TITLE)
    return list(rows.order_by("-par_titre", "numero")[:5])


def closest(titre: str, porteur: str, region: str, n: int = 5, but: int | None = None) -> list[Initiative]:
    """The fiches of any status closest to these words, each with a `score` from 0 to 1. One query."""
    same_region = Case(When(region=region, then=Value(0.15)), default=Value(0.0), output_field=FloatField())
    rows = Initiative.objects.exclude(pk=but).annotate(
        score=TrigramSimilarity("titre", titre) * 0.6
        + TrigramSimilarity("porteur_mention", porteur) * 0.25
        + same_region
    )
    return list(rows.order_by(F("score").desc(), "numero")[:n])


def by_title(words: str, n: int = 20) -> list[Initiative]:
    """The fiches of any status whose title holds every word, or its beginning or end, accents and capitals aside; the
    closest ones where there are none. Two queries at most.
    """
    rows = Initiative.objects.order_by("numero")
    for word in filter(None, plain_slug(words, 300).split("-")):
        rows = rows.filter(titre_tri__contains=word)
    return list(rows[:n]) or closest(words, "", "")
