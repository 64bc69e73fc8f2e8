"""The closed lists as HSDS's taxonomies, and their codes as its terms."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.db.models import Q
from django.db.models.enums import ChoicesType
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from initiatives.core.addresses import absolute
from initiatives.core.enums import Categorie
from initiatives.core.versioned import remembered
from initiatives.models import Besoin, Initiative, Organisme
from initiatives.models.fields import CodesField
from initiatives.publishing.words import colon, label

from ..identifiers import identifier
from .places import placed


@dataclass(frozen=True)
class Taxonomy:
    """A closed list: its permanent code, and the column that takes its values from it (`many`: several at once).
    `enum` is None for the needs, which are rows. `model`: whose column."""

    code: str
    field: str
    many: bool
    enum: ChoicesType | None = None
    model: type = Initiative

    @property
    def id(self) -> str:
        return identifier("taxonomy", self.code)

    @property
    def name(self) -> str:
        """In the active language."""
        return capfirst(str(self.model._meta.get_field(self.field.removesuffix("_id")).verbose_name))

    def holds(self, code: str) -> Q:
        """What has this term."""
        return Q(**{f"{self.field}__contains": [code]} if self.many else {self.field: code})

    def holds_any(self) -> Q:
        """What has any of its terms."""
        return Q(**{f"{self.field}__len__gt": 0}) if self.many else Q(**{f"{self.field}__gt": ""})


@cache
def taxonomies() -> dict[str, Taxonomy]:
    """Every closed list by its code, in the order of the columns; then that of organisations."""
    found = {}
    for column, place in placed():
        if place.taxonomy:
            field = {"region": "region_id"}.get(column.name, place.field or column.name)
            many = isinstance(Initiative._meta.get_field(column.name), CodesField) or column.enum is None
            found[place.taxonomy] = Taxonomy(place.taxonomy, field, many, column.enum)
    found["categorie"] = Taxonomy("categorie", "categorie", False, Categorie, Organisme)
    return found


def of_id(wanted: str) -> Taxonomy | None:
    return next((taxonomy for taxonomy in taxonomies().values() if taxonomy.id == wanted), None)


class Vocabulary:
    """The terms of every taxonomy, in the active language, for a version of the data. One query for a version, when the
    needs are first asked for."""

    def __init__(self, version: int | None):
        self.version, self.made = version, {}

    def labels(self, taxonomy: Taxonomy) -> dict[str, str]:
        """Code → label, in the order of the list."""
        language = get_language()
        if taxonomy.enum is not None:
            return {code: label(taxonomy.enum, code, language) for code in taxonomy.enum.values}
        needs = remembered("besoins des données ouvertes", self.version, lambda: list(Besoin.objects.all()))
        return {need.slug: need.named(language) for need in needs}

    def term(self, taxonomy: Taxonomy, code: str) -> dict | None:
        """A term with its taxonomy; none for a code that is not of the list. Made once, and not to be changed."""
        if taxonomy.code not in self.made:
            detail = described(taxonomy)
            said = self.labels(taxonomy).items()
            self.made[taxonomy.code] = {one: term(taxonomy, one, name, detail) for one, name in said}
        return self.made[taxonomy.code].get(code)

    def terms(self, of: Iterable[Taxonomy] | None = None) -> Iterator[dict]:
        """Every term, in order."""
        for taxonomy in taxonomies().values() if of is None else of:
            for code in self.labels(taxonomy):
                yield self.term(taxonomy, code)

    def of_term(self, wanted: str) -> tuple[Taxonomy, str] | None:
        """The taxonomy and the code of a term's id."""
        for taxonomy in taxonomies().values():
            for code in self.labels(taxonomy):
                if term_id(taxonomy, code) == wanted:
                    return taxonomy, code
        return None


def term_id(taxonomy: Taxonomy, code: str) -> str:
    return identifier("taxonomy_term", taxonomy.code, code)


def anchor(*names: str) -> str:
    """Where the page of the profile shows a taxonomy, or a term."""
    return absolute(f"{reverse('hsds-profil')}#{'-'.join(names)}")


def described(taxonomy: Taxonomy) -> dict:
    """A taxonomy as HSDS prints it."""
    return {
        "id": taxonomy.id,
        "name": taxonomy.name,
        "description": gettext("Liste fermée du répertoire : %(name)s.") % {"name": taxonomy.name},
        "uri": anchor(taxonomy.code),
        "version": "1",
    }


def term(taxonomy: Taxonomy, code: str, name: str, detail: dict) -> dict:
    return {
        "id": term_id(taxonomy, code),
        "code": code,
        "name": name,
        "description": f"{taxonomy.name}{colon()}{name}",
        "taxonomy": taxonomy.name,
        "taxonomy_id": taxonomy.id,
        "language": "en" if get_language() == "en" else "fr",
        "term_uri": anchor(taxonomy.code, code),
        "taxonomy_detail": detail,
    }
