"""The page of resources, and the same as data."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from initiatives.core.addresses import absolute
from initiatives.core.enums import PublicRessource
from initiatives.finding.filters import MAX_QUERY_LENGTH, ParameterError
from initiatives.finding.resources import matching
from initiatives.models import Ressource
from initiatives.publishing import resources

from .answers import as_json, misread, refused_json
from .context import is_discreet
from .public import public_data, public_page


def found(request) -> list[Ressource]:
    """Those that hold the words typed (`q`), or all. One query; one more for the words, once for a version."""
    rows = list(Ressource.objects.affichees().avec_fiches())
    text = request.GET.get("q", "").strip()
    if not text:
        return rows
    slugs = matching(text, request.data_version)
    return [row for row in rows if row.slug in slugs]


@public_page
def resources_page(request):
    """What other documents name, by public; `pour` keeps those for one, `q` those that hold its words. Two queries:
    resources, lines; one more for the words, once for a version.
    """
    rows = found(request)
    publics = resources.publics(rows)
    asked = request.GET.get("pour", "")
    public = asked if asked in {code for code, _label, _number in publics} else ""
    context = {
        "groupes": resources.groups(rows, public),
        "publics": publics,
        "public": public,
        "nombre": len(rows),
        "q": request.GET.get("q", "").strip()[:MAX_QUERY_LENGTH],
    }
    return render(request, "initiatives/ressources.html", context)


def chosen(request) -> tuple[list[Ressource], list[ParameterError]]:
    """Those that data ask for, and what of the address cannot be answered. Queries: as `found`."""
    errors = []
    publics = list(dict.fromkeys(value for value in request.GET.getlist("pour") if value.strip()))
    if len(publics) > 1:
        errors.append(ParameterError("pour", publics[-1], _("Ce paramètre n'accepte qu'une valeur.")))
    elif publics and publics[0] not in PublicRessource.values:
        errors.append(ParameterError("pour", publics[0], _("Cette valeur n'existe pas.")))
    errors += misread(request, "q")
    if errors:
        return [], errors
    public = request.GET.get("pour", "").strip()
    return [row for row in found(request) if not public or resources.fits(row, public)], []


@public_data
def resources_json(request):
    """The resources as JSON, `pour` and `q` as on their page. Two queries: version, resources; one more for words."""
    rows, errors = chosen(request)
    if errors:
        return refused_json(errors)
    told = [resources.as_dict(row, absolute) for row in rows]
    return as_json({"total": len(told), "resultats": told})


@public_data
def resources_csv(request):
    """The same, a line for each."""
    rows, errors = chosen(request)
    if errors:
        return refused_json(errors)
    body = resources.as_csv(rows, absolute)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    name = "document.csv" if is_discreet(request) else "ressources.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
