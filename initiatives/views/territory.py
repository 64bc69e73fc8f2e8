"""Regions and organisations."""

from django.shortcuts import get_object_or_404, render

from initiatives.models import Initiative, Organisme, Region, Sondage

from .public import public_page


@public_page
def region_list(request):
    """The sixteen regions with their counts, Gaspésie's zero included, and who was surveyed. Three queries."""
    surveyed = {}
    for sondage in Sondage.objects.publics().select_related("organisme"):
        surveyed.setdefault(sondage.region_id, []).append(sondage)
    regions = [(region, surveyed.get(region.slug, [])) for region in Region.objects.avec_nombre()]
    return render(request, "initiatives/regions.html", {"regions": regions})


@public_page
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


@public_page
def organisme_list(request):
    """Every public organisation, by kind and name. Two queries."""
    organismes = Organisme.objects.publics().order_by("nom")
    return render(request, "initiatives/organismes.html", {"organismes": organismes})


@public_page
def organisme_page(request, slug):
    """An organisation: its fiches, its contacts or their honest absence. Eight queries at most."""
    organisme = get_object_or_404(Organisme.objects.publics(), slug=slug)
    context = {
        "organisme": organisme,
        "initiatives": Initiative.objects.publiees().avec_relations().filter(organismes=organisme),
        "parent": organisme.fait_partie_de_id
        and Organisme.objects.publics().filter(pk=organisme.fait_partie_de_id).first(),
        "directions": organisme.directions.publics(),
        "contacts": organisme.contacts.publics().en_ordre(),
        "sonde": organisme.sondages.publics().exists(),
    }
    return render(request, "initiatives/organisme.html", context)
