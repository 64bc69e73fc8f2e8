"""Regions and organisations."""

from collections import Counter

from django.db.models import Q, prefetch_related_objects
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from initiatives.core.enums import Categorie, Regions
from initiatives.core.written import Written
from initiatives.finding import statistics
from initiatives.finding.facets import FacetValue
from initiatives.finding.filters import InitiativeFilter
from initiatives.finding.porteurs import moved
from initiatives.models import Initiative, Organisme, Region, Sondage
from initiatives.publishing import words
from initiatives.publishing.standards import linked

from .public import public_page

# Up to as many, the cards of a region say more than its figures.
FEW = 15
ORGANISME = Written(lambda slug: Organisme.objects.publics().joignables().avec_sondage().filter(slug=slug), str)
RELATED = Written(lambda pk, part: Organisme.objects.publics().filter(Q(pk=pk) | Q(fait_partie_de=part)), int, int)
CARRIED = Written(lambda pk: Initiative.objects.publiees().select_related("source").filter(organismes=pk), int)
REGION = Written(lambda region: Initiative.objects.publiees().select_related("source").filter(region=region), str)


def on_the_map(found) -> list[FacetValue]:
    """The sixteen regions with the number of their public fiches, in the order of the report."""
    return [FacetValue(code, str(label), found[code]["total"][""], False) for code, label in Regions.choices]


def labelled(figures) -> list[tuple]:
    """Figures under the name of their facet, as the list calls it."""
    return [(InitiativeFilter.base_filters[facet].label, rows) for facet, rows in figures if rows]


@public_page
def region_list(request):
    """The sixteen regions with their counts, Gaspésie's zero included, and who was surveyed. Three queries."""
    surveyed = {}
    for sondage in Sondage.objects.publics().select_related("organisme"):
        surveyed.setdefault(sondage.region_id, []).append(sondage)
    carte = on_the_map(statistics.by_region())
    context = {"carte": carte, "regions": [(region, surveyed.get(region.valeur, [])) for region in carte]}
    return render(request, "initiatives/regions.html", context)


@public_page
def region_page(request, slug):
    """A region: its figures where they say something, its fiches, what it lacks, who was surveyed, its neighbours, the
    note of the team. Eight queries at most.
    """
    if slug not in Regions.values:
        raise Http404
    found = statistics.by_region()
    carte = on_the_map(found)
    voisines = set(Region.voisines.through.objects.filter(from_region=slug).values_list("to_region_id", flat=True))
    initiatives = REGION.rows(slug)
    prefetch_related_objects(initiatives, Initiative.objects.all().liens())
    porteurs = Counter(organisme for row in initiatives for organisme in row.porteurs)
    sondes = list(Sondage.objects.publics().filter(region=slug).select_related("organisme"))
    context = {
        "region": next(value for value in carte if value.valeur == slug),
        "carte": carte,
        "initiatives": initiatives,
        "figures": labelled(statistics.figures(found[slug])) if len(initiatives) > FEW else [],
        "porteurs": sorted(porteurs.items(), key=lambda row: (-row[1], row[0].nom)),
        # Where nobody was asked, what is missing is not known.
        "manques": statistics.lacks(found, slug, [code for code in Regions.values if code in voisines])
        if sondes
        else [],
        "sondes": sondes,
        "voisines": [value for value in carte if value.valeur in voisines],
        "codes_voisines": voisines,
        "ici": {"region": slug, "porteur": ""},
        "note": f"region-{slug}",
    }
    return render(request, "initiatives/region.html", context)


@public_page
def organisme_list(request):
    """Every public organisation, by kind then by name; those of one region, and those of everywhere, where one is
    asked for. Two queries. A region that does not exist asks for nothing.
    """
    region = request.GET.get("region", "")
    organismes = Organisme.objects.publics().order_by("nom")
    if region in Regions.values:
        organismes = organismes.filter(Q(region=region) | Q(region=None))
    by_kind: dict[str, list[Organisme]] = {}
    for organisme in organismes:
        by_kind.setdefault(organisme.categorie, []).append(organisme)
    context = {
        "groupes": [(kind, label, by_kind[kind]) for kind, label in Categorie.choices if kind in by_kind],
        "nombre": sum(map(len, by_kind.values())),
        "regions": Regions.choices,
        "region": region,
    }
    return render(request, "initiatives/organismes.html", context)


def former(request, slug: str) -> HttpResponsePermanentRedirect:
    """An organisation that was merged leads to the one that it was merged into, as a page or as data; any other is a
    404. One query.
    """
    now = moved([slug]).get(slug)
    if now is None:
        raise Http404
    address, query = reverse(request.resolver_match.url_name, args=[now]), request.GET.urlencode()
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


@public_page
def organisme_page(request, slug):
    """An organisation: its figures, its fiches, how it is reached. Six queries at most: version, organisation, fiches,
    their links, those that it is part of or that are part of it, help lines.
    """
    context = organisme_context(slug)
    if context is None:
        return former(request, slug)
    context["liees"] = linked.of_organisme(context["organisme"], context["initiatives"])
    return render(request, "initiatives/organisme.html", context)


def organisme_context(slug) -> dict | None:
    """What the page of a public organisation needs; none where there is no such one."""
    organisme = next(iter(ORGANISME.rows(slug)), None)
    if organisme is None:
        return None
    initiatives = CARRIED.rows(organisme.pk)
    prefetch_related_objects(initiatives, Initiative.objects.all().liens())
    related = RELATED.rows(organisme.fait_partie_de_id or 0, organisme.pk)
    return {
        "organisme": organisme,
        "initiatives": initiatives,
        "figures": labelled(statistics.figures(statistics.of_fiches(initiatives))) if len(initiatives) > 1 else [],
        "ici": {"region": "", "porteur": slug},
        "parent": next((row for row in related if row.pk == organisme.fait_partie_de_id), None),
        "directions": [row for row in related if row.fait_partie_de_id == organisme.pk],
        "joindre": words.reach(organisme),
        "sonde": organisme.sonde,
    }
