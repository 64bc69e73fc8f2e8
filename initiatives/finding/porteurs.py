"""The organisations that carry a public fiche: the values of the facet « Qui l'offre »."""

from collections.abc import Iterable

from django.db.models import Func

from initiatives.models import Combinaison, Organisme

from .search.words import plain, split_words

Row = tuple[int, str, str]
NAME = "nom"  # the parameter of a name that is typed


def carrying():
    """Those organisations, as a queryset."""
    numbers = Combinaison.objects.annotate(organisme=Func("porteurs_ids", function="unnest")).values("organisme")
    return Organisme.objects.filter(pk__in=numbers)


def public_porteurs() -> list[Row]:
    """(id, slug, name) of each, by name. One query."""
    return by_name(carrying().values_list("pk", "slug", "nom"))


def by_name(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (plain(row[2]), row[1]))


def names() -> dict[str, str]:
    """Slug → the words of every name of each, as `named` reads them. One query."""
    return {row.slug: plain(" ".join([row.nom, row.sigle, row.nom_court, *row.variantes])) for row in carrying()}


def named(typed: str, known: dict[str, str]) -> set[str]:
    """The slugs of those whose names hold every word that was typed, or its beginning or end."""
    words = [plain(word) for word in split_words(typed)]
    return {slug for slug, name in known.items() if all(word in name for word in words)}


def moved(slugs: Iterable[str]) -> dict[str, str]:
    """Of those that were merged into a public organisation, its slug. One query."""
    public = Organisme.objects.publics().values("pk")
    rows = Organisme.objects.filter(slug__in=[slug for slug in slugs if "\0" not in slug], fusionne_dans__in=public)
    return dict(rows.values_list("slug", "fusionne_dans__slug"))
