"""The home page and the help page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.facets import count_facets
from initiatives.filters import InitiativeFilter
from initiatives.models import Source


@require_safe
def home(request):
    """Help lines, the search, and the ways in with their counts. Three queries: lines, counts, source."""
    counts = count_facets(InitiativeFilter.of_everything())
    context = {"total": counts.total, "facettes": counts.facettes, "source": Source.objects.first()}
    return render(request, "initiatives/accueil.html", context)


@require_safe
def help_page(request):
    """Who to call, and what to do. One query."""
    return render(request, "initiatives/aide.html")
