"""The page of resources."""

from django.shortcuts import render

from initiatives.models import Ressource
from initiatives.publishing import resources

from .public import public_page


@public_page
def resources_page(request):
    """What other documents name, by public; `pour` keeps those for one. Two queries: resources, lines."""
    rows = list(Ressource.objects.affichees().avec_fiches())
    publics = resources.publics(rows)
    asked = request.GET.get("pour", "")
    public = asked if asked in {code for code, _label, _number in publics} else ""
    context = {
        "groupes": resources.groups(rows, public),
        "publics": publics,
        "public": public,
        "nombre": len(rows),
    }
    return render(request, "initiatives/ressources.html", context)
