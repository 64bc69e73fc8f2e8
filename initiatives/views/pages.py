"""The home page and the help page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.facets import count_facets
from initiatives.filters import InitiativeFilter
from initiatives.models import Source


@require_safe
def home(request):
    """Help lines, the search, and the ways in with their counts. Three queries: lines, counts, source."""
    counts = count_facets(valid_filter())
    context = {"total": counts.total, "facettes": counts.facettes, "source": Source.objects.first()}
    return render(request, "initiatives/accueil.html", context)


@require_safe
def help_page(request):
    """Who to call, and what to do. One query."""
    return render(request, "initiatives/aide.html")


def valid_filter() -> InitiativeFilter:
    """The filter that asks for nothing: every public fiche."""
    from django.http import QueryDict

    filterset = InitiativeFilter(QueryDict())
    filterset.errors_found()
    return filterset
