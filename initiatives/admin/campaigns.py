"""Campaigns in the admin: prepared, looked at, sent, reminded once."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core.cells import whole_number
from initiatives.hearing import campaigns
from initiatives.models import Campagne, Desabonnement, Envoi

from .base import WorkshopAdmin
from .initiatives import ReadOnlyInline
from .twice import sends_mail


class EnvoiInline(ReadOnlyInline):
    model = Envoi
    fields = ["organisme", "joint_par", "fiches", "etat", "envoye_le", "relance_le", "repondu_le"]

    @admin.display(description=gettext_lazy("courriel"))
    def joint_par(self, obj):
        return obj.courriel or _("aucun courriel : à joindre autrement")

    @admin.display(description=gettext_lazy("état"))
    def etat(self, obj):
        if obj.tente_le:
            when = date_format(localtime(obj.tente_le), "DATETIME_FORMAT")
            return _("incertain : parti peut-être le %(jour)s") % {"jour": when}
        return _("parti") if obj.envoye_le else _("à envoyer")

    @admin.display(description=gettext_lazy("fiches"))
    def fiches(self, obj):
        return ", ".join(str(row) for row in obj.initiatives.all())

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organisme", "campagne").prefetch_related("initiatives")


@admin.register(Campagne)
class CampagneAdmin(WorkshopAdmin):
    change_form_template = "admin/initiatives/campagne.html"
    list_display = ["nom", "creee_le", "creee_par", "envoyes", "repondus"]
    inlines = [EnvoiInline]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_urls(self):
        view = self.admin_site.admin_view(self.run_view)
        return [path("<int:pk>/lancer/", view, name="initiatives_campagne_lancer"), *super().get_urls()]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.creee_par = request.user
        super().save_model(request, obj, form, change)
        if not change:
            campaigns.prepare(obj)

    @sends_mail
    def run_view(self, request, pk):
        """Sends, or reminds; says how many, and who could not be reached."""
        campagne = get_object_or_404(Campagne, pk=pk)
        if request.method != "POST" or not self.has_change_permission(request, campagne):
            raise PermissionDenied
        try:
            if "incertain" in request.POST:
                envoi = get_object_or_404(campagne.envois, pk=whole_number(request.POST["incertain"]))
                campaigns.settle_uncertain(envoi, arrived="arrive" in request.POST)
                self.message_user(request, _("C'est noté."), messages.SUCCESS)
            else:
                run = campaigns.remind if "relancer" in request.POST else campaigns.send
                self.tell(request, run(campagne))
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:initiatives_campagne_change", args=[pk]))

    def tell(self, request, outcome: campaigns.Delivery) -> None:
        """What became of each e-mail."""
        self.message_user(request, _("Courriels partis : %(n)s.") % {"n": outcome.sent}, messages.SUCCESS)
        if outcome.stopped:
            self.message_user(request, outcome.stopped, messages.ERROR)
        told = [
            (outcome.failed, _("Le courriel n'est pas parti : %(envoi)s"), messages.ERROR),
            (outcome.uncertain, _("On ne sait pas si le courriel est parti : %(envoi)s"), messages.WARNING),
        ]
        for envois, message, level in told:
            for envoi in envois:
                self.message_user(request, message % {"envoi": envoi}, level)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and self.has_change_permission(request, obj):
            context["incertains"] = obj.envois.exclude(tente_le=None).select_related("organisme")
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("courriels partis"))
    def envoyes(self, obj):
        return obj.envois.exclude(envoye_le=None).count()

    @admin.display(description=gettext_lazy("réponses"))
    def repondus(self, obj):
        return obj.envois.exclude(repondu_le=None).count()


@admin.register(Desabonnement)
class DesabonnementAdmin(WorkshopAdmin):
    """Removed only when the organisation asks for it."""

    list_display = ["organisme", "demande_le"]
    autocomplete_fields = ["organisme"]
