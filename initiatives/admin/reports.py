"""Reports of readers: read beside the fiche, corrected at the field they are about, settled once by what answered."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core.enums import EtatContribution, Raison
from initiatives.hearing import contributions, reports
from initiatives.keeping import state
from initiatives.keeping.reports import in_words
from initiatives.models import Initiative, Organisme, Revision, Signalement

from .answering import form_address
from .contributions import ContributionAdmin, ReplyFilter


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
