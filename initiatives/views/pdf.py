"""Fiches as PDF: one, those chosen one by one, and those that the filters of the list leave."""

from functools import wraps

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from initiatives.core.addresses import absolute
from initiatives.core.admission import DOCUMENT
from initiatives.core.cells import whole_number
from initiatives.core.enums import BandeAge
from initiatives.core.versioned import data_version
from initiatives.finding.filters import InitiativeFilter, ParameterError
from initiatives.finding.index import total
from initiatives.finding.selection import chosen, nothing_chosen
from initiatives.models import Initiative
from initiatives.publishing import pdf, words

from .answers import number_of_pages, or_former, past_the_last, refused_json
from .context import is_discreet, lines_shown
from .packing import packed, unpacked
from .public import is_whole, news_only, with_present_names

MAX_FICHES = 500
MAX_NAMED = 3  # values of filters in a title or a file's name


def public_pdf(view):
    """As `public_data`, with a memory of its own: documents are heavy, and say the day. A search is not kept.

    A document that is in no memory asks for a place among those who make one. It is what one prints and hands over: a
    browser keeps no copy of its own.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        request.data_version = data_version()
        key = (request.data_version, localdate(), request.get_full_path())
        kept = None if "q" in request.GET else pdf.DOCUMENTS.get(key)
        response = unpacked(kept) if kept else made(request, view, args, kwargs, key)
        response.headers["Cache-Control"] = "no-store"
        return news_only(request, response)

    return csrf_exempt(require_safe(answer))


def made(request, view, args, kwargs, key) -> HttpResponse:
    request.places.take(DOCUMENT)
    response = with_present_names(request, view(request, *args, **kwargs))
    if is_whole(request, response) and "q" not in request.GET:
        pdf.DOCUMENTS.put(key, packed(response))
    return response


@public_pdf
@or_former
def fiche(request, slug):
    """A fiche as a PDF. Five queries: version, fiche, links, porteurs, help lines."""
    initiative = get_object_or_404(pdf.with_relations(Initiative.objects.publiees()), slug=slug)
    body = pdf.of_one(initiative, lines_shown(request), absolute, discreet_title(request))
    return as_pdf(request, body, f"{initiative.slug}.pdf")


@public_pdf
def filtered_list(request):
    """The whole list as a PDF, one page of it when `page` or `par_page` is given. Six queries at most.

    Version, fiches, links, porteurs, help lines, and porteurs asked for; a search adds its own, and so does the count
    of a page without the index in the process.
    """
    filterset = InitiativeFilter(request.GET, request.data_version)
    if errors := filterset.errors_found():
        return refused_json(errors)
    start, end = 0, MAX_FICHES + 1
    if filterset.data.keys() & {"page", "par_page"}:
        pages = number_of_pages(total(filterset), filterset.per_page)
        if filterset.page_number > pages:
            return refused_json([past_the_last(filterset, pages)], 404)
        start, end = (filterset.page_number - 1) * filterset.per_page, filterset.page_number * filterset.per_page
    rows = list(pdf.with_relations(filterset.qs)[start:end])
    if len(rows) > MAX_FICHES:
        message = _("Un document ne contient pas plus de %(n)s fiches. Ajoutez un filtre.") % {"n": MAX_FICHES}
        return refused_json([ParameterError("", "", message)])
    choices = filters_in_words(filterset)
    facets = [
        name for parameter, (_label, names) in choices.items() if parameter in filterset.facets() for name in names
    ]
    title = titled(_("Répertoire des initiatives"), facets)
    sentences = [label + words.colon() + ", ".join(names) for label, names in choices.values()]
    if filterset.form.cleaned_data["q"]:
        sentences.append(_("Une recherche par mots a aussi été faite. Ses mots ne sont pas écrits dans ce document."))
    body = pdf.of_many(title, sentences, rows, lines_shown(request), absolute, discreet_title(request))
    regions = filterset.data.getlist("region")
    return as_pdf(request, body, "-".join(["repertoire", *regions[:MAX_NAMED]]) + ".pdf")


@public_pdf
def selection(request):
    """The fiches that the address chooses, as a PDF. Five queries: version, fiches, links, porteurs, help lines."""
    rows = chosen(request.GET, pdf.with_relations(Initiative.objects.publiees()))
    if not rows:
        return refused_json([nothing_chosen()])
    title = _("Une sélection d'initiatives")
    body = pdf.of_many(title, [], rows, lines_shown(request), absolute, discreet_title(request))
    return as_pdf(request, body, "selection.pdf")


def filters_in_words(filterset: InitiativeFilter) -> dict[str, tuple[str, list[str]]]:
    """What narrowed the list, search words left out: by parameter, its name in words and those of the values chosen."""
    given, found = filterset.form.cleaned_data, {}
    for name, facet in filterset.facets().items():
        codes = filterset.data.getlist(name)
        if name in ("porteur", "besoin"):
            names = [row.nom for row in given[name]]
        elif name == "age" and codes and whole_number(codes[0]) is not None:
            names = [_("%(age)s ans") % {"age": int(codes[0])}]
        else:
            enum = facet.enum or BandeAge
            names = [str(enum(code).label) for code in dict.fromkeys(codes)]
        found[name] = str(facet.label), names
    for name in ("annee_min", "annee_max"):
        found[name] = str(filterset.filters[name].label), [] if given[name] is None else [str(given[name])]
    return {name: said for name, said in found.items() if said[1]}


def values_in_words(filterset: InitiativeFilter) -> list[str]:
    """The values chosen, in words, without the names of their parameters."""
    return [name for _label, names in filters_in_words(filterset).values() for name in names]


def titled(title: str, names: list[str]) -> str:
    """A title that names what the list was narrowed by, when it takes few words."""
    return " · ".join([title, *names]) if len(names) <= MAX_NAMED else title


def discreet_title(request) -> str:
    """What a reader's window shows of the document in the discreet mode; empty out of it."""
    return _("Page d'information") if is_discreet(request) else ""


def as_pdf(request, body: bytes, name: str) -> HttpResponse:
    """Shown by the browser rather than kept by it; in the discreet mode the name of the file says nothing."""
    response = HttpResponse(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{"document.pdf" if is_discreet(request) else name}"'
    return response
