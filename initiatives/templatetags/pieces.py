"""Pieces of pages: made once for a version of the data, by their template, and put into every page that shows them.

What differs from one request to another is a hole in the piece, filled at each use: what every link carries along
(`lien` leaves that one), and what a card says of what was asked.
"""

import re
import secrets
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiatives.core.versioned import ANSWERS
from initiatives.finding import cards, selection
from initiatives.publishing import words

register = template.Library()

# Drawn for each process: no text of a fiche can hold it.
HOLE = f"trou-{secrets.token_hex(12)}"
HOLES = ("porte", "pourquoi", "raisons", "extrait", "choix", "dit")
STADE = "components/etat.html"
TROU = re.compile(f"{HOLE}-trou ([0-9]+)-{HOLE}")
CARRIED, WHY, REASONS, EXTRACT, CHOICE, LABEL = (f"{HOLE}-{name}" for name in HOLES)


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
            trou.mark = f"{HOLE}-trou {place}-{HOLE}"

    def render(self, context):
        if "request" not in context or being_made(context["request"]):
            return self.nodelist.render(context)
        key = ("garde", self.name, *(str(value.resolve(context, ignore_failures=True)) for value in self.values))
        body = filled(context["request"], piece(context, key, lambda: self.nodelist.render(context)))
        parts = TROU.split(body)
        parts[1::2] = [self.trous[int(place)].nodelist.render(context) for place in parts[1::2]]
        return mark_safe("".join(parts))


class Trou(template.Node):
    mark = ""  # what stands for it in the piece around

    def __init__(self, inside: template.NodeList):
        self.nodelist = inside

    def render(self, context):
        if "request" in context and being_made(context["request"]):
            return self.mark
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


def choosing(chosen: bool) -> str:
    """What the link says that adds a fiche to the selection, or takes it out."""
    sign, label = ("−", _("Retirer de ma sélection")) if chosen else ("+", _("Ajouter à ma sélection"))
    return format_html('<span aria-hidden="true">{}</span> {}', sign, label)


@register.simple_tag(takes_context=True)
def vignettes(context, cartes, niveau):
    """Fiches as cards. `cartes`: fiches, or what stands for one (finding/cards.py): with `raisons` and `extrait_marque`
    where something was asked for; one that is gone meanwhile is left out. `niveau`: the tag of their titles.
    """
    request, cartes = context["request"], list(cartes)
    query = asked(request)
    chosen, toggled = set(selection.numbers(query)), selection.toggler(query)
    labels = {state: choosing(state) for state in (True, False)}
    reasons = piece(
        context, ("raisons",), partial(rendered, context, "initiatives/liste/_raisons.html", {"raisons": REASONS})
    )
    keys = [key_of(context, ("vignette", carte.pk, niveau, bool(extract_of(carte)))) for carte in cartes]
    bodies = [kept(key) for key in keys]
    cards.want(carte for carte, body in zip(cartes, bodies, strict=True) if body is None)
    shown = []
    for carte, key, body in zip(cartes, keys, bodies, strict=True):
        if body is None:
            body = made(context, key, partial(made_card, context, carte, niveau))
        said = " · ".join(getattr(carte, "raisons", ()))
        body = body.replace(WHY, reasons.replace(REASONS, escape(said)) if said else "")
        body = body.replace(LABEL, labels[carte.pk in chosen]).replace(CHOICE, escape(toggled(carte.pk)))
        shown.append(body.replace(EXTRACT, extract_of(carte)))
    return filled(request, "\n".join(shown))


def extract_of(carte) -> str:
    return getattr(carte, "extrait_marque", "")


def made_card(context, carte, niveau: str) -> str:
    """A card as its template makes it, with its holes; nothing of a fiche that is gone."""
    initiative = getattr(carte, "initiative", carte)
    if initiative is None:
        return ""
    bref = words.brief(initiative)
    parts = {
        "initiative": initiative,
        "nom": format_html('<span lang="{}">{}</span>', initiative.langue, initiative.titre),
        "bref": bref,
        "etat": piece(context, ("etat", bref.stade.code), partial(rendered, context, STADE, {"stade": bref.stade})),
        "resume": words.summary(initiative),
        "niveau": niveau,
        "raisons": WHY,
        "extrait": EXTRACT if extract_of(carte) else "",
        "choix": CHOICE,
        "dit": LABEL,
    }
    return rendered(context, "initiatives/liste/_vignette.html", parts)


def rendered(context, name: str, parts: dict) -> str:
    template = context.template.engine.get_template(name)
    with context.push(**parts):
        return template.render(context)
