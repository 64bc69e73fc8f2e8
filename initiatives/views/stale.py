"""What can be said while the database is away: what it said last, with a line that says since when.

First what this process keeps of the last version that it saw; then what was set aside for that (reserve.py); then what
the view makes from memory alone. A version that is known to be past is not shown: what was withdrawn is withdrawn.
"""

from datetime import datetime
from itertools import product
from operator import itemgetter

from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from initiatives.core.versioned import ANSWERS, last_known

from . import reserve
from .context import is_data
from .packing import ENCODINGS, plain, unpacked

ASKERS = ("", "fr", "en")
CONTENT = b'<main id="contenu"'


def answer(request, view, args, kwargs) -> HttpResponse | None:
    """The answer of before to a request that only reads, not compressed; None where there is none."""
    known = [found for found in (last_known(), reserve.last_known()) if found]
    if not known:
        return None
    # Another process may have seen a later version: what that one withdrew is not shown from here either.
    request.data_version, since = max(known, key=itemgetter(1))
    response = kept_before(request) or from_memory(request, view, args, kwargs)
    return response and said(request, response, since)


def kept_before(request) -> HttpResponse | None:
    """What this process kept, for whoever asked and however compressed, or what was set aside."""
    for asker, encoding in product(ASKERS, ("", *ENCODINGS)):
        key = (request.data_version, get_language(), asker, encoding, request.get_full_path())
        body = ANSWERS.get(key)
        if body is not None:
            return plain(unpacked(body))
    return reserve.kept(request.data_version, request.get_full_path())


def from_memory(request, view, args, kwargs) -> HttpResponse | None:
    """What the view answers where it asks nothing of the database; a stream may ask later."""
    try:
        response = view(request, *args, **kwargs)
    except (DatabaseError, InterfaceError):
        return None
    if response.streaming:
        response.close()
        return None
    return response


def said(request, response: HttpResponse, since: datetime) -> HttpResponse:
    """The same answer, which says how old it is: help first on a page, by its header in data."""
    request.incomplete = True  # nobody keeps it as the answer of this version
    if is_data(request):
        response.headers["Warning"] = '110 - "Response is Stale"'
    elif CONTENT in response.content:
        line = render_to_string("components/perime.html", {"depuis": since}, request).encode()
        response.content = response.content.replace(CONTENT, line + CONTENT, 1)
    return response
