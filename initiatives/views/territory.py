"""Regions and organisations."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from initiatives.models import Initiative, Organisme, Region, Sondage


@require_safe
def region_list(request):
    """The sixteen regions with their counts, Gaspésie's zero included, and who was surveyed. Three queries."""
    surveyed = {}
    for sondage in Sondage.objects.publics().select_related("organisme"):
        surveyed.setdefault(sondage.region_id, []).append(sondage)
    regions = [(region, surveyed.get(region.slug, [])) for region in Region.objects.avec_nombre()]
    return render(request, "initiatives/regions.html", {"regions": regions})


@require_safe
def region_page(request, slug):
    """A region: its fiches, who was surveyed, its neighbours. Six queries at most."""
    region = get_object_or_404(Region.objects.avec_nombre(), slug=slug)
    context = {
        "region": region,
        "initiatives": Initiative.objects.publiees().avec_relations().filter(region=region),
        "sondes": Sondage.objects.publics().filter(region=region).select_related("organisme"),
        "voisines": Region.objects.avec_nombre().filter(voisines=region),
    }
    return render(request, "initiatives/region.html", context)


@require_safe
def organisme_list(request):
    """Every public organisation, by kind and name. Two queries."""
    organismes = Organisme.objects.publics().order_by("nom")
    return render(request, "initiatives/organismes.html", {"organismes": organismes})


@require_safe
def organisme_page(request, slug):
    """An organisation: its fiches, its contacts or their honest absence. Seven queries at most."""
    organisme = get_object_or_404(Organisme.objects.publics().select_related("fait_partie_de"), slug=slug)
    context = {
        "organisme": organisme,
        "initiatives": Initiative.objects.publiees().avec_relations().filter(organismes=organisme),
        "directions": organisme.directions.publics(),
        "contacts": organisme.contacts.publics().en_ordre(),
        "sonde": organisme.sondages.publics().exists(),
    }
    return render(request, "initiatives/organisme.html", context)
