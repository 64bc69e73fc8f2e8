"""Data in one file: every fiche, organisation and region, for who copies the directory; and an organisation alone."""

from collections import defaultdict

from django.db.models import Count
from django.http import StreamingHttpResponse

from initiatives.core.admission import SLOW, admitted
from initiatives.core.enums import Regions
from initiatives.finding import statistics
from initiatives.finding.filters import InitiativeFilter
from initiatives.finding.index import numbers
from initiatives.models import Region, Sondage
from initiatives.publishing import organisations_data, regions_data

from .answers import as_json, in_one_file, of_fiches
from .public import public_data
from .territory import former

SHARED = "public, max-age=300"  # a copy that anybody may keep for five minutes


@public_data
@of_fiches
@admitted(SLOW)
def every_fiche(request) -> StreamingHttpResponse:
    """Every public fiche as the list's JSON prints it, without facets nor pages, streamed. Queries: version, their
    numbers without the index in the process, and those of `in_one_file`."""
    response = in_one_file(request, numbers(InitiativeFilter.of_everything(request.data_version)))
    response.headers["Cache-Control"] = SHARED
    return response


@public_data
@admitted(SLOW)
def every_organisation(request):
    """Every public organisation. Two queries: version and organisations."""
    rows = organisations_data.rows()
    return as_json({"total": len(rows), "resultats": rows})


@public_data
def organisation(request, slug):
    """An organisation as `every_organisation` prints it. Two queries; a third where there is none: a merged one leads
    to where it is."""
    rows = organisations_data.rows(lambda organismes: organismes.filter(slug=slug))
    return as_json(rows[0]) if rows else former(request, slug)


@public_data
def every_region(request):
    """The sixteen regions of the report, Gaspésie's zero included. Four queries: version, counts, neighbours, milieux
    surveyed."""
    found, neighbours = statistics.by_region(), defaultdict(list)
    pairs = Region.voisines.through.objects.order_by("to_region__ordre")
    for here, there in pairs.values_list("from_region_id", "to_region_id"):
        neighbours[here].append(there)
    surveyed = dict(Sondage.objects.publics().order_by().values_list("region_id").annotate(Count("pk")))
    rows = [
        regions_data.Row(code, found[code]["total"][""], found[code]["stade"], neighbours[code], surveyed.get(code, 0))
        for code in Regions.values
    ]
    return as_json({"total": len(rows), "resultats": [regions_data.as_data(row) for row in rows]})
