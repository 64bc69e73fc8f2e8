"""The facets of the list: each box, and each facet as its template makes it once, filled with what is counted."""

from functools import lru_cache, partial

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext

from initiatives.publishing import glossary

from .pieces import filled, hole, piece, poured, rendered
from .repertoire import carte_du_quebec

register = template.Library()

CHECKED = mark_safe(" checked")
PORTEURS = "initiatives/liste/_porteurs.html"
OPEN = 2  # facets, the first ones


@register.simple_tag(takes_context=True)
def facettes(context, facettes, filtre):
    """The facets, as views/initiatives.py gives them. `filtre`: the filterset."""
    shown = []
    for place, facet in enumerate(facettes):
        name, opened = facet["nom"], bool(facet["ouverte"] or place < OPEN)
        parts = {
            "facette": {part: facet[part] for part in ("nom", "libelle", "unique")},
            "mot": glossary.of_facet(name),
            "deployee": opened,
            "libre": hole("libre"),
            "carte": hole("carte") if name == "region" else "",
            "boites": hole("boites"),
        }
        make = partial(rendered, context, "initiatives/liste/_facette.html", parts)
        body = piece(context, ("facette", name, opened), make)
        values = {"libre": free(context, facet), "boites": boxes(context, facet)}
        if parts["carte"]:
            values["carte"] = carte_du_quebec(context, facet["valeurs"], filtre=filtre)
        shown.append(poured(body, values))
    return filled(context["request"], "\n".join(shown))


def free(context, facet: dict) -> str:
    """The box of an age in figures."""
    return rendered(context, "initiatives/liste/_age.html", {"age": facet["libre"]}) if facet["libre"] else ""


def boxes(context, facet: dict) -> str:
    """The boxes of a facet, and how many fiches have none of them."""
    made = spoken(context, facet["voix"]) if facet["voix"] else cases(facet)
    if facet["nom"] == "porteur":
        parts = {"tus": facet["tus"]}
        made += piece(context, ("porteurs", facet["tus"]), partial(rendered, context, PORTEURS, parts))
    if number := facet["non_precise"]:
        made += nothing_said(number, bool(facet["voix"]), get_language())
    return made


def spoken(context, voices: list) -> str:
    """The needs by who speaks."""
    parts = [
        {"titre": voice.titre, "choisie": voice.choisie, "facette": {"trou": hole(voice.code)}} for voice in voices
    ]
    key = ("voix", *((voice.code, voice.choisie) for voice in voices))
    body = piece(context, key, partial(rendered, context, "components/voix.html", {"voix": parts}))
    return poured(body, {voice.code: cases(voice.facette) for voice in voices})


@lru_cache(maxsize=4096)
def nothing_said(number: int, needs: bool, _language: str) -> str:
    if needs:
        said = ngettext(
            "%(n)s fiche ne répond à aucun de ces besoins", "%(n)s fiches ne répondent à aucun de ces besoins", number
        )
    else:
        said = ngettext("Non précisé dans %(n)s fiche", "Non précisé dans %(n)s fiches", number)
    return format_html('<p class="precision">{}</p>', said % {"n": number})


@register.simple_tag
def cases(facet):
    """The boxes of a facet, a hundred and forty on a page: made here, where a template would take ten times as long; or
    the hole where they will be (`trou`).
    """
    if "trou" in facet:
        return facet["trou"]
    kind = "radio" if facet["unique"] else "checkbox"
    name = facet["nom"]
    boxes = [
        f'<label class="case{"" if value.nombre else " vide"}"><input type="{kind}"'
        f"{said(name, value.valeur, value.libelle, value.choisie)}{value.nombre}</span></label>"
        for value in facet["valeurs"]
    ]
    return mark_safe("\n".join(boxes))


@lru_cache(maxsize=4096)
def said(facet: str, value: str, label: str, chosen: bool) -> str:
    """What a box says but for its number; values and labels are those of the collection, a few hundred."""
    return format_html(
        ' name="{}" value="{}"{}> <span>{}</span> <span class="compte">', facet, value, CHECKED if chosen else "", label
    )
