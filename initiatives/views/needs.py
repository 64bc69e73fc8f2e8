"""The needs, in plain words."""

from copy import copy

from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import render

from initiatives.finding.facets import count_facets
from initiatives.finding.filters import InitiativeFilter
from initiatives.finding.voices import voices
from initiatives.models import LigneAide

from .public import public_page


@public_page
def needs_page(request):
    """Every need by who speaks, with the number of its fiches; those of danger first, with who to call.

    Three queries: version, help lines, and those of the needs of danger; counts and needs too without the index in the
    process.
    """
    groups = voices(count_facets(InitiativeFilter.of_everything(request.data_version), few=("besoin",)))
    # Copies, for what is fetched is hung on them, and other requests read these too.
    dangers = [(copy(need), value) for voice in groups for need, value in voice.besoins if need.urgence]
    shown = Prefetch("lignes", LigneAide.objects.affichees(), to_attr="lignes_affichees")
    prefetch_related_objects([need for need, _value in dangers], shown)
    return render(request, "initiatives/besoins.html", {"voix": groups, "dangers": dangers})
