"""Porteurs as HSDS's organizations."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import get_language, gettext

from initiatives.core.addresses import absolute
from initiatives.core.enums import Categorie, Regions
from initiatives.models import Organisme
from initiatives.publishing.reaching import as_contacts
from initiatives.publishing.words import label

from ..identifiers import identifier
from .attributes import of_terms
from .contacts import reached
from .places import OF_ORGANISATIONS
from .taxonomies import Vocabulary, taxonomies


def id_of(slug: str) -> str:
    return identifier("organization", slug)


def basic(row: Organisme) -> dict:
    """An organisation in its own fields. HSDS wants a description: its kind and its region, in words."""
    where = Regions(row.region_id).label if row.region_id else gettext("tout le Québec")
    found = {
        "id": id_of(row.slug),
        "name": row.nom,
        "description": f"{label(Categorie, row.categorie, get_language())}, {where}.",
        "uri": absolute(reverse("organisme", args=[row.slug])),
    }
    other = row.sigle or row.nom_court
    return found | ({"alternate_name": other} if other else {})


def listed(row: Organisme, public: Iterable[int]) -> dict:
    """The same with the organisation that it is part of, where that one is `public`, and how it is reached first. For
    what was fetched with `joignables()`."""
    found = basic(row)
    if row.fait_partie_de_id in public:
        found["parent_organization_id"] = id_of(row.fait_partie_de.slug)
    ways = reached("organization", found["id"], as_contacts(row.contacts_publics))
    return found | {name: value for name, value in ways.items() if isinstance(value, str)}


def full(row: Organisme, public: Iterable[int], services: list[dict], vocabulary: Vocabulary) -> dict:
    """An organisation with all that is linked to it: `services`, as each caller wants them."""
    found = listed(row, public)
    ways = reached("organization", found["id"], as_contacts(row.contacts_publics))
    attributes = []
    for name, codes in (("categorie", [row.categorie]), ("region", [row.region_id] if row.region_id else [])):
        place = OF_ORGANISATIONS[name]
        taxonomy = taxonomies()[place.taxonomy]
        attributes += of_terms("organization", found["id"], place.link_type, taxonomy, codes, vocabulary)
    attributes += ways.pop("attributes", [])
    return found | ways | {"attributes": attributes} | ({"services": services} if services else {})
