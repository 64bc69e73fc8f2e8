"""Reports of readers: read beside the fiche, corrected at the field they are about, settled once by what answered."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core.cells import whole_number
from initiatives.core.enums import EtatContribution, Raison
from initiatives.hearing import contributions, reports
from initiatives.keeping import state
from initiatives.keeping.reports import fields_of, in_words
from initiatives.models import Initiative, Organisme, Revision, Signalement

from .contributions import ContributionAdmin, ReplyFilter
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


def written_page(written) -> str:
    """Where what answered a report is read: the revision, or the version beside the one before."""
    if isinstance(written, Revision):
        return reverse("admin:initiatives_revision_change", args=[written.pk])
    page = reverse(f"admin:initiatives_{written.sujet._meta.model_name}_history", args=[written.sujet.pk])
    return f"{page}?de={written.rang - 1}&a={written.rang}" if written.rang > 1 else page


class OfWhat(admin.SimpleListFilter):
    """Reports of fiches, and those of the site."""

    title = gettext_lazy("objet")
    parameter_name = "objet"

    def lookups(self, request, model_admin):
        return [("fiche", _("Une fiche")), ("site", _("Le site"))]

    def queryset(self, request, queryset):
        if self.value() not in ("fiche", "site"):
            return queryset
        return queryset.filter(initiative__isnull=self.value() == "site")


@admin.register(Signalement)
class SignalementAdmin(ContributionAdmin):
    change_form_template = "admin/initiatives/signalement.html"
    list_display = ["recue_le", "objet", "raisons_en_mots", "dit", "etat", "corriger"]
    list_filter = ["etat", ReplyFilter, OfWhat]
    list_select_related = ["initiative"]

    @admin.display(description=gettext_lazy("objet"), ordering="initiative")
    def objet(self, obj):
        return obj.initiative or _("Le site")

    @admin.display(description=gettext_lazy("raisons"))
    def raisons_en_mots(self, obj):
        return in_words(obj)

    @admin.display(description=gettext_lazy("texte"))
    def dit(self, obj):
        return Truncator(obj.texte).words(20)

    @admin.display(description=gettext_lazy("corriger"))
    def corriger(self, obj):
        """The form of the fiche, without the page between."""
        if obj.initiative is None or obj.etat != EtatContribution.RECUE:
            return ""
        return format_html('<a href="{}">{}</a>', form_address(obj.initiative, obj), _("Corriger la fiche"))

    def details(self, request, row):
        if row.initiative is None:
            return {"raisons": _("Un problème du site")}
        answered = row.version or row.revision
        return {
            "raisons": in_words(row),
            "fiche": state.state_in_words(Initiative, state.state_of(row.initiative)),
            "modifier": form_address(row.initiative, row),
            "organismes": self.carriers(row),
            "depuis": reports.answers(row.initiative_id, row.recue_le),
            "reponse": request.POST.get("reponse", ""),
            "autres": [(other, in_words(other)) for other in reports.others(row)],
            "repondu": answered,
            "repondu_page": written_page(answered) if answered else "",
        }

    def carriers(self, row: Signalement) -> list[tuple[Organisme, str]]:
        """The organisations whose ways to be reached the fiche shows, with their forms, where the report is of that."""
        if Raison.COORDONNEES not in row.raisons:
            return []
        return [(organisme, form_address(organisme, row)) for organisme in row.initiative.porteurs]

    def decide(self, request, row):
        """The decision about this report and those ticked with it; the next thing to read is this page."""
        motif = request.POST.get("motif", "")
        if row.initiative_id is None:
            etat = EtatContribution.ECARTEE if "refuser" in request.POST else EtatContribution.RETENUE
            contributions.record_decision(row, etat, request.user, motif)
        else:
            ticked = request.POST.getlist("avec")
            rows = [row, *(other for other in reports.others(row) if str(other.pk) in ticked)]
            if len(rows) != 1 + len(set(ticked) - {str(row.pk)}):
                raise ValidationError(_("Un de ces signalements vient d'être réglé : recommencez."))
            if "refuser" in request.POST:
                reports.dismiss(rows, request.user, motif)
            else:
                reports.settle(rows, request.POST.get("reponse", ""), request.user, motif)
        self.message_user(request, _("Décision enregistrée."), messages.SUCCESS)


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
