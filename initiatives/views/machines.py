"""What machines read of the site: robots.txt and the sitemap, both from the public querysets."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import override

from initiatives.core.enums import Regions
from initiatives.models import Initiative, Organisme

from .public import public_data

PAGES = [
    *("accueil", "initiatives", "regions", "organismes", "aide", "navigation-discrete"),
    *("a-propos", "sources-et-methode", "confidentialite", "accessibilite"),
]
LANGUAGES = [("fr-CA", "fr-ca"), ("en", "en")]


@public_data
def robots(request):
    """Everything may be read but the admin; searches ask by themselves not to be indexed. No query of its own."""
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_data
def sitemap(request):
    """Every public page, each with its other language. Two queries of its own."""
    places = [(name, []) for name in PAGES]
    places += [("region", [slug]) for slug in Regions.values]
    slugs = Initiative.objects.publiees().order_by("numero").values_list("slug", flat=True)
    places += [("initiative", [slug]) for slug in slugs]
    organismes = Organisme.objects.publics().order_by("slug").values_list("slug", flat=True)
    places += [("organisme", [slug]) for slug in organismes]
    entries = []
    for name, args in places:
        addresses = []
        for label, code in LANGUAGES:
            with override(code):
                addresses.append((label, request.build_absolute_uri(reverse(name, args=args))))
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{label}" href="{address}"/>' for label, address in addresses
        )
        entries += [f"<url><loc>{address}</loc>{links}</url>" for _label, address in addresses]
    body = "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
            *entries,
            "</urlset>",
        ]
    )
    return HttpResponse(body, content_type="application/xml; charset=utf-8")
