"""The selection: fiches chosen one by one, compared, shared, printed."""

from urllib.parse import quote, urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.core.addresses import absolute
from initiatives.core.admission import SEARCH, SLOW, admitted
from initiatives.finding import selection
from initiatives.publishing.comparison import AT_LENGTH, comparison

from .answers import as_csv, of_fiches, refused_json
from .public import public_data, public_page


@public_page
@admitted(SEARCH)
def selection_page(request):
    """The fiches chosen, and two to four of them side by side. Five queries: version, fiches, links, porteurs, help
    lines.
    """
    fiches = selection.chosen(request.GET)
    compared = [row for row in fiches if row.numero in selection.numbers(request.GET, "c")] or fiches
    comparable = 2 <= len(compared) <= selection.MAX_COMPARED
    parameters = urlencode([("f", row.numero) for row in fiches])
    address = absolute(f"{reverse('selection')}?{parameters}")
    subject = ngettext("%(n)s initiative du Répertoire", "%(n)s initiatives du Répertoire", len(fiches))
    lines = [f"{row.titre}\n{absolute(row.get_absolute_url())}" for row in fiches]
    body = "\n\n".join([*lines, _("Toute la sélection :") + f"\n{address}"])
    context = {
        "fiches": fiches,
        "perdues": len(selection.numbers(request.GET)) - len(fiches),
        "comparees": compared if comparable else [],
        "lignes": comparison(compared) if comparable else [],
        "longues": comparison(compared, AT_LENGTH) if comparable else [],
        "toutes": comparable and len(compared) == len(fiches),
        "maximum": selection.MAX_COMPARED,
        "trop": len(compared) > selection.MAX_COMPARED,
        "parametres": parameters,
        "adresse": address,
        "code": f"{reverse('selection-code')}?{parameters}",
        "courriel": f"mailto:?subject={quote(subject % {'n': len(fiches)})}&body={quote(body)}",
    }
    return render(request, "initiatives/selection.html", context)


@public_data
@of_fiches
@admitted(SLOW)
def selection_csv(request):
    """The fiches chosen as CSV, in the order of the address; 404 where none of them is public. Queries: version, their
    numbers, and those of `as_csv`."""
    if errors := selection.malformed(request.GET):
        return refused_json(errors)
    numeros = selection.public_numbers(request.GET)
    if not numeros:
        return refused_json([selection.nothing_chosen()], 404 if selection.numbers(request.GET) else 400)
    return as_csv(request, numeros, "selection.csv")
