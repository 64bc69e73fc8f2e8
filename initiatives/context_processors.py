"""What every page's template may use."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from . import aide


def site(request):
    """The help lines (one query, when shown), the quick exit, and the language of the page."""
    return {
        "lignes_aide": SimpleLazyObject(aide.lines),
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "langue": "en" if get_language() == "en" else "fr-CA",
    }
