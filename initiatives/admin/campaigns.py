"""Campaigns in the admin: who gets an e-mail and who does not, read before anything is sent; then how it goes."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import BooleanField, ExpressionWrapper
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from initiatives.core.cells import whole_number
from initiatives.core.enums import Echec
from initiatives.hearing import campaigns, letters, sending
from initiatives.models import Campagne, Desabonnement, Envoi
from initiatives.models.campagne import silenced

from .base import WorkshopAdmin
from .calls import CallsAdmin

LINK = "ici-le-lien"  # the e-mail that is shown has none that works
ONE_BUTTON = {"show_save_and_add_another": False, "show_save_and_continue": False}
SETTINGS = ["nom", "choix", "region", "repit", "jours"]


def days_given(request) -> int:
    """After how many days to remind, as the page asks for it."""
    number = whole_number(request.POST.get("jours", request.GET.get("jours", "")), 3)
    return campaigns.REMINDER_DAYS if number is None else number


def numbers(values) -> set[int]:
    return {number for number in map(whole_number, values) if number is not None}


def state_in_words(envoi: Envoi, leaving: set[int]) -> str:
    """What became of an e-mail. No query: `appel` and `silence` were fetched. `leaving`: those that are being sent."""
    if envoi.repondu:
        return _("a répondu") if envoi.repondu_le else _("joint par téléphone")
    if envoi.silence:
        return _("a demandé de ne plus être joint")
    if envoi.pk in leaving:
        return _("part à l'instant")
    if envoi.tente_le:
        when = date_format(localtime(envoi.tente_le), "DATETIME_FORMAT")
        return _("incertain : parti peut-être le %(jour)s") % {"jour": when}
    if envoi.echec:
        said = {"pourquoi": Echec(envoi.echec).label, "code": envoi.code_smtp or ""}
        if envoi.pas_avant:
            said["heure"] = date_format(localtime(envoi.pas_avant), "TIME_FORMAT")
            return _("pas encore parti : %(pourquoi)s (%(code)s), réessayé à %(heure)s") % said
        return (_("pas parti : %(pourquoi)s (%(code)s)") if envoi.code_smtp else _("pas parti : %(pourquoi)s")) % said
    if not envoi.courriel:
        return _("aucun courriel : à joindre par téléphone")
    if envoi.relance_le:
        return _("relancé")
    if envoi.relance_demandee_le:
        return _("à relancer")
    return _("parti") if envoi.envoye_le else _("à envoyer")


@admin.register(Campagne)
class CampagneAdmin(CallsAdmin, WorkshopAdmin):
    list_display = ["nom", "creee_le", "etat", "organismes", "partis", "repondus", "en_echec", "incertains"]
    fields = SETTINGS

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return ["choix", "region", "repit"] if obj and obj.lancee_le else []

    def get_queryset(self, request):
        return super().get_queryset(request).comptees()

    def get_urls(self):
        names = ("reglages", "lancer", "relancer", "gerer")
        views = [self.settings_view, self.launch_view, self.remind_view, self.manage_view]
        return [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"initiatives_campagne_{name}")
            for name, view in zip(names, views, strict=True)
        ] + super().get_urls()

    def page(self, pk, name="change"):
        return reverse(f"admin:initiatives_campagne_{name}", args=[pk])

    def may_send(self, request) -> bool:
        return request.user.has_perm("initiatives.lancer_campagne")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """A region is chosen here, and neither changed nor looked at."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.empty_label = _("Tout le Québec")
        return field

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if hasattr(field.widget, "can_change_related"):
            field.widget = field.widget.widget
        return field

    def save_model(self, request, obj, form, change):
        if not change:
            obj.creee_par = request.user
        super().save_model(request, obj, form, change)

    def get_changeform_initial_data(self, request):
        return {
            "nom": date_format(timezone.localdate(), "F Y").capitalize(),
            **super().get_changeform_initial_data(request),
        }

    def response_add(self, request, obj, post_url_continue=None):
        return HttpResponseRedirect(self.page(obj.pk))

    def response_change(self, request, obj):
        return HttpResponseRedirect(self.page(obj.pk))

    def settings_view(self, request, pk):
        """The form of a campaign: its name, which fiches, how long the links are worth."""
        return super().changeform_view(request, str(pk), "", ONE_BUTTON)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The campaign as somebody reads it: who would be asked, or how the sending goes."""
        if object_id is None:
            return super().changeform_view(request, object_id, form_url, ONE_BUTTON)
        campagne = self.get_object(request, object_id)
        if campagne is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, campagne):
            raise PermissionDenied
        return self.progress_page(request, campagne) if campagne.lancee_le else self.plan_page(request, campagne)

    def shown(self, request, template: str, campagne: Campagne, title: str, **context):
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "campagne": campagne,
            "peut_modifier": self.has_change_permission(request, campagne),
            "peut_envoyer": self.may_send(request),
            "manques": letters.lacking(),
            "production": not settings.DEVELOPMENT,
        }
        return render(request, template, context)

    def plan_page(self, request, campagne: Campagne):
        """Who gets an e-mail, who does not and why, and the e-mail as it will be read. Nothing is written."""
        found = campaigns.plan(campagne)
        asked = whole_number(request.GET.get("courriel", ""))
        first = found.written[0] if found.written else None
        example = next((row for row in found.written if row.organisme.pk == asked), first)
        context = {
            "plan": found,
            "lieu": campagne.region or _("tout le Québec"),
            "absents": [(code, label, found.left[code]) for code, label in campaigns.REASONS.items()],
            "ecartes": numbers(request.GET.getlist("sans")),
            "silence": campaigns.SILENT,
            "courriel": self.example(campagne, example, reminder=False) if example else None,
        }
        return self.shown(request, "admin/initiatives/campagne.html", campagne, str(campagne), **context)

    def example(self, campagne: Campagne, row, reminder: bool):
        envoi = Envoi(campagne=campagne, organisme=row.organisme, courriel=row.courriel)
        return letters.letter(envoi, row.fiches, reminder, link=LINK)

    @method_decorator(require_POST)
    def launch_view(self, request, pk):
        """The page that names how many; then, confirmed, what was read is launched. No web process sends anything."""
        campagne = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may_send(request):
            raise PermissionDenied
        without, seen = numbers(request.POST.getlist("sans")), request.POST.get("vu", "")
        try:
            if "confirmer" in request.POST:
                number = campaigns.launch(campagne, request.user, seen, without)
                said = _("C'est lancé : %(n)s à qui écrire.") % {"n": campaigns.in_words(number)}
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(f"{self.page(pk)}?suivre=1")
            found = campaigns.plan(campagne)
            if found.mark != seen:
                raise ValidationError(campaigns.CHANGED)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(self.page(pk))
        written = [row for row in found.written if row.organisme.pk not in without]
        called = [row for row in found.called if row.organisme.pk not in without]
        context = {
            "action": self.page(pk, "lancer"),
            "absents": self.left_aside(found, without),
            "retour": f"{self.page(pk)}?{urlencode([('sans', number) for number in sorted(without)])}",
            "ecrits": [(row.organisme, row.courriel) for row in written],
            "appeles": [row.organisme for row in called],
            "caches": [("vu", seen), *(("sans", number) for number in sorted(without))],
            "combien": campaigns.in_words(len(written)),
        }
        title = _("Écrire à %(n)s?") % {"n": context["combien"]}
        return self.shown(request, "admin/initiatives/campagne_confirmer.html", campagne, title, **context)

    def left_aside(self, found: campaigns.Plan, without: set[int]) -> list[tuple[str, list[campaigns.Asked]]]:
        """Who has something to verify and is neither written to nor called: (why, organisations)."""
        chosen = [row for row in [*found.written, *found.called] if row.organisme.pk in without]
        silent = [code for code in campaigns.REASONS if code not in (*campaigns.CALLED, campaigns.NOTHING_DUE)]
        rows = [
            (_("Vous les laissez de côté"), chosen),
            *((campaigns.REASONS[code], found.left[code]) for code in silent),
        ]
        return [(why, organismes) for why, organismes in rows if organismes]

    def remind_view(self, request, pk):
        """Who would be reminded, and the reminder as it will be read; how many; then, confirmed, it is asked for."""
        campagne = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may_send(request):
            raise PermissionDenied
        days = days_given(request)
        rows = list(campaigns.to_remind(campagne, days).select_related("organisme").prefetch_related("initiatives"))
        chosen = [row for row in rows if row.pk in numbers(request.POST.getlist("envoi"))]
        if request.method == "POST" and "confirmer" in request.POST:
            try:
                number = campaigns.remind(campagne, numbers(request.POST.getlist("envoi")), days)
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
                return HttpResponseRedirect(f"{self.page(pk, 'relancer')}?jours={days}")
            said = _("C'est demandé : %(n)s à relancer.") % {"n": campaigns.in_words(number)}
            self.message_user(request, said, messages.SUCCESS)
            return HttpResponseRedirect(f"{self.page(pk)}?suivre=1")
        if chosen:
            others = [campaigns.Asked(row.organisme) for row in rows if row not in chosen]
            context = {
                "absents": [(_("Vous les laissez de côté"), others)] if others else [],
                "action": self.page(pk, "relancer"),
                "retour": f"{self.page(pk, 'relancer')}?jours={days}",
                "ecrits": [(row.organisme, row.courriel) for row in chosen],
                "caches": [("jours", days), *(("envoi", row.pk) for row in chosen)],
                "combien": campaigns.in_words(len(chosen)),
                "relance": True,
            }
            title = _("Relancer %(n)s?") % {"n": context["combien"]}
            return self.shown(request, "admin/initiatives/campagne_confirmer.html", campagne, title, **context)
        first = rows[0] if rows else None
        asked = campaigns.Asked(first.organisme, list(first.initiatives.all()), first.courriel) if first else None
        context = {
            "a_relancer": rows,
            "jours": days,
            "courriel": asked and self.example(campagne, asked, reminder=True),
        }
        return self.shown(
            request, "admin/initiatives/campagne_relancer.html", campagne, _("Relancer une fois"), **context
        )

    def progress_page(self, request, campagne: Campagne):
        """How the sending goes, and what became of each e-mail. A few queries, whatever their number."""
        leaving = sending.leaving()
        rows = campagne.envois.annotate(silence=ExpressionWrapper(silenced(), BooleanField()))
        envois = list(rows.select_related("organisme", "appel").prefetch_related("initiatives"))
        here = [envoi for envoi in envois if envoi.pk in leaving]
        doing = sending.Sending.GOING if here else sending.doing(campagne)
        asked = whole_number(request.GET.get("courriel", ""))
        shown = next((envoi for envoi in envois if envoi.pk == asked and envoi.courriel), None)
        context = {
            "envois": [(envoi, state_in_words(envoi, leaving)) for envoi in envois],
            "courriel": shown
            and letters.letter(shown, list(shown.initiatives.all()), bool(shown.relance_le), link=LINK),
            "incertains": [envoi for envoi in envois if envoi.tente_le and envoi.pk not in leaving],
            "echecs": [envoi for envoi in envois if envoi.echec and not envoi.pas_avant and not envoi.repondu],
            "envoi_fait": doing.value,
            "suivre": "suivre" in request.GET and doing == sending.Sending.GOING,
            "relances_possibles": campaigns.to_remind(campagne).count(),
            "a_appeler": campaigns.to_call(campagne).count(),
            "jours_relance": campaigns.REMINDER_DAYS,
            "faits": campagne.partis + campagne.relances,
            "tous": campagne.partis + campagne.relances + campagne.a_envoyer + len(here),
        }
        return self.shown(request, "admin/initiatives/campagne_suivi.html", campagne, str(campagne), **context)

    @method_decorator(require_POST)
    def manage_view(self, request, pk):
        """Pauses, resumes, tries again what failed, or settles what is uncertain."""
        campagne = get_object_or_404(Campagne, pk=pk)
        if not self.may_send(request):
            raise PermissionDenied
        said = _("C'est noté.")
        try:
            if "pause" in request.POST or "reprendre" in request.POST:
                campaigns.pause(campagne, "pause" in request.POST)
            elif "reessayer" in request.POST:
                again = sending.try_again(campagne, whole_number(request.POST["reessayer"]))
                said = _("De retour dans la file : %(n)s.") % {"n": campaigns.in_words(again)}
            else:
                number = whole_number(request.POST.get("incertain", ""))
                sending.settle(get_object_or_404(campagne.envois, pk=number), arrived="arrive" in request.POST)
            self.message_user(request, said, messages.SUCCESS)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(self.page(pk))

    @admin.display(description=gettext_lazy("état"))
    def etat(self, obj):
        if not obj.lancee_le:
            return _("en préparation")
        if not obj.a_envoyer:
            return _("envoyée")
        return _("en pause") if obj.en_pause else _("en cours")

    @admin.display(description=gettext_lazy("organismes"))
    def organismes(self, obj):
        return obj.organismes

    @admin.display(description=gettext_lazy("courriels partis"))
    def partis(self, obj):
        return obj.partis

    @admin.display(description=gettext_lazy("réponses"))
    def repondus(self, obj):
        return obj.repondus

    @admin.display(description=gettext_lazy("échecs"))
    def en_echec(self, obj):
        return obj.en_echec

    @admin.display(description=gettext_lazy("incertains"))
    def incertains(self, obj):
        return obj.incertains


@admin.register(Desabonnement)
class DesabonnementAdmin(WorkshopAdmin):
    """Removed only when the organisation asks for it."""

    list_display = ["organisme", "courriel", "demande_le"]
    autocomplete_fields = ["organisme"]
