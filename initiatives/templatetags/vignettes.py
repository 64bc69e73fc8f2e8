"""Fiches as cards: each made once for a version of the data and a language, filled with what was asked."""

from functools import partial

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from initiatives.finding import cards, selection
from initiatives.publishing import words

from .pieces import asked, filled, hole, kept, key_of, made, piece, poured, rendered
from .repertoire import choosing, lien, mots, mots_en_lignes

register = template.Library()

CARD, STADE, REASONS = "initiatives/liste/_vignette.html", "components/etat.html", "initiatives/liste/_raisons.html"
# What a card says of its fiche, and what it says of what was asked.
OF_THE_FICHE = ("pk", "langue", "adresse", "nom", "porteurs", "region", "etat", "verifie", "langue_resume", "resume")
OF_THE_REQUEST = ("raisons", "extrait", "choix", "dit")
SUMMARY = 22  # words


@register.simple_tag(takes_context=True)
def vignettes(context, cartes, niveau):
    """Fiches as cards. `cartes`: fiches, or what stands for one (finding/cards.py): with `raisons` and `extrait_marque`
    where something was asked for; one that is gone meanwhile is left out. `niveau`: the tag of their titles.
    """
    request, cartes = context["request"], list(cartes)
    query = asked(request)
    chosen, toggled = set(selection.numbers(query)), selection.toggler(query)
    labels = {state: choosing(state) for state in (True, False)}
    why = piece(context, ("raisons",), partial(rendered, context, REASONS, {"raisons": hole("raisons")}))
    keys = [key_of(context, ("vignette", carte.pk, niveau, bool(extract_of(carte)))) for carte in cartes]
    bodies = [kept(key) for key in keys]
    cards.want(carte for carte, body in zip(cartes, bodies, strict=True) if body is None)
    shown = []
    for carte, key, body in zip(cartes, keys, bodies, strict=True):
        if body is None:
            body = made(context, key, partial(made_card, context, carte, niveau))
        said = " · ".join(getattr(carte, "raisons", ()))
        values = {
            "raisons": poured(why, {"raisons": escape(said)}) if said else "",
            "extrait": extract_of(carte),
            "choix": escape(toggled(carte.pk)),
            "dit": labels[carte.pk in chosen],
        }
        shown.append(poured(body, values))
    return filled(request, "\n".join(shown))


def extract_of(carte) -> str:
    return getattr(carte, "extrait_marque", "")


def made_card(context, carte, niveau: str) -> str:
    """A card with the holes of what was asked; nothing of a fiche that is gone."""
    initiative = getattr(carte, "initiative", carte)
    if initiative is None:
        return ""
    bref, resume = words.brief(initiative), words.summary(initiative)
    shape = shape_of(context, niveau, bool(extract_of(carte)), bool(resume), tuple(row.label for row in bref.facts))
    values = {
        "pk": str(initiative.pk),
        "langue": escape(initiative.langue),
        "adresse": escape(lien(context, "initiative", initiative.slug)),
        "nom": format_html('<span lang="{}">{}</span>', initiative.langue, initiative.titre),
        "porteurs": mots(context, bref.carried_by),
        "region": escape(bref.region),
        "etat": piece(context, ("etat", bref.stade.code), partial(rendered, context, STADE, {"stade": bref.stade})),
        "verifie": escape(bref.verified),
        "langue_resume": escape(resume.lang) if resume else "",
        "resume": escape(Truncator(resume.text).words(SUMMARY, truncate=" …")) if resume else "",
    }
    facts = {f"fait{place}": mots_en_lignes(context, row.lines) for place, row in enumerate(bref.facts)}
    return poured(shape, values | facts)


def shape_of(context, niveau: str, extract: bool, summary: bool, labels: tuple[str, ...]) -> SafeString:
    """What cards that say the same things have in common, as their template makes it, a hole for each thing said."""

    def make() -> str:
        parts = {name: hole(name) for name in (*OF_THE_FICHE, *OF_THE_REQUEST)}
        parts["faits"] = [(label, hole(f"fait{place}")) for place, label in enumerate(labels)]
        unsaid = {name for name, said in (("extrait", extract), ("resume", summary)) if not said}
        return rendered(context, CARD, {**parts, **dict.fromkeys(unsaid, ""), "niveau": niveau})

    return piece(context, ("forme", niveau, extract, summary, labels), make)
