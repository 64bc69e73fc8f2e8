"""The ministry's figures, as a page and as a CSV file."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.core.cells import as_cell, as_lines
from initiatives.keeping import figures


def urls(view) -> list:
    """The addresses of the figures; `view` is what guards a page of the workshop."""
    return [
        path("statistiques/", view(page), name="statistiques"),
        path("statistiques.csv", view(as_csv), name="statistiques-csv"),
    ]


def may_read(request) -> None:
    if not request.user.has_perm("initiatives.view_initiative"):
        raise PermissionDenied


def page(request):
    """Seven queries besides those of every page."""
    may_read(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Statistiques"),
        "verifiees": figures.verified(),
        "attente": figures.waiting(),
        "campagnes": figures.answered(),
        "completude": figures.complete(),
        "mesures": [label() for label, _condition in figures.COMPLETE.values()],
    }
    return render(request, "admin/statistiques.html", context)


def as_csv(request):
    """A line a figure; semicolons and UTF-8, as the other files of the workshop."""
    may_read(request)
    lines = as_lines([as_cell(value) for value in row] for row in figures.as_rows())
    response = HttpResponse(f"\N{ZERO WIDTH NO-BREAK SPACE}{lines}", content_type="text/csv; charset=utf-8")
    name = f"repertoire-statistiques-{timezone.localdate():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
