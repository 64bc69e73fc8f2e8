"""Spreadsheets in the admin: export of what is ticked, and an import that shows everything before it writes."""

import logging
from collections.abc import Iterator
from contextlib import closing

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core.admission import SLOW
from initiatives.core.cells import whole_number
from initiatives.core.failing import failure
from initiatives.keeping import spreadsheet, state
from initiatives.models import Import, Initiative
from repertoire.logs import method_of, route_of

from .base import LookedAt
from .twice import met_another

# Where the page of an import is cut, for what is said while it is written.
HERE = "<!-- ici -->"
SHOWN = 100  # lines of an import on its page
logger = logging.getLogger(__name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportFilter(admin.SimpleListFilter):
    """The fiches of an import: where its page leads."""

    title = gettext_lazy("import")
    parameter_name = "import"

    def lookups(self, request, model_admin):
        """The one that is asked for: it is chosen on its own page."""
        row = self.row(request.GET.get(self.parameter_name, ""))
        return [(str(row.pk), row.nom)] if row else []

    def queryset(self, request, queryset):
        row = self.row(self.value()) if self.value() else None
        return queryset.filter(pk__in=spreadsheet.fiches_of(row)) if row else queryset

    def row(self, text: str | None) -> Import | None:
        number = whole_number(text or "")
        return Import.objects.filter(pk=number).first() if number is not None else None


class SpreadsheetAdmin:
    """What the admin of the fiches gains: two exports and an import."""

    change_list_template = "admin/initiatives/fiches.html"

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("importer/", view(self.import_view), name="initiatives_initiative_importer"),
            path("importer/modele/", view(self.model_view), name="initiatives_initiative_modele"),
            path("importer/refus/", view(self.corrections_view), name="initiatives_initiative_refus"),
            path("importer/<int:pk>/", view(self.confirm_view), name="initiatives_initiative_confirmer"),
            *super().get_urls(),
        ]

    @admin.action(description=gettext_lazy("Exporter (XLSX)"), permissions=["view"])
    def export_xlsx(self, request, queryset):
        request.places.take(SLOW)
        return download(spreadsheet.workbook_of(queryset.order_by("numero")), "xlsx", XLSX)

    @admin.action(description=gettext_lazy("Exporter (CSV)"), permissions=["view"])
    def export_csv(self, request, queryset):
        request.places.take(SLOW)
        content = spreadsheet.as_csv(spreadsheet.rows_of(queryset.order_by("numero")))
        return download(content, "csv", "text/csv; charset=utf-8")

    def may_import(self, request) -> None:
        if not (self.has_change_permission(request) and self.has_add_permission(request)):
            raise PermissionDenied

    def import_view(self, request):
        """The file, then what it would do. Nothing is written here but the import itself, to be confirmed."""
        self.may_import(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Importer un tableur"),
            "opts": self.opts,
            "colonnes": spreadsheet.legend(),
        }
        file = request.FILES.get("fichier")
        if request.method == "POST" and file is None:
            context["erreur"] = _("Choisissez un fichier.")
        elif request.method == "POST":
            request.places.take(SLOW)
            try:
                if file.size > spreadsheet.MAX_BYTES:
                    raise spreadsheet.RefusedError(_("Le fichier dépasse 5 Mo."))
                sheet = spreadsheet.read_file(file.name, file.read())
                context |= self.outcome(
                    request, file.name, sheet, *spreadsheet.check_lines(sheet.lines, sheet.formulas)
                )
            except spreadsheet.RefusedError as error:
                context["erreur"] = str(error)
        return render(request, "admin/initiatives/importer.html", context)

    def outcome(self, request, name, sheet, changes, problems) -> dict:
        """What the page shows of a trial."""
        wrong = len({problem.ligne for problem in problems})
        outcome = {
            "essai": True,
            "bonnes": len(changes),
            "avis": sheet.notices,
            "creees": [change for change in changes if change.numero is None],
            "changees": [change for change in changes if change.numero is not None],
            "refusees": problems,
            "lignes_refusees": wrong,
            "inchangees": len(sheet.lines) - len(changes) - wrong,
            "sans_version": sum(1 for change in changes if change.numero is not None and change.depuis is None),
        }
        if problems:
            outcome["refus"], outcome["rendues"] = spreadsheet.pack(sheet, problems)
        if changes:
            row = spreadsheet.keep_trial(name, request.user, changes)
            outcome["confirmer"] = reverse("admin:initiatives_initiative_confirmer", args=[row.pk])
        return outcome

    def model_view(self, request):
        """An empty workbook, with lists in its cells."""
        self.may_import(request)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        request.places.take(SLOW)
        return download(spreadsheet.empty_model(), "xlsx", XLSX, "fiches-modele")

    def corrections_view(self, request):
        """The lines that were refused, as the page of the trial carries them: a workbook to correct and send again."""
        self.may_import(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        request.places.take(SLOW)
        try:
            content = spreadsheet.corrections(spreadsheet.unpack(request.POST.get("refus", "")))
        except spreadsheet.RefusedError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:initiatives_initiative_importer"))
        return download(content, "xlsx", XLSX, "fiches-a-corriger")

    def confirm_view(self, request, pk):
        row = get_object_or_404(Import, pk=pk, par=request.user)
        self.may_import(request)
        if request.method != "POST":
            raise PermissionDenied
        request.places.take(SLOW)
        context = {**self.admin_site.each_context(request), "title": _("Import du tableur"), "opts": self.opts}
        context |= {"nom": row.nom, "total": len(row.lignes), "fiches": listed(row)}
        response = StreamingHttpResponse(self.page_written(request, row, context))
        response.headers["X-Accel-Buffering"] = "no"  # nginx lets each piece go as it comes
        return response

    def page_written(self, request, row, context) -> Iterator[str]:
        """The page of an import that is being written: how far it is, and in the end what became of it.

        Whoever leaves the page before closes the answer, and all that was written with it.
        """
        page = render_to_string("admin/initiatives/import_en_cours.html", context, request)
        start, _here, end = page.partition(HERE)
        yield start
        yield from self.pieces(request, row, context)
        yield end

    def pieces(self, request, row, context, again=True) -> Iterator[str]:
        """How far it is, and what became of it. Begun again by itself where a colleague's stood in its way, as every
        page of the workshop is (`tried_twice`, which sees no stream).
        """

        def piece(**said) -> str:
            return render_to_string("admin/initiatives/_import_avance.html", context | said, request)

        try:
            with closing(spreadsheet.write_import(row, request.user, timezone.now())) as steps:
                for done in steps:
                    yield piece(fait=done)
        except ValidationError as error:
            yield piece(erreur=" ".join(error.messages))
        except DatabaseError as error:
            if again and met_another(error):
                yield from self.pieces(request, row, context, again=False)
                return
            logger.error("%s %s: the database failed: %s", method_of(request), route_of(request), failure(error))
            said = _("La base de données n'a pas suivi : rien n'est écrit.")
            yield piece(erreur=said, reprendre=request.path)
        else:
            yield piece(ecrites=True, a_relire=spreadsheet.left_to_read(row))


def download(content: bytes, extension: str, content_type: str, name: str = "fiches") -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response


def listed(row: Import) -> str:
    """The list of the fiches of an import."""
    return f"{reverse('admin:initiatives_initiative_changelist')}?{ImportFilter.parameter_name}={row.pk}"


@admin.register(Import)
class ImportAdmin(LookedAt):
    """Looked at, never changed."""

    list_display = ["cree_le", "nom", "par", "nombre", "applique_le"]
    fields = readonly_fields = ["nom", "auteur", "cree_le", "applique_le", "lignes_lues"]

    @admin.display(description=gettext_lazy("fiches"))
    def nombre(self, obj):
        return len(obj.lignes)

    @admin.display(description=gettext_lazy("par"))
    def auteur(self, obj):
        """The account's name alone: its page is for few."""
        return str(obj.par)

    @admin.display(description=gettext_lazy("lignes"))
    def lignes_lues(self, obj):
        """What each line writes, in words; the first of many."""
        shown = obj.lignes[:SHOWN]
        pks = [line.get("creee", line["numero"]) for line in shown]
        fiches = Initiative.objects.in_bulk([pk for pk in pks if pk is not None])
        rows = [
            (line, fiches.get(pk), state.state_in_words(Initiative, line["valeurs"]))
            for line, pk in zip(shown, pks, strict=True)
        ]
        context = {"rangees": rows, "liste": listed(obj), "autres": len(obj.lignes) - len(shown), "row": obj}
        return render_to_string("admin/initiatives/_import_lignes.html", context)
