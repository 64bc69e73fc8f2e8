"""The organisations that carry a public fiche: the values of the facet « Qui l'offre »."""

from django.db.models import Func

from initiatives.models import Combinaison, Organisme

from .search.words import plain


def public_porteurs() -> list[tuple[int, str, str]]:
    """(id, slug, name) of every organisation that carries a public fiche, by name. One query."""
    carrying = Combinaison.objects.annotate(organisme=Func("porteurs_ids", function="unnest")).values("organisme")
    rows = Organisme.objects.filter(pk__in=carrying).values_list("pk", "slug", "nom")
    return sorted(rows, key=lambda row: (plain(row[2]), row[1]))
