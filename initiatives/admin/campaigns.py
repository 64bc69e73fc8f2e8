"""Campaigns in the admin: prepared, looked at, sent, reminded once."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.hearing import campaigns
from initiatives.models import Campagne, Desabonnement, Envoi

from .initiatives import ReadOnlyInline


class EnvoiInline(ReadOnlyInline):
    model = Envoi
    fields = ["organisme", "joint_par", "fiches", "envoye_le", "relance_le", "repondu_le"]

    @admin.display(description=gettext_lazy("courriel"))
    def joint_par(self, obj):
        return obj.courriel or _("aucun courriel : à joindre autrement")

    @admin.display(description=gettext_lazy("fiches"))
    def fiches(self, obj):
        return ", ".join(str(row) for row in obj.initiatives.all())

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organisme").prefetch_related("initiatives")


@admin.register(Campagne)
class CampagneAdmin(admin.ModelAdmin):
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

    def run_view(self, request, pk):
        """Sends, or reminds; says how many, and who could not be reached."""
        campagne = get_object_or_404(Campagne, pk=pk)
        if request.method != "POST" or not self.has_change_permission(request, campagne):
            raise PermissionDenied
        run = campaigns.remind if "relancer" in request.POST else campaigns.send
        try:
            sent, failed = run(campagne)
            self.message_user(request, _("Courriels partis : %(n)s.") % {"n": sent}, messages.SUCCESS)
            for envoi in failed:
                message = _("Le courriel n'est pas parti : %(envoi)s")
                self.message_user(request, message % {"envoi": envoi}, messages.ERROR)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:initiatives_campagne_change", args=[pk]))

    @admin.display(description=gettext_lazy("courriels partis"))
    def envoyes(self, obj):
        return obj.envois.exclude(envoye_le=None).count()

    @admin.display(description=gettext_lazy("réponses"))
    def repondus(self, obj):
        return obj.envois.exclude(repondu_le=None).count()


@admin.register(Desabonnement)
class DesabonnementAdmin(admin.ModelAdmin):
    """Removed only when the organisation asks for it."""

    list_display = ["organisme", "demande_le"]
    autocomplete_fields = ["organisme"]
