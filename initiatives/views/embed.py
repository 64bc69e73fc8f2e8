"""A list that another site shows inside a page of its own: without script, help lines first, every link leading out."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.core.admission import SEARCH, admitted
from initiatives.finding.filters import InitiativeFilter
from initiatives.finding.index import numbers, total
from initiatives.models import Initiative
from initiatives.publishing import words

from .changes import address_with
from .pdf import titled, values_in_words
from .public import public_page

SHOWN = 20  # fiches in a frame: the site itself shows the rest


@public_page
@admitted(SEARCH)
def embedded_list(request):
    """The first fiches of a list, with the parameters of the list. Five queries: version, rows, links, porteurs, lines.

    Never a search: its words would stay in the address of another site's frame.
    """
    filterset = InitiativeFilter(request.GET, request.data_version)
    if filterset.errors_found() or filterset.data.get("q"):
        return render(request, "initiatives/integrer.html", {"refusee": True}, status=400)
    found, number = list(numbers(filterset, 0, SHOWN)), total(filterset)
    rows = Initiative.objects.publiees().avec_relations().in_bulk(found)
    context = {
        "titre": titled(_("Initiatives contre l'exploitation sexuelle des mineurs"), values_in_words(filterset)),
        "fiches": [(rows[numero], words.brief(rows[numero])) for numero in found if numero in rows],
        "total": number,
        "autres": max(0, number - SHOWN),
        "adresse": address_with(reverse("initiatives"), filterset.without("page", "par_page")),
    }
    return render(request, "initiatives/integrer.html", context)
