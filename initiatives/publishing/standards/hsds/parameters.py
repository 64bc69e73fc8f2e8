"""What may be asked of each list, as HSDS names it: read by the views, and told by the OpenAPI document."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.publishing import shapes

PER_PAGE, MAX_PER_PAGE = 25, 100
MAX_SEARCH = 300  # characters, as the list's own `q`
LONGEST_NUMBER = 999_999_999
# Nothing, written as an empty value, is the same as no parameter at all.
BLANK = shapes.TEXT | {"maxLength": 0}
# Anything that is not the NUL byte, which no text holds.
PLAIN = "^[^\\u0000]*$"


@dataclass(frozen=True)
class Parameter:
    """`shape`: of one value; `many`: it may be repeated, and every value narrows."""

    name: str
    help: Promise
    shape: shapes.Shape
    many: bool = False

    @property
    def schema(self) -> shapes.Shape:
        """Of what is given, which may be nothing."""
        one = {"anyOf": [self.shape, BLANK]}
        return shapes.some(one) if self.many else one


EVERY = {
    parameter.name: parameter
    for parameter in (
        Parameter(
            "search",
            _("Recherche dans les mots. Elle n'est ni gardée ni écrite."),
            shapes.TEXT | {"maxLength": MAX_SEARCH, "pattern": PLAIN},
        ),
        Parameter(
            "page", _("Numéro de la page."), shapes.INTEGER | {"minimum": 1, "maximum": LONGEST_NUMBER, "default": 1}
        ),
        Parameter(
            "per_page",
            _("Nombre d'éléments d'une page."),
            shapes.INTEGER | {"minimum": 1, "maximum": MAX_PER_PAGE, "default": PER_PAGE},
        ),
        Parameter(
            "format",
            _("Une page en JSON, ou tout d'un coup, une ligne par élément."),
            shapes.one_of(["json", "ndjson"]),
        ),
        Parameter("taxonomy_term_id", _("Ce qui a ce terme."), shapes.UUID, many=True),
        Parameter("taxonomy_id", _("Ce qui a un terme de cette taxonomie."), shapes.UUID, many=True),
        Parameter("organization_id", _("Les services que cet organisme porte."), shapes.UUID, many=True),
        Parameter(
            "modified_after",
            _("Ce qui a été modifié ou publié ce jour-là, à ce moment ou après."),
            shapes.TEXT | {"anyOf": [{"format": "date-time"}, {"format": "date"}]},
        ),
        Parameter("minimal", _("L'identifiant et la date seulement, sur une seule page."), shapes.FLAG),
        Parameter("full", _("Chaque élément avec tout ce qui lui est lié."), shapes.FLAG),
        Parameter("full_service", _("Les services de l'organisme, avec tout ce qui leur est lié."), shapes.FLAG),
        Parameter("top_only", _("Les termes sans parent : tous."), shapes.FLAG),
        Parameter("parent_id", _("Les termes de ce parent : aucun, les listes n'ont qu'un niveau."), shapes.UUID),
    )
}
PAGED = ("search", "page", "per_page", "format")
NARROWED = ("taxonomy_term_id", "taxonomy_id")
# By the address that takes them, below /hsds/.
ASKED = {
    "services": (*PAGED, *NARROWED, "organization_id", "modified_after", "minimal", "full"),
    "services/{id}": (),
    "organizations": (*PAGED, *NARROWED, "full", "full_service"),
    "organizations/{id}": ("full_service",),
    "taxonomies": PAGED,
    "taxonomies/{id}": (),
    "taxonomy_terms": (*PAGED, "taxonomy_id", "top_only", "parent_id"),
    "taxonomy_terms/{id}": (),
    "service_at_locations": (*PAGED, *NARROWED, "organization_id", "modified_after", "full"),
    "service_at_locations/{id}": (),
}
