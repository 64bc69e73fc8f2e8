"""The selection: fiches chosen one by one, kept in the address alone (`f`, repeatable)."""

from dataclasses import dataclass

from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums
from initiatives.core.cells import whole_number
from initiatives.models import Initiative

from .filters import ParameterError

MAX_CHOSEN = 50
MAX_COMPARED = 4


def numbers(query, name: str = "f") -> list[int]:
    """The numbers of an address, each once, in order, at most `MAX_CHOSEN`; what is no number is left out."""
    given = dict.fromkeys(whole_number(value) for value in query.getlist(name))
    return [numero for numero in given if numero is not None][:MAX_CHOSEN]


def chosen(query, fiches=None) -> list[Initiative]:
    """The public fiches that an address chooses, in its order. Two queries; none when nothing is chosen.

    `fiches`: the public fiches with more of their relations than a card needs.
    """
    wanted = numbers(query)
    fiches = Initiative.objects.publiees().avec_relations() if fiches is None else fiches
    found = fiches.in_bulk(wanted) if wanted else {}
    return [found[numero] for numero in wanted if numero in found]


def toggled(query, numero: int) -> str:
    """The query string with a fiche added to the selection, or taken out of it."""
    changed, wanted = query.copy(), numbers(query)
    wanted = [kept for kept in wanted if kept != numero] if numero in wanted else [*wanted, numero]
    changed.setlist("f", [str(kept) for kept in wanted])
    return changed.urlencode()


def nothing_chosen() -> ParameterError:
    return ParameterError("f", "", gettext("Aucune initiative publique n'est choisie."))


def given(request) -> QueryDict:
    """The parameters of an address; of one with too many to be read, the discreet mode alone, for its error page."""
    try:
        return request.GET
    except TooManyFieldsSent:
        asked = request.META["QUERY_STRING"].split("&")
        return QueryDict("discret=1" if "discret=1" in asked else "")


@dataclass(frozen=True)
class Line:
    """A line of the comparison: what each fiche says, with its language if the words are its own; do they differ?"""

    libelle: str
    cases: list[tuple[str, str]]
    differe: bool


def labels_of(codes, enum) -> str:
    return ", ".join(str(enum(code).label) for code in (codes if isinstance(codes, list) else [codes]) if code)


PRINTED = "the fiche's own words, in its own language"
COMPARED = [
    (_("Stade de développement"), lambda row: row.get_stade_display()),
    (_("Région"), lambda row: row.region_nom),
    (_("Porté par"), lambda row: ", ".join(str(organisme) for organisme in row.porteurs)),
    (_("Pour qui"), lambda row: labels_of(row.clienteles, enums.Clientele)),
    (_("Âge"), lambda row: row.age_mention, PRINTED),
    (_("Sexe"), lambda row: labels_of(row.sexe, enums.Sexe)),
    (_("Type d'implication"), lambda row: labels_of(row.implications, enums.Implication)),
    (_("Type de projet"), lambda row: labels_of(row.types, enums.Type)),
    (_("Modalité d'intervention"), lambda row: labels_of(row.modalite, enums.Modalite)),
    (_("Lieu de déploiement"), lambda row: labels_of(row.lieu, enums.Lieu)),
    (_("Fréquence des activités"), lambda row: row.frequence, PRINTED),
    (_("Année de création"), lambda row: str(row.annee or row.annee_mention)),
    (_("Vérifiée le"), lambda row: date_format(row.verifiee_le) if row.verifiee_le else gettext("Jamais")),
]


def comparison(fiches: list[Initiative]) -> list[Line]:
    """Two to four fiches side by side, what differs marked. No query."""
    lines = []
    for label, value, *printed in COMPARED:
        cells = [(value(row), row.langue if printed else "") for row in fiches]
        lines.append(Line(label, cells, len({words for words, _language in cells}) > 1))
    return lines
