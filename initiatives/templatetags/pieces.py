"""Pieces of pages: made once for a version of the data, by their template, and put into every page that shows them.

What differs from one request to another is a hole in the piece, filled at each use: what every link carries along
(`lien` leaves that one), and what a card says of what was asked.
"""

import secrets
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from initiatives.core.versioned import ANSWERS
from initiatives.finding import selection
from initiatives.publishing import words

register = template.Library()

# Drawn for each process: no text of a fiche can hold it.
HOLE = f"trou-{secrets.token_hex(12)}"
CARRIED, REASONS, EXTRACT, CHOICE = (f"{HOLE}-{name}" for name in ("porte", "raisons", "extrait", "choix"))


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
    """What every link carries along as a query string; its hole in a piece."""
    return CARRIED if being_made(request) else urlencode(carried(request))


def piece(context, key: tuple, make: Callable[[], str]) -> str:
    """What `make()` gives, which the key, the version of the data and the language alone decide; its holes empty.

    Made each time for a page without a version; not kept where the database failed on the way (views/public.py).
    """
    request = context["request"]
    version = getattr(request, "data_version", None)
    key = (version, get_language(), *key)
    body = ANSWERS.get(key) if version else None
    if body is not None:
        return body.decode()
    request.piece = True
    try:
        made = make()
    finally:
        request.piece = False
    if version and not getattr(request, "incomplete", False):
        ANSWERS.put(key, made.encode())
    return made


def filled(request, made: str) -> SafeString:
    """A piece with what this visitor's links carry along: as the first parameter of an address, or after others."""
    query = escape(urlencode(carried(request)))
    made = made.replace(f"?{CARRIED}", f"?{query}" if query else "")
    return mark_safe(made.replace(f"&amp;{CARRIED}", f"&amp;{query}" if query else ""))


class Garde(template.Node):
    def __init__(self, name: str, values: list, inside: template.NodeList):
        self.name, self.values, self.nodelist = name, values, inside

    def render(self, context):
        if "request" not in context or being_made(context["request"]):
            return self.nodelist.render(context)
        key = ("garde", self.name, *(str(value.resolve(context, ignore_failures=True)) for value in self.values))
        return filled(context["request"], piece(context, key, lambda: self.nodelist.render(context)))


@register.tag
def garde(parser, token):
    """`{% garde "menu" value… %}…{% endgarde %}`: what is inside is a piece, which its name and these values decide."""
    _tag, name, *values = token.split_contents()
    inside = parser.parse(("endgarde",))
    parser.delete_first_token()
    return Garde(name.strip('"'), [parser.compile_filter(value) for value in values], inside)


@register.simple_tag(takes_context=True)
def vignettes(context, cartes, niveau):
    """Fiches as cards. `cartes`: fiches, or what stands for one (finding/cards.py): with `raisons` and `extrait_marque`
    where something was asked for; one that is gone meanwhile is left out. `niveau`: the tag of their titles.
    """
    request = context["request"]
    query = asked(request)
    chosen, toggled = set(selection.numbers(query)), selection.toggler(query)
    shown = []
    for carte in cartes:
        reasons, extract = getattr(carte, "raisons", []), getattr(carte, "extrait_marque", "")
        holes = {
            "raisons": REASONS if reasons else "",
            "extrait": EXTRACT if extract else "",
            "choisie": carte.pk in chosen,
        }
        key = ("vignette", carte.pk, niveau, *holes.values())
        card = piece(context, key, partial(made_card, context, carte, niveau, holes))
        card = card.replace(CHOICE, escape(toggled(carte.pk))).replace(REASONS, escape(" · ".join(reasons)))
        shown.append(card.replace(EXTRACT, extract))
    return filled(request, "\n".join(shown))


def made_card(context, carte, niveau: str, holes: dict) -> str:
    """A card as its template makes it; nothing of a fiche that is gone."""
    initiative = getattr(carte, "initiative", carte)
    if initiative is None:
        return ""
    card = context.template.engine.get_template("components/vignette.html")
    parts = {"initiative": initiative, "bref": words.brief(initiative), "niveau": niveau, "choix": CHOICE} | holes
    with context.push(**parts):
        return card.render(context)
