"""What changed: as data, to keep a copy in step; as a feed, to be told of a region or of any other filter."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.core.addresses import absolute
from initiatives.core.admission import SEARCH, admitted
from initiatives.core.versioned import last_change
from initiatives.finding.changes import Since, addresses_of, changes, latest
from initiatives.finding.filters import InitiativeFilter, ParameterError
from initiatives.finding.index import numbers, total
from initiatives.models import Changement
from initiatives.publishing import dataset, rows
from initiatives.publishing.feed import feed

from .answers import as_json, number_of_pages, past_the_last, refused_json
from .pdf import titled, values_in_words
from .public import public_data

PLACES = {column.name: place for place, column in enumerate(dataset.COLUMNS)}


@public_data
def changes_json(request):
    """What changed since a version, a mark or a day, at most 500 at a time. Three queries: version, changes, and the
    addresses of what is public."""
    given = list(dict.fromkeys(request.GET.getlist("depuis")))
    text = ", ".join(given)
    since = Since.read(text)
    if since is None:
        message = _("Une version (41), une marque (41-104) ou un jour (2026-11-29).")
        return refused_json([ParameterError("depuis", text, message)])
    if since.version > request.data_version:
        message = _("Cette version n'existe pas ici : reprenez tout, puis demandez la suite.")
        return refused_json([ParameterError("depuis", text, message)], 404)
    found, mark = changes(since, request.data_version)
    slugs = addresses_of(found)
    rest = f"{absolute(reverse('changements-json'))}?depuis={mark}" if mark != str(request.data_version) else None
    told = [as_told(change, slugs) for change in found]
    answer = as_json({"version": request.data_version, "marque": mark, "suite": rest, "changements": told})
    if rest:
        answer.headers["Link"] = f'<{rest}>; rel="next"'
    return answer


def as_told(change: Changement, slugs: dict[int, str]) -> dict:
    """A change as the contract prints it; the addresses of what is not public any more are not said. A column may have
    left since: it is told as it was, last."""
    slug = slugs.get(change.numero)
    return {
        "numero": change.numero,
        "nature": change.nature,
        "version": change.version,
        "fait_le": change.fait_le.isoformat(timespec="seconds"),
        "colonnes": sorted(change.colonnes, key=lambda name: PLACES.get(name, len(PLACES))),
        "vers": change.vers if change.vers in slugs else None,
        "url": absolute(reverse("initiative", args=[slug])) if slug else None,
        "json": absolute(reverse("initiative-json", args=[slug])) if slug else None,
    }


@public_data
@admitted(SEARCH)
def changes_feed(request):
    """The fiches of a list, those whose record changed last first. Four queries, and those of `rows.read`.

    Never of a search: whoever subscribes asks again for years, and its words would be written each time.
    """
    filterset = InitiativeFilter(request.GET, request.data_version)
    errors = filterset.errors_found()
    if filterset.data.get("q"):
        errors.append(ParameterError("q", "", _("Un fil suit des filtres, jamais les mots d'une recherche.")))
    if errors:
        return refused_json(errors)
    pages, page = number_of_pages(total(filterset), filterset.per_page), filterset.page_number
    if page > pages:
        return refused_json([past_the_last(filterset, pages)], 404)
    start = (page - 1) * filterset.per_page
    found = latest(list(numbers(filterset)), start, start + filterset.per_page)
    by_number = {fiche.numero: fiche for fiche in rows.fiches([row.numero for row in found], request.data_version)}
    text = feed(
        titled(_("Répertoire : ce qui change"), values_in_words(filterset)),
        address_with(reverse("initiatives"), filterset.without("page", "par_page")),
        pages_around(reverse("initiatives-atom"), filterset, page, pages),
        last_change(request.data_version),
        [(row, by_number[row.numero]) for row in found if row.numero in by_number],
        absolute,
    )
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


def address_with(path: str, query: str) -> str:
    return absolute(f"{path}?{query}" if query else path)


def pages_around(path: str, filterset: InitiativeFilter, page: int, pages: int) -> dict[str, str]:
    """The addresses of a page of a feed and of those around it, by relation."""
    rest = filterset.without("page")

    def of(number: int) -> str:
        return address_with(path, "&".join(filter(None, [rest, f"page={number}" if number > 1 else ""])))

    around = {"self": page, "first": 1, "previous": page - 1, "next": page + 1}
    return {rel: of(number) for rel, number in around.items() if 1 <= number <= pages}
