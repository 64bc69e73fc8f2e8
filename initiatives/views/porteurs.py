"""The organisations that carry what a list holds, found by a name: where the list itself shows the foremost alone."""

from django.http import QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from initiatives.core.admission import SEARCH, admitted
from initiatives.core.versioned import remembered
from initiatives.finding.facets import FacetValue, count_facets
from initiatives.finding.filters import InitiativeFilter, ParameterError, unreadable
from initiatives.finding.porteurs import NAME, named, names

from .answers import as_json, refused_json
from .errors import refused_page
from .public import public_data, public_page

SHOWN = 200
LONGEST = 100  # characters of a name


def asked(request) -> tuple[str, InitiativeFilter, list[ParameterError]]:
    """The name typed, the list that the other parameters ask for, and what is wrong with them."""
    given: QueryDict = request.GET.copy()
    typed = " ".join(given.pop(NAME, [])).strip()
    filterset = InitiativeFilter(given, request.data_version)
    errors = [*unreadable(NAME, [typed]), *filterset.errors_found()]
    if len(typed) > LONGEST:
        errors.append(ParameterError(NAME, typed[:LONGEST], _("Un nom a au plus %(n)s caractères.") % {"n": LONGEST}))
    return typed, filterset, errors


def offering(request, typed: str, filterset: InitiativeFilter) -> list[FacetValue]:
    """The organisations of the list that a name names, those of most fiches first; all of them without a name. One
    query for a version of the data, and those of `count_facets`."""
    values = count_facets(filterset).facettes["porteur"]
    if typed:
        wanted = named(typed, remembered("noms des porteurs", request.data_version, names))
        values = [value for value in values if value.valeur in wanted]
    else:
        values = [value for value in values if value.nombre or value.choisie]
    return sorted(values, key=lambda value: -value.nombre)


@public_page
@admitted(SEARCH)
def porteurs_page(request):
    """The organisations of a list, each leading to the list with it or without it. Three queries at most."""
    typed, filterset, errors = asked(request)
    if errors:
        return refused_page(request, filterset, errors)
    found = offering(request, typed, filterset)
    context = {
        "nom": typed,
        "gardes": [(name, value) for name, values in filterset.data.lists() if name != "page" for value in values],
        "porteurs": [(value, filterset.toggled("porteur", value.valeur)) for value in found[:SHOWN]],
        "tus": max(0, len(found) - SHOWN),
        "liste": filterset.without("page"),
    }
    return render(request, "initiatives/porteurs.html", context)


@public_data
@admitted(SEARCH)
def porteurs_json(request):
    """The same as data: how many are found, and the first of them."""
    typed, filterset, errors = asked(request)
    if errors:
        return refused_json(errors)
    found = offering(request, typed, filterset)
    return as_json({"total": len(found), "resultats": [vars(value) for value in found[:SHOWN]]})
