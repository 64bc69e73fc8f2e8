"""What the views give one another: answers as JSON and CSV, refusals, pages, and where a former fiche went."""

import csv
import itertools
import math
from functools import wraps

from django.http import Http404, HttpResponsePermanentRedirect, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import ngettext

from initiatives.finding.filters import InitiativeFilter, ParameterError
from initiatives.keeping import merging
from initiatives.models import Initiative
from initiatives.publishing import dataset

from .context import is_discreet
from .errors import gone


def or_former(view):
    """A fiche that is not public any more, but was: 301 to the one it was merged into, else 410. Two queries more.

    A draft that never was public stays a 404, like a fiche that never existed.
    """

    @wraps(view)
    def answer(request, slug):
        try:
            return view(request, slug)
        except Http404:
            former = (
                Initiative.objects.filter(slug=slug, publiee_le__isnull=False).select_related("fusionnee_dans").first()
            )
            if former is None:
                raise
            target = merging.lives_in(former)
            if target is None:
                return gone(request)
            address = reverse(request.resolver_match.url_name, args=[target.slug])
            query = request.GET.urlencode()
            return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)

    return answer


def as_json(data, status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})


def refused_json(errors: list[ParameterError]) -> JsonResponse:
    return as_json({"erreurs": [vars(error) for error in errors]}, status=400)


def as_csv(request, rows, name: str) -> StreamingHttpResponse:
    """Fiches with their relations as a CSV file, streamed; in the discreet mode the name of the file says nothing."""
    writer, rows = csv.writer(Echo(), delimiter=";", quoting=csv.QUOTE_ALL), iter(rows)
    # The first row is asked for before the answer begins: a database that fails is a 503, not an empty file.
    first = list(itertools.islice(rows, 1))

    def lines():
        yield "\N{ZERO WIDTH NO-BREAK SPACE}" + writer.writerow(dataset.headings())
        for row in itertools.chain(first, rows):
            yield writer.writerow(dataset.csv_row(row, request.build_absolute_uri))

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    name = "document.csv" if is_discreet(request) else name
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class Echo:
    """A file that gives back what is written to it, for streaming."""

    def write(self, value):
        return value


def number_of_pages(total: int, per_page: int) -> int:
    """An empty list has one page."""
    return max(1, math.ceil(total / per_page))


def past_the_last(filterset: InitiativeFilter, pages: int) -> ParameterError:
    message = ngettext("La liste n'a que %(pages)s page.", "La liste n'a que %(pages)s pages.", pages)
    message = message % {"pages": pages}
    return ParameterError("page", str(filterset.page_number), message)
