"""All addresses: French at the root, English under /en/, the admin and the health check in no language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from initiatives.views import errors, machines
from initiatives.views.health import health

urlpatterns = [
    path(settings.ADMIN_PATH, admin.site.urls),
    path("sante/", health, name="sante"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security, name="security"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    *i18n_patterns(path("", include("initiatives.urls")), prefix_default_language=False),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
