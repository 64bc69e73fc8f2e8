"""The list, as a page and as data, and a fiche as data."""

from collections.abc import Sequence

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from initiatives.core.addresses import absolute
from initiatives.core.admission import SEARCH, SLOW, admitted
from initiatives.core.cells import whole_number
from initiatives.finding.cards import cards
from initiatives.finding.facets import count_facets
from initiatives.finding.filters import TRIS, InitiativeFilter
from initiatives.finding.index import numbers, total
from initiatives.finding.needs import chosen, heard, help_lines
from initiatives.finding.porteurs import NAME
from initiatives.finding.relaxation import relaxations
from initiatives.finding.resources import matching
from initiatives.finding.shares import shares, silent
from initiatives.finding.voices import voices
from initiatives.models import Besoin
from initiatives.publishing import dataset, rows

from .answers import (
    as_csv,
    as_text,
    fiche_texts,
    json_answer,
    links_to_pages,
    number_of_pages,
    of_fiches,
    or_former,
    past_the_last,
    refused_json,
)
from .errors import refused_page
from .public import public_data, public_page

PORTEURS = 30  # organisations that the page names; a search of its own finds the others
UNDERSTOOD = {
    "region": gettext_lazy("Vous avez nommé"),
    "stade": gettext_lazy("Vous avez précisé"),
    "clientele": gettext_lazy("Pour qui"),
    "sexe": gettext_lazy("D'abord pour"),
    "age": gettext_lazy("Âge"),
    "mineurs": gettext_lazy("Âge"),
}
# What the form shows as typed, or carries along unseen.
TYPED = ("q", "age", "annee_min", "annee_max", "exact", "par_page", "recension", "annee")
# Facets that links of the portrait ask for, and nobody browses by: drawn where something is chosen in them.
DRAWN_WHEN_CHOSEN = {"pour-qui", "strategie", "strategie-principale", "mention", "rubrique"}
# Readings of what is printed: a fiche of which they say nothing lacks nothing.
READINGS = {"pour-qui", "mention", "rubrique"}


@public_page
@admitted(SEARCH)
def list_page(request):
    """The list. Two queries with the index in the process: version and page; besides, what is chosen among rows, words
    that no fiche has, and once the needs with their lines, and the words of resources. Without it counts, names, needs,
    porteurs and shares too.
    """
    if request.GET.get(NAME, "").strip():
        return HttpResponseRedirect(f"{reverse('porteurs')}?{request.GET.urlencode()}")
    filterset = InitiativeFilter(request.GET, request.data_version)
    if errors := filterset.errors_found():
        return refused_page(request, filterset, errors)
    counts = count_facets(filterset, porteurs=PORTEURS)
    pages = number_of_pages(counts.total, filterset.per_page)
    if filterset.page_number > pages:
        return refused_page(request, filterset, [past_the_last(filterset, pages)])
    page, parts, needs = cards(filterset), shares(filterset), heard(filterset.understanding)
    asked = chosen(filterset.form.cleaned_data["besoin"], request.data_version)
    context = {
        "filtre": filterset,
        "comptes": counts,
        "facettes": displayed_facets(filterset, counts),
        "choisies": chosen_values(filterset, counts),
        "initiatives": [card for card in page if not parts.entieres or card.tout],
        "autres": [card for card in page if parts.entieres and not card.tout],
        "partage": parts,
        "preciser": still_to_say(filterset),
        "sens": filterset.understanding,
        "danger": in_danger(filterset),
        "besoins": needs_heard(filterset, needs),
        "pour_quelqu_un": bool(needs or asked),
        "lignes": help_lines([*asked, *needs]),
        "sans_personne": silent(filterset, counts.total),
        "sans_age": filterset.without("age", "sexe", "page"),
        "comprises": understood(filterset),
        "ressources": resources_beside(filterset, bool(needs or asked)),
        "detours": [] if counts.total else relaxations(filterset),
        "page": filterset.page_number,
        "pages": pages,
        "premiere": (filterset.page_number - 1) * filterset.per_page + 1,
        "parametres": filterset.without("page"),
        "adresse": absolute(f"{request.path}?{filterset.without('discret')}".rstrip("?")),
        "tris": TRIS[1:],
        "tri_habituel": usual_order(filterset),
        "tri": filterset.form.cleaned_data["tri"],
        "saisie": {name: filterset.data.get(name, "") for name in TYPED},
    }
    return render(request, "initiatives/liste.html", context)


@public_data
@of_fiches
@admitted(SEARCH)
def list_json(request):
    """A page of the list as JSON. Two queries with the index in the process, version and the fiches that are not made
    yet, six without; in a new version four more, for what fiches share (`rows.read`). One for words that no
    fiche has, and for each facet of rows in which something is chosen."""
    filterset = InitiativeFilter(request.GET, request.data_version)
    if errors := filterset.errors_found():
        return refused_json(errors)
    counts = count_facets(filterset)
    pages = number_of_pages(counts.total, filterset.per_page)
    if filterset.page_number > pages:
        return refused_json([past_the_last(filterset, pages)], 404)
    head = {"total": counts.total, "page": filterset.page_number, "pages": pages, "par_page": filterset.per_page}
    # The contract's own order; what is made already is not read again.
    start, rest = as_text(head).removesuffix("}"), dataset.facets_as_text(counts.facettes)
    fiches = ", ".join(fiche_texts(request, page_numbers(filterset)))
    answer = json_answer(f'{start}, "resultats": [{fiches}], "facettes": {rest}}}')
    answer.headers["Link"] = links_to_pages(request.path, filterset, pages)
    return answer


@public_data
@of_fiches
@admitted(SLOW)
def list_csv(request):
    """The whole list as CSV, streamed; one page of it when `page` or `par_page` is given. Queries: version, what the
    list holds without the index in the process, and those of `as_csv`."""
    filterset = InitiativeFilter(request.GET, request.data_version)
    if errors := filterset.errors_found():
        return refused_json(errors)
    described = f'<{absolute(reverse("initiatives-csv-metadata"))}>; rel="describedby"; type="application/csvm+json"'
    if filterset.data.keys() & {"page", "par_page"}:
        pages = number_of_pages(total(filterset), filterset.per_page)
        if filterset.page_number > pages:
            return refused_json([past_the_last(filterset, pages)], 404)
        answer = as_csv(request, page_numbers(filterset), "initiatives.csv")
        links = links_to_pages(request.path, filterset, pages)
        answer.headers["Link"] = f"{described}, {links}" if links else described
        return answer
    answer = as_csv(request, numbers(filterset), "initiatives.csv")
    answer.headers["Link"] = described
    return answer


@public_data
@of_fiches
@or_former
def detail_json(request, slug):
    """A fiche as the list's JSON prints it. Two queries: version, and fiche; in a new version, what fiches share."""
    fiche = rows.of_slug(slug, request.data_version)
    if fiche is None:
        raise Http404
    return json_answer(dataset.as_text(fiche, dataset.addresses(absolute)))


def usual_order(filterset: InitiativeFilter) -> Promise:
    """The name of the order that the list has where none is asked for."""
    if filterset.form.cleaned_data["q"]:
        return dict(TRIS)["pertinence"]
    return gettext_lazy("Aide directe d'abord") if filterset.person_wanted else gettext_lazy("Ordre du rapport")


def still_to_say(filterset: InitiativeFilter) -> list[tuple[str, str]]:
    """What a form that asks for an age and a region keeps of the address; empty where both are said, or where no need
    speaks for a person. No query."""
    if not filterset.person_wanted or (filterset.data.get("age") and filterset.data.get("region")):
        return []
    rest = {"age", "region", "page"}
    return [(name, value) for name, values in filterset.data.lists() for value in values if name not in rest]


def resources_beside(filterset: InitiativeFilter, somebody: bool) -> int:
    """How many resources hold the words typed; none where they speak for somebody who needs help, and not a document.
    One query, once for a version of the data."""
    text = filterset.form.cleaned_data["q"]
    return len(matching(text, filterset.version)) if text and not somebody and not in_danger(filterset) else 0


def in_danger(filterset: InitiativeFilter) -> bool:
    """Whether what is typed, or a need that is chosen, speaks of danger now. No query."""
    meaning = filterset.understanding
    return bool(meaning and meaning.danger) or any(need.urgence for need in filterset.form.cleaned_data["besoin"])


def page_numbers(filterset: InitiativeFilter) -> Sequence[int]:
    """The numbers of the fiches of the page asked for, in order. Queries: as `numbers`."""
    start = (filterset.page_number - 1) * filterset.per_page
    return numbers(filterset, start, start + filterset.per_page)


def understood(filterset: InitiativeFilter) -> list[dict]:
    """What the search understood besides words: each with the query string that makes a filter of it, where one can."""
    meaning, said = filterset.understanding, []
    for preference in meaning.preferences if meaning else []:
        low, _dash, high = preference.value.partition("-")
        value = low if preference.kind == "age" and low == high else preference.value
        firm = preference.kind not in ("age", "mineurs") or value == low
        said.append(
            {
                "quoi": UNDERSTOOD[preference.kind],
                "libelle": preference.label,
                "parametres": filterset.toggled(preference.kind, value) if firm else "",
            }
        )
    return said


def needs_heard(filterset: InitiativeFilter, needs: list[Besoin]) -> list[dict]:
    """The needs that a search was understood as, each with the parameters that make it, and who and where were
    understood with it, a firm filter: alone, in place of the needs that were chosen."""
    meaning, given = filterset.understanding, filterset.data.copy()
    for name in ("q", "besoin", "page", "exact", "tri"):
        given.pop(name, None)
    for preference in meaning.preferences if meaning else []:
        low, _dash, high = preference.value.partition("-")
        if preference.kind in ("region", "sexe") and not given.get(preference.kind):
            given[preference.kind] = preference.value
        elif preference.kind == "age" and low == high and not given.get("age"):
            given["age"] = low
    return [{"nom": need.nom, "parametres": f"{given.urlencode()}&besoin={need.slug}".lstrip("&")} for need in needs]


def displayed_facets(filterset: InitiativeFilter, counts) -> list[dict]:
    """The facets as the page shows them: label, values, how many fiches say nothing, and whether one is chosen."""
    age, language = filterset.data.get("age", ""), get_language()
    return [
        {
            "nom": name,
            "libelle": filterset.label(name, language),
            "valeurs": values,
            "non_precise": 0 if name in READINGS else counts.non_precise.get(name, 0),
            "ouverte": bool(filterset.data.get(name)),
            "unique": name in ("sexe", "age"),
            "voix": voices(counts) if name == "besoin" else [],
            "tus": counts.porteurs_tus if name == "porteur" else None,
            # An age in figures is no value of the facet, and must not be lost when the form is sent again.
            "libre": age if name == "age" and whole_number(age) is not None else "",
        }
        for name, values in counts.facettes.items()
        if name not in DRAWN_WHEN_CHOSEN or filterset.data.get(name)
    ]


def chosen_values(filterset: InitiativeFilter, counts) -> list[dict]:
    """What is chosen, each with the query string that removes it."""
    chosen = [
        {
            "facette": str(filterset.filters[name].label),
            "libelle": value.libelle,
            "parametres": filterset.toggled(name, value.valeur),
        }
        for name, values in counts.facettes.items()
        for value in values
        if value.choisie
    ]
    age = filterset.data.get("age", "")
    if whole_number(age) is not None:
        chosen.append(
            {
                "facette": filterset.filters["age"].label,
                "libelle": _("%(age)s ans") % {"age": age},
                "parametres": filterset.without("age", "page"),
            }
        )
    for name in ("q", "annee_min", "annee_max"):
        if value := filterset.data.get(name):
            label = filterset.filters[name].label
            chosen.append({"facette": label, "libelle": value, "parametres": filterset.without(name, "page")})
    for name, said in (("annee", _("inconnue ou à venir")), ("recension", _("les fiches du rapport seulement"))):
        if filterset.data.get(name):
            label = filterset.filters[name].label
            chosen.append({"facette": label, "libelle": said, "parametres": filterset.without(name, "page")})
    return chosen
