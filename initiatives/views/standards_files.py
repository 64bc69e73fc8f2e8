"""The open data as files, and what describes these files to tools."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiatives.core.admission import SLOW, admitted
from initiatives.core.versioned import last_change, remembered
from initiatives.finding.filters import InitiativeFilter, ParameterError
from initiatives.finding.index import numbers, total
from initiatives.publishing import organisations_data, rows
from initiatives.publishing.rows import Fiche
from initiatives.publishing.standards import archive, database, packages, workbook

from .answers import LINES, as_csv, as_json, as_text, in_one_file, number_of_pages, past_the_last, refused_json
from .bulk import SHARED
from .context import is_discreet
from .public import public_data

MAKING = Lock()
PIECE = 64 * 1024  # bytes


@public_data
def datapackage(request):
    """The Frictionless package of the CSV file. Two queries: version, documents."""
    changed = last_change(request.data_version)
    return as_json(packages.datapackage(packages.sources(), changed))


@public_data
def csv_metadata(request):
    """The CSV file as CSV on the Web describes it. Two queries: version, documents."""
    return as_json(packages.csv_metadata(packages.sources()))


class Made:
    """A file made once for a version of the data, on the disk: a large directory's is heavier than a memory is for. It
    has no other reader than its process, and goes with it, or when a newer one takes its place.
    """

    def __init__(self, write: Callable[[Path], None]):
        self.file = NamedTemporaryFile(prefix="repertoire-")  # noqa: SIM115 - kept open for as long as it is kept
        write(Path(self.file.name))

    def pieces(self) -> Iterator[bytes]:
        """Opened when somebody reads it: whoever is told that nothing is new opens nothing. It is kept until then."""
        with Path(self.file.name).open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def answer(self, request, name: str, content_type: str) -> StreamingHttpResponse:
        """The file, to be kept; in the discreet mode its name says nothing."""
        name = f"document.{name.rpartition('.')[2]}" if is_discreet(request) else name
        response = StreamingHttpResponse(self.pieces(), content_type=content_type)
        response.headers["Content-Length"] = str(Path(self.file.name).stat().st_size)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Cache-Control"] = SHARED
        return response


def kept_file(request, kind: str, write: Callable[[Path], None]) -> Made:
    """The file of that kind in the active language; one thread makes it, the others wait for it."""
    with MAKING:
        return remembered(f"{kind} {get_language()}", request.data_version, lambda: Made(write))


def every_number(request) -> Sequence[int]:
    return numbers(InitiativeFilter.of_everything(request.data_version))


def in_batches(request, numeros: Sequence[int]) -> Iterator[list[Fiche]]:
    """These fiches, some at a time. Queries: those of `rows.read`, at each time."""
    for start in range(0, len(numeros), LINES):
        yield rows.fiches(list(numeros[start : start + LINES]), request.data_version)


@public_data
@admitted(SLOW)
def whole_zip(request):
    """Every fiche and organisation, described, as one ZIP. One query; in a new version, documents, organisations, and
    twice those of the fiches."""
    changed = last_change(request.data_version)

    def write(path: Path) -> None:
        numeros, organisations = every_number(request), organisations_data.rows()
        told = as_text({"total": len(organisations), "resultats": organisations})
        files = {
            packages.CSV_NAME: as_csv(request, numeros, packages.CSV_NAME),
            archive.JSON_NAME: in_one_file(request, numeros),
            archive.ORGANISATIONS_NAME: [told.encode()],
        }
        archive.write(path, files, packages.sources(), changed)

    return kept_file(request, "zip", write).answer(request, "repertoire.zip", "application/zip")


@public_data
@admitted(SLOW)
def whole_sqlite(request):
    """The same as a SQLite database. One query; in a new version, documents, organisations, and those of the fiches."""
    changed = last_change(request.data_version)

    def write(path: Path) -> None:
        batches = in_batches(request, every_number(request))
        database.write(path, batches, organisations_data.rows(), packages.sources(), changed)

    return kept_file(request, "sqlite", write).answer(request, "repertoire.sqlite", "application/vnd.sqlite3")


@public_data
@admitted(SLOW)
def list_xlsx(request):
    """The list as a workbook, or a page of it. Queries: version, documents, what the list holds without the index in
    the process, and those of the fiches."""
    filterset = InitiativeFilter(request.GET, request.data_version)
    if errors := filterset.errors_found():
        return refused_json(errors)
    start, stop, found = 0, None, total(filterset)
    if filterset.data.keys() & {"page", "par_page"}:
        pages = number_of_pages(found, filterset.per_page)
        if filterset.page_number > pages:
            return refused_json([past_the_last(filterset, pages)], 404)
        start = (filterset.page_number - 1) * filterset.per_page
        stop = start + filterset.per_page
    elif found > workbook.MAX_FICHES:
        message = _("Un classeur a au plus %(n)s fiches : prenez le CSV, ou demandez-le par pages.")
        return refused_json([ParameterError("", "", message % {"n": workbook.MAX_FICHES})])
    batches = in_batches(request, numbers(filterset, start, stop))
    content = workbook.workbook(batches, packages.sources(), last_change(request.data_version))
    response = HttpResponse(content, content_type=workbook.TYPE)
    name = "document.xlsx" if is_discreet(request) else "initiatives.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
