"""The three strategies of the report, in plain words, and what its body names under each of their headings."""

from django.shortcuts import render

from initiatives.core.enums import SousRubrique
from initiatives.models import Citation

from .portrait import asked, strategies
from .public import public_page


@public_page
def strategies_page(request):
    """Each strategy with its headings, their numbers, and what the report names there. Five queries at most: version,
    fiches, milieux approached, what is named, lines.
    """
    of = asked(request)
    named: dict[str, list[Citation]] = {}
    for citation in Citation.objects.avec_fiches().order_by("rang"):
        named.setdefault(citation.sous_rubrique, []).append(citation)
    headings = dict(SousRubrique.par_strategie())
    told = strategies(of)
    for strategie in told:
        strategie["rubriques"] = [
            (one.value, one.label, of.shown(f"rubrique-{one}"), named.get(one.value, []))
            for one in headings[strategie["code"]]
        ]
    return render(request, "initiatives/strategies.html", {"recension": of.report_alone, "strategies": told})
