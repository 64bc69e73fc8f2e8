"""What every page's template may use."""

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from . import aide


def is_discreet(request) -> bool:
    """Whether the address asks for the discreet mode; an address too long to be read does not."""
    try:
        return request.GET.get("discret") == "1"
    except TooManyFieldsSent:
        return False


def site(request):
    """The help lines (one query, when shown), the quick exit, and the language of the page."""
    return {
        "lignes_aide": SimpleLazyObject(aide.lines),
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "langue": "en" if get_language() == "en" else "fr-CA",
        "discret": is_discreet(request),
    }
