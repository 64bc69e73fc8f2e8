"""What a request asks for, and what every page's template may use."""

from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header

from initiatives.core.enums import Appelant
from initiatives.core.versioned import last_change
from initiatives.finding import selection
from initiatives.finding.porteurs import NAME
from initiatives.models import LigneAide
from initiatives.publishing import help_lines, house

DATA = (".json", ".csv", ".xlsx", ".zip", ".sqlite")
FOR_MACHINES = "/hsds/"  # below it, every address is one of data but where a page answers
TYPED = {"q", NAME, "search"}  # what somebody types; the last as HSDS calls it


def is_data(request) -> bool:
    """Whether the address is one of public data: its view says so (`public_data`), or its end where no view answers."""
    if request.resolver_match:
        return getattr(request.resolver_match.func, "is_public_data", False)
    return request.path.endswith(DATA) or FOR_MACHINES in request.path


def is_embedded(request) -> bool:
    """Whether the address is the one that other sites may show inside their pages."""
    return bool(request.resolver_match and request.resolver_match.url_name == "integrer")


def is_discreet(request) -> bool:
    """Whether the address asks for the discreet mode."""
    return selection.given(request).get("discret") == "1"


def leaves_no_copy(request) -> bool:
    """Whether the answer, data or document, must not be written to the visitor's disk: a search, the discreet mode."""
    return is_typed(request) or is_discreet(request)


def is_typed(request) -> bool:
    """Whether the address holds what somebody typed: words, or the name of an organisation."""
    return not TYPED.isdisjoint(selection.given(request))


def lines_shown(request, asker: str = Appelant.JEUNE) -> list[LigneAide]:
    """The help lines, as somebody who asks needs them. One query, unless remembered.

    Where the database does not answer, those delivered; what is made with them is then not kept (views/public.py).
    """
    try:
        return help_lines.lines(getattr(request, "data_version", None), asker)
    except (DatabaseError, InterfaceError):
        request.incomplete = True
        return help_lines.lines_without_database()


def offered(request) -> str:
    """The other language of the site, where the visitor's browser likes it better than the page's: « en », « fr », or
    none. Nothing is chosen for the visitor: the address alone decides.
    """
    for code, weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        language = code.partition("-")[0]
        if language in ("fr", "en") and weight:
            return "" if language == get_language().partition("-")[0] else language
    return ""


def last_changed(request) -> datetime | None:
    """When the data last changed, for a page that was made from them. No query, save while they change."""
    version = getattr(request, "data_version", None)
    try:
        return last_change(version) if version else None
    except (DatabaseError, InterfaceError):
        request.incomplete = True
        return None


def site(request):
    """The help lines (one query when shown, unless remembered), who runs the site, the quick exit, and the language of
    the page.
    """
    return {
        "lignes_aide": SimpleLazyObject(lambda: lines_shown(request)),
        "tenue": SimpleLazyObject(lambda: house.keepers(last_changed(request))),
        "offerte": offered(request),
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "langue": "en" if get_language() == "en" else "fr-CA",
        "discret": is_discreet(request),
        "nombre_choisies": len(selection.numbers(selection.given(request))),
    }
