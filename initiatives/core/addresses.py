"""Whole addresses of the site, for whatever leaves it: data, documents, codes, e-mails, what engines and feeds read.

An address is an identifier: it says where the site lives (SITE_URL), whatever host it was asked under.
"""

from django.conf import settings
from django.utils.encoding import iri_to_uri


def absolute(path: str = "") -> str:
    """The whole address of a path of the site, its parameters included; that of the site itself without one."""
    return f"{settings.SITE_URL}{iri_to_uri(path)}"
