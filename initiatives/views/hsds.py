"""The directory as HSDS serves it: services, organizations, taxonomies and their terms, one by one and by pages."""

from collections.abc import Callable, Iterable

from django.db.models import Max, Q
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override

from initiatives.core.addresses import absolute
from initiatives.core.admission import SEARCH, SLOW, admitted
from initiatives.core.versioned import remembered
from initiatives.finding.porteurs import moved
from initiatives.finding.search.words import plain, split_words
from initiatives.keeping import merging
from initiatives.models import Changement, Initiative, Organisme, Porteur
from initiatives.publishing import dataset, rows
from initiatives.publishing.standards.hsds import VERSION, openapi, organisations, places, services
from initiatives.publishing.standards.hsds.taxonomies import Vocabulary, described, of_id, taxonomies

from .answers import FIRST_LINES, LINES, as_json, as_text, number_of_pages, refused_json
from .errors import gone
from .hsds_asked import NOTHING, Asked, asked, searched, terms_asked
from .public import public_data, public_page


@public_data
def root(request):
    """What these addresses follow. No query of its own."""
    said = {"profile": absolute(reverse("hsds-profil")), "openapi_url": absolute(reverse("hsds-openapi"))}
    return as_json({"version": VERSION} | said)


@public_data
def openapi_document(request):
    """No query of its own."""
    return as_json(openapi.document(reverse("hsds")))


@public_page
def profile_page(request):
    """For people: where each thing that we say is in HSDS, and every taxonomy. One query, for the needs."""
    vocabulary = Vocabulary(request.data_version)
    context = {
        "colonnes": [(column.name, place) for column, place in places.placed()],
        "organismes": list(places.OF_ORGANISATIONS.items()),
        "taxonomies": [
            (taxonomy, taxonomy.id, list(vocabulary.terms([taxonomy]))) for taxonomy in taxonomies().values()
        ],
        "version_hsds": VERSION,
    }
    return render(request, "initiatives/hsds_profil.html", context)


# The elements of a list between two places.
Make = Callable[[int, int], Iterable[dict]]
MINIMAL = ("numero", "titre", "stade", "modifiee_le", "publiee_le")


def page_of(request, found: Asked, total: int, make: Make) -> HttpResponse:
    """A page of a list; all of it for `minimal`, and line by line as ndjson. `make(start, stop)` gives the elements."""
    if found.in_lines:
        return in_lines(request, total, make)
    whole = found.one("minimal") and "per_page" not in found.given
    per_page = max(total, 1) if whole else found.per_page
    pages = number_of_pages(total, per_page)
    if found.page > pages:
        return refused_json([found.past_the_last(pages)], 404)
    contents = list(make((found.page - 1) * per_page, found.page * per_page))
    head = {
        "total_items": total,
        "total_pages": pages,
        "page_number": found.page,
        "size": len(contents),
        "first_page": found.page == 1,
        "last_page": found.page == pages,
        "empty": not contents,
    }
    response = as_json(head | {"contents": contents})
    if told := links(request, found.page, pages):
        response.headers["Link"] = told
    return response


def in_lines(request, total: int, make: Make) -> StreamingHttpResponse:
    """Every element of a list, a line each, read and streamed some at a time: memory stays flat."""
    request.places.take(SLOW)
    language = get_language()

    def lines(start: int, stop: int) -> str:
        with override(language):
            return "".join(f"{as_text(one)}\n" for one in make(start, stop))

    first = lines(0, FIRST_LINES)  # before the answer begins: a database that fails is a 503, not an empty file

    def chunks():
        yield first
        for start in range(FIRST_LINES, total, LINES):
            yield lines(start, start + LINES)

    return StreamingHttpResponse(chunks(), content_type="application/x-ndjson")


def links(request, page: int, pages: int) -> str:
    """The header Link that leads to the pages beside (RFC 8288)."""
    query, told = request.GET.copy(), []
    for rel, number in (("next", page + 1), ("prev", page - 1)):
        if 1 <= number <= pages:
            query["page"] = str(number)
            told.append(f'<{absolute(request.path)}?{query.urlencode()}>; rel="{rel}"')
    return ", ".join(told)


def carrying(fiches: Iterable[rows.Fiche]) -> dict[str, dict]:
    """The organisation that each of these fiches names first, by slug. One query, or none."""
    slugs = {fiche.porteurs[0].slug for fiche in fiches if fiche.porteurs}
    found = Organisme.objects.filter(slug__in=slugs) if slugs else ()
    return {row.slug: organisations.basic(row) for row in found}


def full_services(fiches: list[rows.Fiche], vocabulary: Vocabulary) -> list[dict]:
    """With all that is linked to them. Three queries at most: organisations, changes, and needs once a version."""
    address, carriers, changed = dataset.addresses(absolute), carrying(fiches), changed_at(fiches)
    return [services.full(fiche, address, changed, carriers, vocabulary) for fiche in fiches]


def short_services(fiches: list[rows.Fiche], vocabulary: Vocabulary) -> list[dict]:
    """In their own fields. One query, or none: their changes."""
    address, changed = dataset.addresses(absolute), changed_at(fiches)
    return [services.listed(fiche, address, changed) for fiche in fiches]


def changed_at(fiches: Iterable) -> services.Moments:
    """When the public record of each last changed, as the database noted it. One query, or none."""
    numeros = [fiche.numero for fiche in fiches]
    changes = Changement.objects.filter(numero__in=numeros).order_by().values_list("numero")
    return dict(changes.annotate(Max("fait_le"))) if numeros else {}


@public_data
@admitted(SEARCH)
def service_list(request):
    """The public fiches as services. Five queries: version, how many, which, their rows and changes; one more where
    they are `full`."""
    found, vocabulary = asked(request.GET, "services"), Vocabulary(request.data_version)
    fiches = wanted_fiches(found, vocabulary, request.data_version)
    if found.errors:
        return refused_json(found.errors)

    if found.one("minimal"):
        request.places.take(SLOW)
    numeros = fiches.values_list("numero", flat=True)
    if found.in_lines:
        numeros = list(numeros)  # chosen once, whatever changes while they are read

    def make(start: int, stop: int) -> list[dict]:
        if found.one("minimal") and not found.in_lines:
            few = list(fiches.values_list(*MINIMAL, named=True)[start:stop])
            changed = changed_at(few)
            return [services.minimal(fiche, changed) for fiche in few]
        page = rows.fiches(list(numeros[start:stop]), request.data_version)
        if found.one("minimal"):
            changed = changed_at(page)
            return [services.minimal(fiche, changed) for fiche in page]
        return full_services(page, vocabulary) if found.one("full") else short_services(page, vocabulary)

    return page_of(request, found, len(numeros) if found.in_lines else fiches.count(), make)


def wanted_fiches(found: Asked, vocabulary: Vocabulary, version: int | None):
    """The public fiches that pass everything that is asked for."""
    wanted = terms_asked(found, vocabulary, Initiative)
    for value in found.given.get("organization_id", []):
        organisme = public_ids(version)["organization"].get(value)
        wanted &= Q(porteurs_ids__contains=[organisme]) if organisme else NOTHING
    if after := found.one("modified_after"):
        changed = Changement.objects.filter(fait_le__gte=after).values("numero")
        wanted &= Q(modifiee_le__gte=after) | Q(publiee_le__gte=after) | Q(pk__in=changed)
    return searched(found, version).filter(wanted)


def public_ids(version: int) -> dict[str, dict[str, int]]:
    """The key of every public fiche and organisation by its id. Two queries for a version of the data."""

    def read() -> dict[str, dict[str, int]]:
        numeros = Initiative.objects.publiees().order_by().values_list("numero", flat=True)
        slugs = Organisme.objects.publics().order_by().values_list("pk", "slug")
        return {
            "service": {services.id_of_fiche(numero): numero for numero in numeros},
            "organization": {organisations.id_of(slug): pk for pk, slug in slugs},
        }

    return remembered("identifiants publics", version, read)


@public_data
def service(request, id: str):  # noqa: A002
    """A fiche as a service. 301 to the one that it was merged into; 410 for one that was public. Three queries, and
    those of `public_ids`."""
    found = asked(request.GET, "services/{id}")
    if found.errors:
        return refused_json(found.errors)
    numero = public_ids(request.data_version)["service"].get(id.lower())
    fiches = rows.fiches([numero], request.data_version) if numero else []
    if not fiches:
        return former_service(request, id.lower())
    return as_json(full_services(fiches, Vocabulary(request.data_version))[0])


def former_service(request, wanted: str) -> HttpResponse:
    """Where a fiche that was public is now, if anywhere. Two queries."""
    former = Initiative.objects.filter(publiee_le__isnull=False).order_by().values_list("numero", flat=True)
    numero = next((one for one in former if services.id_of_fiche(one) == wanted), None)
    if numero is None:
        raise Http404
    target = merging.lives_in(Initiative.objects.select_related("fusionnee_dans").get(numero=numero))
    if target is None:
        return gone(request)
    return HttpResponsePermanentRedirect(reverse("hsds-service", args=[services.id_of_fiche(target.numero)]))


def public_parents() -> set[int]:
    """The organisations that others are part of, where anybody may see them. One query."""
    parts = Organisme.objects.exclude(fait_partie_de=None).values("fait_partie_de")
    return set(Organisme.objects.publics().filter(pk__in=parts).values_list("pk", flat=True))


def full_organisations(request, page: list[Organisme], whole: bool) -> list[dict]:
    """With all that is linked to them, their services whole where `whole`. Six queries at most."""
    vocabulary, public = Vocabulary(request.data_version), public_parents()
    carried: dict[int, list[int]] = {}
    linked = Porteur.objects.filter(organisme__in=page, initiative__in=Initiative.objects.publiees())
    for pk, numero in linked.order_by("initiative").values_list("organisme", "initiative"):
        carried.setdefault(pk, []).append(numero)
    fiches = rows.fiches(sorted({numero for numeros in carried.values() for numero in numeros}), request.data_version)
    made = (full_services if whole else short_services)(fiches, vocabulary)
    by_numero = {fiche.numero: said for fiche, said in zip(fiches, made, strict=True)}
    of = {pk: [by_numero[numero] for numero in numeros if numero in by_numero] for pk, numeros in carried.items()}
    return [organisations.full(row, public, of.get(row.pk, []), vocabulary) for row in page]


@public_data
@admitted(SEARCH)
def organisation_list(request):
    """The public organisations. Four queries: version, how many, which, whom they are part of; `full`, four more."""
    found, vocabulary = asked(request.GET, "organizations"), Vocabulary(request.data_version)
    wanted = Organisme.objects.publics().filter(terms_asked(found, vocabulary, Organisme))
    if found.errors:
        return refused_json(found.errors)
    if "search" in found.given:
        wanted = wanted.filter(pk__in=named(wanted, found.one("search")))
    wanted = wanted.joignables().order_by("nom", "slug")
    whole = found.one("full_service", found.one("full", False))

    def make(start: int, stop: int) -> list[dict]:
        page = list(wanted[start:stop])
        if found.one("full") or whole:
            return full_organisations(request, page, whole)
        public = public_parents()
        return [organisations.listed(row, public) for row in page]

    return page_of(request, found, wanted.count(), make)


def named(wanted, typed: str) -> list[int]:
    """Those whose names hold every word that was typed. One query."""
    words = [plain(word) for word in split_words(typed)]
    names = wanted.values_list("pk", "nom", "sigle", "nom_court")
    return [pk for pk, *said in names if all(word in plain(" ".join(said)) for word in words)]


@public_data
def organisation(request, id: str):  # noqa: A002
    """An organisation. 301 to the one that it was merged into. Six queries at most, and those of `public_ids`."""
    found = asked(request.GET, "organizations/{id}")
    if found.errors:
        return refused_json(found.errors)
    pk = public_ids(request.data_version)["organization"].get(id.lower())
    page = list(Organisme.objects.publics().joignables().filter(pk=pk)) if pk else []
    if not page:
        return former_organisation(id.lower())
    return as_json(full_organisations(request, page, found.one("full_service", False))[0])


def former_organisation(wanted: str) -> HttpResponse:
    """Where an organisation that was merged is now. Two queries."""
    merged = Organisme.objects.exclude(fusionne_dans=None).order_by().values_list("slug", flat=True)
    slug = next((one for one in merged if organisations.id_of(one) == wanted), None)
    present = moved([slug]).get(slug) if slug else None
    if present is None:
        raise Http404
    return HttpResponsePermanentRedirect(reverse("hsds-organization", args=[organisations.id_of(present)]))


def plain_list(request, path: str, choose: Callable[[Asked], list[dict]]) -> HttpResponse:
    """A page of what is short enough to be made whole, those alone whose name holds what is searched."""
    found = asked(request.GET, path)
    elements = choose(found)
    if found.errors:
        return refused_json(found.errors)
    words = [plain(word) for word in split_words(found.one("search", ""))]
    elements = [one for one in elements if all(word in plain(one["name"]) for word in words)]
    return page_of(request, found, len(elements), lambda start, stop: elements[start:stop])


@public_data
def taxonomy_list(request):
    """Every closed list. No query of its own."""
    return plain_list(request, "taxonomies", lambda found: list(map(described, taxonomies().values())))


@public_data
def taxonomy(request, id: str):  # noqa: A002
    """A closed list. No query of its own."""
    return one_of(request, "taxonomies/{id}", map(described, taxonomies().values()), id)


@public_data
def term_list(request):
    """Every code of every list. One query of its own, for the needs."""

    def choose(found: Asked) -> list[dict]:
        wanted = [of_id(value) for value in found.given.get("taxonomy_id", [])]
        if None in wanted or len(wanted) > 1 or "parent_id" in found.given:
            return []  # a term is of one taxonomy, and has no parent
        return list(Vocabulary(request.data_version).terms(wanted or None))

    return plain_list(request, "taxonomy_terms", choose)


@public_data
def term(request, id: str):  # noqa: A002
    """A code. One query of its own, for the needs."""
    return one_of(request, "taxonomy_terms/{id}", Vocabulary(request.data_version).terms(), id)


def one_of(request, path: str, elements: Iterable[dict], wanted: str) -> HttpResponse:
    found = asked(request.GET, path)
    if found.errors:
        return refused_json(found.errors)
    element = next((one for one in elements if one["id"] == wanted.lower()), None)
    if element is None:
        raise Http404
    return as_json(element)


def placed(fiches: list[rows.Fiche], vocabulary: Vocabulary) -> list[dict]:
    """Where these services are offered, for the few that have a public address."""
    return [place for one in full_services(fiches, vocabulary) for place in one.get("service_at_locations", [])]


def with_address():
    """The public fiches that say in public where they are."""
    contacts = Initiative._meta.get_field("contacts").related_model.objects.publics()
    return contacts.filter(nature="adresse").values("initiative")


@public_data
@admitted(SEARCH)
def location_list(request):
    """The services that have a public address. Those of `service_list`."""
    found, vocabulary = asked(request.GET, "service_at_locations"), Vocabulary(request.data_version)
    fiches = wanted_fiches(found, vocabulary, request.data_version).filter(pk__in=with_address())
    if found.errors:
        return refused_json(found.errors)
    numeros = list(fiches.values_list("numero", flat=True))
    elements = placed(rows.fiches(numeros, request.data_version), vocabulary)
    return page_of(request, found, len(elements), lambda start, stop: elements[start:stop])


@public_data
def location(request, id: str):  # noqa: A002
    """A service where it is offered."""
    numeros = list(Initiative.objects.publiees().filter(pk__in=with_address()).values_list("numero", flat=True))
    elements = placed(rows.fiches(numeros, request.data_version), Vocabulary(request.data_version))
    return one_of(request, "service_at_locations/{id}", elements, id)
