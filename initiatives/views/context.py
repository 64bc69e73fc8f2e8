"""What every page's template may use."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from initiatives.finding import selection
from initiatives.publishing import help_lines


def is_discreet(request) -> bool:
    """Whether the address asks for the discreet mode."""
    return selection.given(request).get("discret") == "1"


def leaves_no_copy(request) -> bool:
    """Whether the answer, data or document, must not be written to the visitor's disk: a search, the discreet mode."""
    return "q" in selection.given(request) or is_discreet(request)


def site(request):
    """The help lines (one query when shown, unless remembered), the quick exit, and the language of the page."""
    return {
        "lignes_aide": SimpleLazyObject(lambda: help_lines.lines(getattr(request, "data_version", None))),
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "langue": "en" if get_language() == "en" else "fr-CA",
        "discret": is_discreet(request),
        "nombre_choisies": len(selection.numbers(selection.given(request))),
    }
