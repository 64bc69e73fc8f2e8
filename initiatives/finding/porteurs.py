"""The organisations that carry a public fiche: the values of the facet « Qui l'offre »."""

from collections.abc import Iterable

from django.db.models import Func

from initiatives.models import Combinaison, Organisme

from .search.words import plain

Row = tuple[int, str, str]


def carrying():
    """Those organisations, as a queryset."""
    numbers = Combinaison.objects.annotate(organisme=Func("porteurs_ids", function="unnest")).values("organisme")
    return Organisme.objects.filter(pk__in=numbers)


def public_porteurs() -> list[Row]:
    """(id, slug, name) of each, by name. One query."""
    return by_name(carrying().values_list("pk", "slug", "nom"))


def by_name(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (plain(row[2]), row[1]))
