"""What the views give one another: answers as JSON and CSV, refusals, pages, and where a former fiche went."""

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import wraps

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import get_language, ngettext, override

from initiatives.core.addresses import absolute
from initiatives.core.enums import a_year_after
from initiatives.core.versioned import ANSWERS
from initiatives.finding.filters import InitiativeFilter, ParameterError
from initiatives.keeping import merging
from initiatives.models import Initiative
from initiatives.publishing import dataset, rows

from .context import is_discreet
from .errors import gone

# Lines of a CSV file that are read and sent at a time: few at first, so that it begins at once.
FIRST_LINES, LINES = 50, 250
MAX_LINKS = 3000  # characters


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


def as_text(data) -> str:
    """As JSON."""
    return json.dumps(data, ensure_ascii=False)


def of_fiches(view):
    """Data of fiches: while a column is about to leave, each answer says since when and until when (RFC 9745, 8594)."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if leaving := [column.leaves for column in dataset.COLUMNS if column.leaves]:
            said = datetime.combine(min(leaving), time(), UTC).timestamp()
            until = datetime.combine(a_year_after(min(leaving)), time(), UTC).timestamp()
            where = f'<{absolute(reverse("donnees"))}#stabilite>; rel="deprecation"'
            response.headers["Deprecation"], response.headers["Sunset"] = f"@{said:.0f}", http_date(until)
            response.headers["Link"] = ", ".join(filter(None, [response.headers.get("Link"), where]))
        return response

    return answer


def json_answer(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, content_type="application/json", status=status)


def as_json(data, status: int = 200) -> HttpResponse:
    return json_answer(as_text(data), status)


def refused_json(errors: list[ParameterError], status: int = 400) -> HttpResponse:
    """What of an address cannot be answered, as data; 404 where the address would be right in a longer list."""
    return as_json({"erreurs": [vars(error) for error in errors]}, status)


def fiche_texts(request, numeros: list[int]) -> list[str]:
    """These public fiches as JSON, in this order, each made once for a version of the data; one gone meanwhile is left
    out. No query, or those of `rows.read` for the ones that are not made yet."""
    version, address = request.data_version, dataset.addresses(absolute)
    keys = {numero: (version, "fiche", get_language(), address(""), numero) for numero in numeros}
    texts = {numero: ANSWERS.get(key) for numero, key in keys.items()}
    for fiche in rows.fiches([numero for numero, text in texts.items() if text is None], version):
        texts[fiche.numero] = dataset.as_text(fiche, address).encode()
        ANSWERS.put(keys[fiche.numero], texts[fiche.numero])
    return [text.decode() for text in texts.values() if text is not None]


def as_csv(request, numeros: Sequence[int], name: str) -> StreamingHttpResponse:
    """These public fiches as a CSV file, streamed; in the discreet mode the name of the file says nothing.

    Some fiches are read at a time, each time by a statement of its own: a slow reader holds none open, and memory stays
    flat. One that is gone meanwhile is left out. Queries: those of `rows.read`, at each time.
    """
    language, address = get_language(), dataset.addresses(absolute)

    def lines(start: int, stop: int) -> str:
        with override(language):
            fiches = rows.fiches(list(numeros[start:stop]), request.data_version)
            return dataset.csv_lines(fiches, address)

    # The first lines are made before the answer begins: a database that fails is a 503, not an empty file.
    first = "\N{ZERO WIDTH NO-BREAK SPACE}" + dataset.csv_headings() + lines(0, FIRST_LINES)

    def chunks():
        yield first
        for start in range(FIRST_LINES, len(numeros), LINES):
            yield lines(start, start + LINES)

    response = StreamingHttpResponse(chunks(), content_type="text/csv; charset=utf-8")
    name = "document.csv" if is_discreet(request) else name
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def in_one_file(request, numeros: Sequence[int]) -> StreamingHttpResponse:
    """These public fiches as one JSON file, read and streamed as `as_csv` does, with the version of the data from which
    a copy asks for what changed. None is kept: there may be more of them than a memory holds. Queries: those of
    `rows.read`, at each time.
    """
    language, address = get_language(), dataset.addresses(absolute)

    def texts(start: int, stop: int) -> str:
        with override(language):
            fiches = rows.fiches(list(numeros[start:stop]), request.data_version)
            return ", ".join(dataset.as_text(fiche, address) for fiche in fiches)

    first = texts(0, FIRST_LINES)

    def chunks():
        begun = bool(first)
        yield f'{{"version": {request.data_version}, "total": {len(numeros)}, "resultats": [{first}'
        for start in range(FIRST_LINES, len(numeros), LINES):
            if more := texts(start, start + LINES):
                yield f", {more}" if begun else more
                begun = True
        yield "]}"

    return StreamingHttpResponse(chunks(), content_type="application/json")


def misread(request, *names: str) -> list[ParameterError]:
    """What of these parameters cannot be answered, read as those of the list are. No query."""
    given = QueryDict(mutable=True)
    for name in names:
        given.setlist(name, request.GET.getlist(name))
    return InitiativeFilter(given).errors_found()


def number_of_pages(total: int, per_page: int) -> int:
    """An empty list has one page."""
    return max(1, math.ceil(total / per_page))


def links_to_pages(path: str, filterset: InitiativeFilter, pages: int) -> str:
    """The header Link that leads to the other pages of a list (RFC 8288), the next one first: as many as fit in what a
    proxy takes for a header.
    """
    page, rest = filterset.page_number, filterset.without("page")
    wanted = {"next": page + 1, "prev": page - 1, "first": 1, "last": pages}
    links, length = [], 0
    for rel, number in wanted.items():
        if 1 <= number <= pages:
            query = f"{rest}&page={number}".lstrip("&")
            links.append(f'<{absolute(path)}?{query}>; rel="{rel}"')
            length += len(links[-1]) + 2
            if length > MAX_LINKS:
                links.pop()
                break
    return ", ".join(links)


def past_the_last(filterset: InitiativeFilter, pages: int) -> ParameterError:
    message = ngettext("La liste n'a que %(pages)s page.", "La liste n'a que %(pages)s pages.", pages)
    message = message % {"pages": pages}
    return ParameterError("page", str(filterset.page_number), message)
