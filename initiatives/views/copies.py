"""The page that searches a copy of the site, in the place of the questions that need one (publishing/copies)."""

from django.shortcuts import render
from django.utils.translation import get_language

from initiatives.core.versioned import data_version
from initiatives.finding.facets import count_facets
from initiatives.finding.filters import InitiativeFilter
from initiatives.finding.voices import voices

OPEN = ("region", "clientele")
LEFT = ("porteur", "besoin")  # organisations have a page of their own, needs are said by who speaks


def search_page(request):
    """A form that a script answers from a file beside it and, for everybody, every list of one choice. No address of
    the site leads here. Queries: version, help lines, and the counts without the index in the process.
    """
    request.data_version = data_version()
    everything = InitiativeFilter.of_everything(request.data_version)
    counts = count_facets(everything, porteurs=0)
    context = {
        "total": counts.total,
        "voix": voices(counts),
        "facettes": [
            (name, InitiativeFilter.label(name, get_language()), values, name in OPEN)
            for name, values in counts.facettes.items()
            if name not in LEFT
        ],
    }
    return render(request, "copie/recherche.html", context)
