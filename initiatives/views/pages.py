"""The home page and the help page."""

from django.shortcuts import render

from initiatives.facets import count_facets
from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative

from .public import public_page


@public_page
def home(request):
    """Help lines, the search, and the ways in with their counts. Three queries: lines, counts, those of the report."""
    counts = count_facets(InitiativeFilter.of_everything(), porteurs=False)
    context = {
        "total": counts.total,
        "du_rapport": Initiative.objects.publiees().du_rapport().count(),
        "facettes": counts.facettes,
    }
    return render(request, "initiatives/accueil.html", context)


@public_page
def help_page(request):
    """Who to call, and what to do. One query."""
    return render(request, "initiatives/aide.html")


@public_page
def discreet_page(request):
    """What leaving quickly does and does not do, and how to erase a history. One query."""
    return render(request, "initiatives/navigation_discrete.html")
