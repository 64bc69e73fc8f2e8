"""The QR codes of the pages that somebody shares: images of their own, asked for when they are looked at."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse

from initiatives.core.addresses import absolute
from initiatives.finding import selection
from initiatives.models import Initiative
from initiatives.publishing.codes import qr_code

from .answers import or_former
from .public import public_page


def drawn(path: str) -> HttpResponse:
    """The code of an address of here. What somebody reads is not written to her disk, its picture either."""
    drawing = qr_code(absolute(path))
    return HttpResponse(drawing, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@public_page
@or_former
def fiche_code(request, slug):
    """The code of the page of a public fiche. Two queries."""
    if not Initiative.objects.publiees().filter(slug=slug).exists():
        raise Http404
    return drawn(reverse("initiative", args=[slug]))


@public_page
def selection_code(request):
    """The code of the page of a selection; a 404 where nothing is chosen. One query."""
    chosen = selection.numbers(request.GET)
    if not chosen:
        raise Http404
    return drawn(f"{reverse('selection')}?{urlencode([('f', numero) for numero in chosen])}")
