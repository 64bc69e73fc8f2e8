"""Tags of the templates: links that carry the selection and the discreet mode, counts in words, the other language."""

import re
from functools import cache, lru_cache
from html import escape
from urllib.parse import urlencode

from django import template
from django.db import DatabaseError, InterfaceError
from django.urls import NoReverseMatch, get_script_prefix, reverse, translate_url
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from initiatives.core.addresses import absolute
from initiatives.core.texts import PLACES, Nature
from initiatives.finding import selection
from initiatives.finding.filters import InitiativeFilter
from initiatives.publishing import help_lines, texts, words
from initiatives.publishing.map import HEIGHT, SHAPES, WIDTH, shade
from initiatives.publishing.markup import as_html

from .pieces import HOLE, asked, carried, query_carried

register = template.Library()

SLUG = re.compile(r"[-a-zA-Z0-9_]+")
LANGUAGES = [("fr-CA", "fr-ca"), ("en", "en")]
HERE = mark_safe(' aria-current="true"')
# What a screen reader says of a change, which the style alone shows (static/css/atelier.css).
SAID = {"retire": gettext_lazy("retiré"), "ajoute": gettext_lazy("ajouté")}
MARKED = {"propre": "<mark>{0}</mark>", "egal": "{0}"}
PARTS = {"retire": '<del data-dit="{1}">{0}</del>', "ajoute": '<ins data-dit="{1}">{0}</ins>', "egal": "{0}"}


@register.simple_tag(takes_context=True)
def lien(context, name, *args, **parameters):
    """The address of a page, with its own parameters and those that every page carries."""
    request = context.get("request")
    query = query_carried(request) if request else ""
    if pairs := [(key, value) for key, value in parameters.items() if value not in ("", None)]:
        query = f"{urlencode(pairs)}&{query}" if query else urlencode(pairs)
    path = path_of(name, args)
    return f"{path}?{query}" if query else path


def path_of(name: str, args: tuple) -> str:
    """The address of a page in the active language. Raises NoReverseMatch."""
    if not args:
        return pattern_of(get_language(), get_script_prefix(), name, args)
    if len(args) == 1 and isinstance(args[0], str) and SLUG.fullmatch(args[0]):
        return pattern_of(get_language(), get_script_prefix(), name, (HOLE,)).replace(HOLE, args[0])
    return reverse(name, args=args)


@cache
def pattern_of(_language: str, _prefix: str, name: str, args: tuple) -> str:
    """The address of a page, a hole where a slug stands: there are a hundred, and Django takes long to find one."""
    return reverse(name, args=args)


@register.simple_block_tag
def une_fois(content):
    """`{% une_fois as name %}…{% endune_fois %}`: what is inside, made once for a page that shows it twice."""
    return content


@register.simple_tag(takes_context=True)
def vers_la_liste(context, facette, valeur, **parameters):
    """The address of the list with one value of a facet, whose name is known only here."""
    return lien(context, "initiatives", **parameters, **{facette: valeur})


@register.simple_tag(takes_context=True)
def ici(context, *names):
    """Marks a link of the menu as the page where one is, or as the one above it."""
    match = context["request"].resolver_match if "request" in context else None
    if match is None or match.url_name not in names:
        return ""
    return mark_safe(' aria-current="page"' if match.url_name == names[0] else ' aria-current="true"')


@register.simple_tag(takes_context=True)
def champs_portes(context):
    """The carried parameters as the hidden fields of a form."""
    request = context.get("request")
    return format_html_join("\n", '<input type="hidden" name="{}" value="{}">', carried(request) if request else [])


@register.simple_tag
def deux_points():
    """Between a label and its value."""
    return words.colon()


def path_in(request, code: str) -> str:
    """The path of this page in a language; its own where it has none. Found once for a request."""
    if not hasattr(request, "paths"):
        request.paths = {get_language(): request.path}
    if code not in request.paths:
        request.paths[code] = found_in(request, code)
    return request.paths[code]


def found_in(request, code: str) -> str:
    match = request.resolver_match
    if match is None:
        return translate_url(request.path, code)
    with translation.override(code):
        try:
            return reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return request.path


@register.simple_tag(takes_context=True)
def autre_langue(context, code):
    """This very page in the other language, its parameters kept; the home where there is none."""
    request = context["request"]
    asked(request)
    # An address that leads nowhere may begin with « // », and a link to it would lead to another site.
    there = path_in(request, code) if request.resolver_match else request.path
    if there != request.path:
        query = request.META.get("QUERY_STRING", "")
        return f"{there}?{iri_to_uri(query)}" if query else there
    with translation.override(code):
        return lien(context, "accueil")


@register.filter
def absolue(path):
    """The whole address of a path of the site."""
    return absolute(path)


@register.simple_tag(takes_context=True)
def alternates(context):
    """Links to this page in both languages, for search engines."""
    request = context["request"]
    addresses = [(label, absolute(path_in(request, code))) for label, code in LANGUAGES]
    return format_html_join("\n", '<link rel="alternate" hreflang="{}" href="{}">', addresses)


@register.simple_tag(takes_context=True)
def mode_discret(context, wanted):
    """This very page in the discreet mode, or out of it."""
    request = context["request"]
    query = asked(request).copy()
    query.pop("discret", None)
    if wanted:
        query["discret"] = "1"
    if query:
        return f"?{query.urlencode()}"
    return request.path if request.resolver_match else reverse("accueil")


@register.simple_tag(takes_context=True)
def barres(context, facette, valeurs, **parameters):
    """Values of a facet as bars, each with its number and leading to the list with it."""
    most = max((value.nombre for value in valeurs), default=0) or 1
    rows = (
        (
            vers_la_liste(context, facette, value.valeur, **parameters),
            value.libelle,
            round(100 * value.nombre / most, 1),
            value.nombre,
        )
        for value in valeurs
    )
    return format_html(
        '<ul class="barres">{}</ul>',
        format_html_join(
            "\n",
            '<li><a href="{}"><span>{}</span><svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
            '<rect width="{}" height="4"/></svg><span class="compte">{}</span></a></li>',
            rows,
        ),
    )


@register.simple_tag
def pages_autour(page, pages):
    """The numbers that a list of pages shows: the ends, this one and those beside it; 0 where some are left out."""
    shown = sorted({1, pages} | {number for number in range(page - 1, page + 2) if 1 <= number <= pages})
    numbers = []
    for number in shown:
        if numbers and number - numbers[-1] == 2:
            numbers.append(number - 1)
        elif numbers and number - numbers[-1] > 2:
            numbers.append(0)
        numbers.append(number)
    return numbers


def choosing(chosen: bool) -> str:
    """What the link says that adds a fiche to the selection, or takes it out."""
    sign, label = ("−", _("Retirer de ma sélection")) if chosen else ("+", _("Ajouter à ma sélection"))
    return format_html('<span aria-hidden="true">{}</span> {}', sign, label)


@register.simple_tag(takes_context=True)
def choisir(context, initiative):
    """The link that adds a fiche to the selection or takes it out: this page, its address changed, the card seen."""
    query = asked(context["request"])
    return format_html(
        '<a class="choisir" href="?{}#i{}">{}<span class="lecteur">{}{}</span></a>',
        selection.toggler(query)(initiative.pk),
        initiative.pk,
        choosing(initiative.pk in selection.numbers(query)),
        words.colon(),
        format_html('<span lang="{}">{}</span>', initiative.langue, initiative.titre),
    )


@lru_cache(maxsize=4096)
def shape(region: str, label: str, number: int, here: bool, near: bool, _language: str) -> str:
    """The shape of a region after its address: a page has seventeen, and a number is seldom seen once."""
    points, (x, y), names = SHAPES[region]
    lines = format_html_join(
        "", '<tspan x="{}" dy="{}">{}</tspan>', ((x, 13 if line else 15, name) for line, name in enumerate(names))
    )
    return format_html(
        ' class="n{}{}" aria-label="{}, {}"{}><polygon points="{}"/><text x="{}" y="{}" class="nombre">{}{}</text>'
        '<text y="{}">{}</text></a>',
        shade(number),
        " ici" if here else " voisine" if near else "",
        label,
        fiches(number),
        HERE if here else "",
        points,
        x,
        y + 3 - 6 * len(names),
        "▸ " if here else "",
        number,
        y + 3 - 6 * len(names),
        lines,
    )


@register.simple_tag(takes_context=True)
def carte_du_quebec(context, valeurs, ici="", voisines=(), filtre=None):
    """The map: `valeurs` are the facet values of the regions, in order. Each shape leads to its region's page.

    `ici` and `voisines` mark a region and those around it. With `filtre`, a filterset, each shape adds its region to
    the list or takes it out.
    """
    shapes, whole, language = [], path_of("initiatives", ()), get_language()
    toggled = filtre.toggler("region") if filtre else None
    for value in valeurs:
        if toggled is None:
            address = lien(context, "region", value.valeur)
        else:
            query = toggled(value.valeur)
            address = f"{whole}?{query}" if query else whole
        here, near = value.choisie or value.valeur == ici, value.valeur in voisines
        shapes.append(
            f'<a href="{escape(address)}"{shape(value.valeur, value.libelle, value.nombre, here, near, language)}'
        )
    body = mark_safe("\n".join(shapes))
    return format_html(
        '<svg class="carte-quebec{}" viewBox="-2 -2 {} {}" role="group" aria-label="{}">{}</svg>',
        " carte-autour" if ici else "",
        WIDTH + 4,
        HEIGHT + 4,
        _("Carte schématique des régions du Québec"),
        body,
    )


@register.simple_tag
def ce_qui_change(ligne):
    """What changes in a field (state.Difference): word by word, or both texts whole where little is kept of one."""
    if not ligne.reecrit:
        return parties_marquees(ligne.parties)
    return format_html(
        '<div class="deux-textes"><div><span class="quoi">{}</span><div>{}</div></div>'
        '<div><span class="quoi">{}</span><div>{}</div></div></div>',
        *(_("Avant"), parties_marquees(ligne.cote("ajoute")), _("Après"), parties_marquees(ligne.cote("retire"))),
    )


@register.simple_tag
def un_cote(ligne, lost):
    """One of the two texts of a field, whole, its own words marked; `lost`: the kind of the parts of the other."""
    marked = [("egal" if kind == "egal" else "propre", text) for kind, text in ligne.cote(lost)]
    return mark_safe("".join(format_html(MARKED[kind], text) for kind, text in marked)) or "—"


@register.simple_tag
def parties_marquees(parties):
    """The parts of a text that changed, what went and what came marked; no space is added to those of the text."""
    return mark_safe("".join(format_html(PARTS[kind], text, SAID.get(kind, "")) for kind, text in parties))


@register.simple_tag(takes_context=True)
def texte(context, code):
    """A text that editors may change, as they wrote it or as it was delivered; nothing where it is empty. One query,
    none when the texts are remembered.

    Where the database does not answer, the delivered text; the page is then not kept (views/public.py).
    """
    request = context["request"]
    try:
        shown = texts.shown(code, getattr(request, "data_version", None))
    except (DatabaseError, InterfaceError):
        request.incomplete = True
        shown = texts.shown(code, None)
    if not shown.text:
        return ""
    lang = format_html(' lang="{}"', shown.langue) if shown.langue else ""
    if PLACES[code].nature == Nature.LIGNE:
        return format_html("<span{}>{}</span>", lang, shown.text) if lang else shown.text
    return format_html('<div class="redige"{}>{}</div>', lang, as_html(shown.text, carried(request)))


@register.simple_tag
def fiches(number):
    """« 3 initiatives »; in French zero is singular."""
    plural = number if get_language() == "en" else max(number, 1)
    return ngettext("%(n)s initiative", "%(n)s initiatives", plural) % {"n": number}


@register.filter
def nom_du_critere(parametre):
    """A parameter of the list as the page calls it; its own name where the list has none such."""
    found = InitiativeFilter.base_filters.get(parametre)
    return found.label if found and found.label else parametre


@register.filter
def en_anglais(lignes):
    """The first of these help lines that says that it answers in English, or None."""
    return help_lines.in_english(lignes)


@register.simple_tag(takes_context=True)
def mots(context, ligne):
    """A line of what a fiche says, each stretch in its language and leading where it leads."""
    return SafeString("".join([stretch(context, part) for part in ligne]))


@register.simple_tag(takes_context=True)
def mots_en_lignes(context, lignes):
    """Several of them."""
    return SafeString("<br>".join([mots(context, ligne) for ligne in lignes]))


def stretch(context, part: words.Part) -> str:
    """As HTML. A fiche has fifty: made here, where `format_html` would take five times as long."""
    body = escape(part.text)
    if part.page:
        body = f'<a href="{escape(lien(context, *part.page))}">{body}</a>'
    elif part.link:
        body = f'<a href="{escape(part.link)}" rel="noreferrer">{body}</a>'
    if part.strong:
        body = f"<strong>{body}</strong>"
    if part.lang:
        tag = "cite" if part.cite else "span"
        return f'<{tag} lang="{escape(part.lang)}">{body}</{tag}>'
    return body
