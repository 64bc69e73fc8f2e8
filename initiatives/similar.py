"""Fiches that look alike: title, porteur and region compared by their letters (pg_trgm)."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, F, FloatField, Value, When

from .models import Initiative


def closest(titre: str, porteur: str, region: str, n: int = 5, but: int | None = None) -> list[Initiative]:
    """The fiches of any status closest to these words, each with a `score` from 0 to 1. One query."""
    same_region = Case(When(region=region, then=Value(0.15)), default=Value(0.0), output_field=FloatField())
    rows = Initiative.objects.exclude(pk=but).annotate(
        score=TrigramSimilarity("titre", titre) * 0.6
        + TrigramSimilarity("porteur_mention", porteur) * 0.25
        + same_region
    )
    return list(rows.order_by(F("score").desc(), "numero")[:n])
