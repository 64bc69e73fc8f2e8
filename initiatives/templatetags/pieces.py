"""Pieces of pages: made once for a version of the data, by their template, and put into every page that shows them.

What differs from one request to another is a hole in the piece, filled at each use: what every link carries along
(`lien` leaves that one), and what a card says of what was asked.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from functools import cache
from urllib.parse import urlencode

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from initiatives.core.versioned import ANSWERS
from initiatives.finding import selection

register = template.Library()

# Drawn for each process: no text of a fiche can hold it.
HOLE = f"trou-{secrets.token_hex(12)}"
HOLES = re.compile(f"{HOLE}-([^;]*);")


@cache
def hole(name: str) -> SafeString:
    """What stands in a piece for something that is put there at each use."""
    return SafeString(f"{HOLE}-{name};")


CARRIED = hole("porte")


def poured(body: str, values: Mapping[str, str]) -> str:
    """A piece with these values, safe HTML, in its holes; the others stay."""
    parts = HOLES.split(body)
    parts[1::2] = [values[name] if name in values else hole(name) for name in parts[1::2]]
    return "".join(parts)


def being_made(request) -> bool:
    """Whether a piece is being made, which others than this visitor will be shown."""
    return getattr(request, "piece", False)


def carried(request) -> list[tuple[str, str]]:
    """What every link of the site takes along (selection.carried)."""
    return selection.carried(asked(request))


def asked(request):
    """The parameters of the address, which no piece may hold."""
    if being_made(request):
        raise RuntimeError("A piece of a page is for every visitor: what one asked for cannot be in it.")
    return selection.given(request)


def query_carried(request) -> str:
    """What every link carries along as a query string, read once for a request; its hole in a piece."""
    if being_made(request):
        return CARRIED
    if not hasattr(request, "query_carried"):
        request.query_carried = urlencode(carried(request))
    return request.query_carried


def key_of(context, key: tuple) -> tuple | None:
    """What decides a piece besides its template: the version of the data, the language, and this; None without a
    version, where nothing is kept."""
    version = getattr(context["request"], "data_version", None)
    return (version, get_language(), *key) if version else None


def kept(key: tuple | None) -> str | None:
    body = ANSWERS.get(key) if key else None
    return None if body is None else body.decode()


def made(context, key: tuple | None, make: Callable[[], str]) -> str:
    """What `make()` gives, its holes empty, and kept; not where the database failed on the way (views/public.py)."""
    request = context["request"]
    within = being_made(request)
    request.piece = True
    try:
        body = make()
    finally:
        request.piece = within
    if key and not getattr(request, "incomplete", False):
        ANSWERS.put(key, body.encode())
    return body


def piece(context, key: tuple, make: Callable[[], str]) -> SafeString:
    """What `make()` gives, which the key, the version of the data and the language alone decide; its holes empty."""
    key = key_of(context, key)
    body = kept(key)
    return mark_safe(made(context, key, make) if body is None else body)


def filled(request, body: str) -> SafeString:
    """A piece with what this visitor's links carry along: as the first parameter of an address, or after others."""
    query = escape(urlencode(carried(request)))
    body = body.replace(f"?{CARRIED}", f"?{query}" if query else "")
    return mark_safe(body.replace(f"&amp;{CARRIED}", f"&amp;{query}" if query else ""))


class Garde(template.Node):
    def __init__(self, name: str, values: list, inside: template.NodeList):
        self.name, self.values, self.nodelist = name, values, inside
        self.trous = inside.get_nodes_by_type(Trou)
        for place, trou in enumerate(self.trous):
            trou.place = place

    def render(self, context):
        if "request" not in context or being_made(context["request"]):
            return self.nodelist.render(context)
        key = ("garde", self.name, *(str(value.resolve(context, ignore_failures=True)) for value in self.values))
        body = filled(context["request"], piece(context, key, lambda: self.nodelist.render(context)))
        places = dict.fromkeys(HOLES.findall(body))
        wanted = {place: self.trous[int(place)].nodelist.render(context) for place in places}
        return mark_safe(poured(body, wanted))


class Trou(template.Node):
    place = 0  # among those of the piece around

    def __init__(self, inside: template.NodeList):
        self.nodelist = inside

    def render(self, context):
        if "request" in context and being_made(context["request"]):
            return hole(str(self.place))
        return self.nodelist.render(context)


@register.tag
def garde(parser, token):
    """`{% garde "menu" value… %}…{% endgarde %}`: what is inside is a piece, which its name and these values decide,
    but for what is in a `{% trou %}…{% endtrou %}`: that is made for each request."""
    _tag, name, *values = token.split_contents()
    inside = parser.parse(("endgarde",))
    parser.delete_first_token()
    return Garde(name.strip('"'), [parser.compile_filter(value) for value in values], inside)


@register.tag
def trou(parser, _token):
    inside = parser.parse(("endtrou",))
    parser.delete_first_token()
    return Trou(inside)


def rendered(context, name: str, parts: dict) -> str:
    template = context.template.engine.get_template(name)
    with context.push(**parts):
        return template.render(context)
