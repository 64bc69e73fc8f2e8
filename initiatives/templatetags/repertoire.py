"""Tags of the templates: links that carry the selection and the discreet mode, counts in words, the other language."""

from urllib.parse import urlencode

from django import template
from django.core.exceptions import TooManyFieldsSent
from django.urls import reverse, translate_url
from django.utils.translation import get_language, ngettext

from initiatives import enums

register = template.Library()

CARRIED = ("f", "discret")
STADE_ICONS = {"en-application": "●", "en-developpement": "◐", "en-suspens": "○"}


def carried(request) -> list[tuple[str, str]]:
    """What every link of the site takes along: the selection and the discreet mode, nothing malformed."""
    try:
        given = request.GET
    except TooManyFieldsSent:  # the page that refuses such an address shows links too
        return []
    pairs = [("f", value) for value in given.getlist("f") if value.isascii() and value.isdecimal()]
    if given.get("discret") == "1":
        pairs.append(("discret", "1"))
    return pairs


@register.simple_tag(takes_context=True)
def lien(context, name, *args, **parameters):
    """The address of a page, with its own parameters and those that every page carries."""
    pairs = [(key, value) for key, value in parameters.items() if value not in ("", None)]
    request = context.get("request")
    pairs += carried(request) if request else []
    return f"{reverse(name, args=args)}?{urlencode(pairs)}" if pairs else reverse(name, args=args)


@register.simple_tag(takes_context=True)
def champs_portes(context):
    """The carried parameters as pairs, for the hidden fields of a form."""
    request = context.get("request")
    return carried(request) if request else []


@register.simple_tag(takes_context=True)
def autre_langue(context, code):
    """This very page in the other language, its parameters kept."""
    here = context["request"].get_full_path() if context.get("request") else "/"
    there = translate_url(here, code)
    if there == here:  # an address that leads nowhere has no other language: its home has
        return "/" if code == "fr-ca" else f"/{code}/"
    return there


@register.simple_tag
def fiches(number):
    """« 3 initiatives »; in French zero is singular."""
    plural = number if get_language() == "en" else max(number, 1)
    return ngettext("%(n)s initiative", "%(n)s initiatives", plural) % {"n": number}


@register.filter
def libelles(codes, enum_name):
    """The labels of a list of codes, or of one code."""
    enum = getattr(enums, enum_name)
    codes = codes if isinstance(codes, list) else [codes] if codes else []
    return [enum(code).label for code in codes]


@register.filter
def signe_stade(code):
    """A sign that differs by shape, not by colour alone."""
    return STADE_ICONS.get(code, "")
