"""The ministry's figures, as a page and as a CSV file."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from initiatives.core.cells import as_cell, as_lines
from initiatives.keeping import figures


def urls(view) -> list:
    """The addresses of the figures; `view` is what guards a page of the workshop."""
    return [
        path("statistiques/", view(page), name="statistiques"),
        path("statistiques.csv", view(as_csv), name="statistiques-csv"),
        path("statistiques/sans-reponse/", view(unanswered), name="sans-reponse"),
        path("statistiques/sans-reponse.csv", view(unanswered_csv), name="sans-reponse-csv"),
    ]


def may_read(request, right="view_initiative") -> None:
    if not request.user.has_perm(f"initiatives.{right}"):
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
    """A line a figure."""
    may_read(request)
    return spreadsheet(figures.as_rows(), "statistiques")


def unanswered(request):
    """The organisations that never answered. One query besides those of every page."""
    may_read(request, "view_campagne")
    context = {
        **admin.site.each_context(request),
        "title": _("Organismes qui n'ont jamais répondu"),
        "organismes": figures.never_answered(),
    }
    return render(request, "admin/sans_reponse.html", context)


def unanswered_csv(request):
    may_read(request, "view_campagne")
    rows = [
        (
            row["nom"],
            row["ecrits"],
            date_format(localtime(row["dernier"]), "Y-m-d"),
            _("Oui") if row["silences"] else "",
        )
        for row in figures.never_answered()
    ]
    titles = (_("Organisme"), _("Courriels partis"), _("Le dernier"), _("Ne plus joindre"))
    return spreadsheet([titles, *rows], "sans-reponse")


def spreadsheet(rows, name: str) -> HttpResponse:
    """Rows as a file; semicolons and UTF-8, as the other files of the workshop."""
    lines = as_lines([as_cell(value) for value in row] for row in rows)
    response = HttpResponse(f"\N{ZERO WIDTH NO-BREAK SPACE}{lines}", content_type="text/csv; charset=utf-8")
    name = f"repertoire-{name}-{timezone.localdate():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
