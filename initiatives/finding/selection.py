"""The selection: fiches chosen one by one, kept in the address alone (`f`, repeatable)."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict
from django.utils.translation import gettext

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
    """The public fiches that an address chooses, in its order. Three queries; none when nothing is chosen.

    `fiches`: the public fiches with more of their relations than a comparison or an export needs.
    """
    wanted = numbers(query)
    fiches = Initiative.objects.publiees().joignables() if fiches is None else fiches
    found = fiches.in_bulk(wanted) if wanted else {}
    return [found[numero] for numero in wanted if numero in found]


def public_numbers(query) -> list[int]:
    """The numbers of the public fiches that an address chooses, in its order. One query, or none."""
    wanted = numbers(query)
    found = set(Initiative.objects.publiees().filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else ()
    return [numero for numero in wanted if numero in found]


def toggler(query) -> Callable[[int], str]:
    """Gives the query string with a fiche added to the selection, or taken out of it; made once for many fiches."""
    wanted = numbers(query)
    given = {name: values for name, values in query.lists() if name != "f"}
    rest = f"{urlencode(given, doseq=True)}&" if given else ""

    def toggled(numero: int) -> str:
        kept = [other for other in wanted if other != numero] if numero in wanted else [*wanted, numero]
        return (rest + "&".join(f"f={other}" for other in kept)).rstrip("&")

    return toggled


def carried(query) -> list[tuple[str, str]]:
    """What every link of the site takes along: the selection and the discreet mode, nothing malformed."""
    pairs = [("f", str(numero)) for numero in numbers(query)]
    return [*pairs, ("discret", "1")] if query.get("discret") == "1" else pairs


def malformed(query) -> list[ParameterError]:
    """What of an address is no number: a link never says it, and data are not made from a guess."""
    wrong = [value for value in query.getlist("f") if value.strip() and whole_number(value) is None]
    return [ParameterError("f", value, gettext("Un nombre entier est attendu.")) for value in wrong]


def nothing_chosen() -> ParameterError:
    return ParameterError("f", "", gettext("Aucune initiative publique n'est choisie."))


def given(request) -> QueryDict:
    """The parameters of an address; of one with too many to be read, the discreet mode alone, for its error page."""
    try:
        return request.GET
    except TooManyFieldsSent:
        asked = request.META["QUERY_STRING"].split("&")
        return QueryDict("discret=1" if "discret=1" in asked else "")
