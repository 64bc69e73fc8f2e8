"""What machines read of the site: robots.txt, security.txt, and the sitemap, from the public querysets."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from initiatives.core.addresses import absolute
from initiatives.core.enums import Regions
from initiatives.models import Initiative, Organisme

from .public import public_data

PAGES = [
    *("accueil", "besoins", "initiatives", "regions", "organismes", "aide", "navigation-discrete"),
    *("portrait", "portrait-regions", "strategies"),
    *("a-propos", "sources-et-methode", "donnees", "ressources", "confidentialite", "accessibilite", "glossaire"),
    "hsds-profil",
]


@public_data
def robots(request):
    """Everything may be read but the admin; searches ask by themselves not to be indexed. No query of its own."""
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {absolute(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@csrf_exempt
@require_safe
def security(request):
    """RFC 9116: whom to tell of a weakness, from SECURITY_CONTACT; without it a 404. No query."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = datetime.combine(datetime.now(UTC).date() + timedelta(days=180), time(), UTC)
    lines = [
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: fr, en",
        f"Canonical: {absolute(reverse('security'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


class Place(Sitemap):
    """Pages of one kind, each in both languages and leading to the other. `pages`: the end of the address of each, and
    when what it says last changed, where that is known.
    """

    i18n = alternates = True

    def __init__(self, name: str, pages: Mapping[str, datetime | None] | None = None):
        self.name, self.pages = name, pages

    def items(self):
        return [""] if self.pages is None else list(self.pages)

    def location(self, item):
        return reverse(self.name, args=[item] if item else [])

    def lastmod(self, item):
        return self.pages and self.pages[item]

    def get_urls(self, page=1, site=None, protocol=None):
        protocol, _separator, domain = absolute().partition("://")
        return self._urls(page, protocol, domain)


@public_data
def sitemap(request):
    """Every public page, each with its other language; fiches and organisations with the day of their last change. Two
    queries of its own.
    """
    initiatives = Initiative.objects.publiees().avec_changement().order_by("numero").values_list("slug", "change_le")
    organismes = Organisme.objects.publics().avec_changement().order_by("slug").values_list("slug", "change_le")
    places = [*(Place(name) for name in PAGES), Place("region", dict.fromkeys(Regions.values))]
    places += [Place("initiative", dict(initiatives)), Place("organisme", dict(organismes))]
    return sitemap_of(request, {place.name: place for place in places}).render()
