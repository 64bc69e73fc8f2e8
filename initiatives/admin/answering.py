"""What the forms of fiches and organisations gain: they open on a report, at the field it is about, and lead back."""

from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.core.cells import whole_number
from initiatives.core.enums import Raison
from initiatives.hearing import reports
from initiatives.keeping import state
from initiatives.keeping.reports import fields_of, in_words
from initiatives.models import Initiative, Organisme, Signalement

from .sections import anchor

# Where a form says whether the fiche is still in the directory, and what is reported.
STATE, TOLD = "etat-fiche", "signale"


def places(report: Signalement, model=Initiative) -> list[tuple[str, str]]:
    """Where on the form of a fiche a report is answered, the likeliest first: (what it is called, anchor); on that of
    an organisation, how it is reached.
    """
    if model is Organisme:
        return [(state.label_of(model, "contacts"), anchor("contacts"))]
    found = [(state.label_of(Initiative, name), anchor(name)) for name in fields_of(report)]
    return [*found, *([(_("État de la fiche"), STATE)] if Raison.DISPARUE in report.raisons else [])]


def form_address(subject: Initiative | Organisme, report: Signalement) -> str:
    """The form of a fiche or an organisation, opened at what a report is about."""
    page = reverse(f"admin:initiatives_{subject._meta.model_name}_change", args=[subject.pk])
    names, found = fields_of(report), places(report, type(subject))
    asked = {"signalement": report.pk} | ({"champ": names[0]} if names else {})
    return f"{page}?{urlencode(asked)}#{found[0][1] if found else TOLD}"


def report_page(report: Signalement) -> str:
    return reverse("admin:initiatives_signalement_change", args=[report.pk])


class AnsweringAdmin:
    """What the forms of fiches and organisations gain: they open on a report, show it, and lead back to it."""

    def about(self, subject_pk) -> dict:
        """Which reports are about a row."""
        return {"initiative": subject_pk} if self.model is Initiative else {"initiative__organismes": subject_pk}

    def report(self, request, pk) -> Signalement | None:
        """The report that an editor came from, if it is about this row and waits."""
        asked = whole_number(request.GET.get("signalement", ""))
        if asked is None or pk is None or not request.user.has_perm("initiatives.change_signalement"):
            return None
        return reports.waiting(**self.about(pk)).filter(pk=asked).select_related("initiative").first()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        pk = self.key(object_id) if object_id else None
        report = self.report(request, pk)
        context = {**(extra_context or {}), "signale": report}
        if report:
            context |= {"signale_raisons": in_words(report), "signale_places": places(report, self.model)}
            context["signale_page"] = report_page(report)
        response = super().changeform_view(request, object_id, form_url, context)
        return self.led_back(request, report, pk, response)

    def waiting_reports(self, request, subject) -> list[tuple[Signalement, str, str]]:
        """(report, reasons, form opened on it) of each report that waits, but for the one come from. One query."""
        if not request.user.has_perm("initiatives.change_signalement"):
            return []
        come_from = whole_number(request.GET.get("signalement", ""))
        rows = reports.waiting(**self.about(subject.pk)).exclude(pk=come_from)[:5]
        return [(row, in_words(row), form_address(subject, row)) for row in rows]

    def resolve_view(self, request, object_id):
        pk = self.key(object_id)
        report = self.report(request, pk)
        return self.led_back(request, report, pk, super().resolve_view(request, object_id))

    def led_back(self, request, report: Signalement | None, pk, response):
        """To the report, once what it asked for is saved; « Enregistrer et continuer » goes on from it."""
        if report is None or request.method != "POST" or response.status_code != 302:
            return response
        if "_continue" in request.POST:
            return HttpResponseRedirect(form_address(self.model(pk=pk), report))
        return HttpResponseRedirect(f"{report_page(report)}#regler")
