"""The open data as people, harvesters and engines come to know them: a page, a catalogue, a search description."""

from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from initiatives.core.addresses import absolute
from initiatives.core.querysets import SOURCE_DU_RAPPORT
from initiatives.core.versioned import last_change
from initiatives.models import Initiative, Source
from initiatives.publishing.dataset import COLUMNS
from initiatives.publishing.standards import linked
from initiatives.publishing.standards.catalogue import as_turtle, catalogue
from initiatives.publishing.standards.downloads import DOWNLOADS

from .answers import as_json
from .public import public_data, public_page


@public_page
def data_page(request):
    """What is given to all, in which shapes, and under what conditions. Four queries: version, source, count, lines."""
    source, total, _began = described()
    context = {
        "total": total,
        "source": source,
        "telechargements": [(row, absolute(reverse(row.name))) for row in DOWNLOADS],
        "colonnes": COLUMNS,
        "exemples": examples(absolute()),
        "liees": linked.dataset(source, total, request.data_version, last_change(request.data_version)),
    }
    return render(request, "initiatives/donnees.html", context)


def examples(site: str) -> list[tuple[str, str]]:
    """Commands to copy, by language, each of which gives something as it is."""
    python = [
        "import json, urllib.request",
        f'fichier = urllib.request.urlopen("{site}/donnees/initiatives.json")',
        'initiatives = json.load(fichier)["resultats"]',
        'print(sum("jeunes" in une["clienteles"] for une in initiatives))',
    ]
    r = [
        f'initiatives <- read.csv2("{site}/initiatives.csv", fileEncoding = "UTF-8-BOM")',
        "table(initiatives$region_libelle, initiatives$stade_libelle)",
    ]
    curl = [f"curl '{site}/initiatives.json?region=laval&age=15'"]
    return [("curl", "\n".join(curl)), ("Python", "\n".join(python)), ("R", "\n".join(r))]


@public_data
def catalogue_jsonld(request):
    """The catalogue as JSON-LD. Three queries: version, source, count."""
    answer = as_json(whole_catalogue(request))
    answer.headers["Content-Type"] = "application/ld+json"
    return answer


@public_data
def catalogue_turtle(request):
    """The same as Turtle. Three queries."""
    return HttpResponse(as_turtle(whole_catalogue(request)), content_type="text/turtle; charset=utf-8")


@public_data
def opensearch(request):
    """How a browser may search the site from its own bar: offered by the page of the data alone, for the words stay in
    the history of who does it. No query of its own."""
    context = {"adresse": absolute(reverse("initiatives")), "ici": absolute(request.path)}
    return render(request, "initiatives/opensearch.xml", context, "application/opensearchdescription+xml")


def whole_catalogue(request) -> dict:
    source, total, began = described()
    changed = last_change(request.data_version)
    return catalogue(source, total, request.data_version, began or changed, changed)


def described() -> tuple:
    """The report, the number of public fiches, and when the first of them was published. Two queries."""
    public = Initiative.objects.publiees().aggregate(total=Count("pk"), began=Min("publiee_le"))
    return Source.objects.filter(slug=SOURCE_DU_RAPPORT).first(), public["total"], public["began"]
