"""The moderators' queue: what the field sent, beside the fiches that it may already be, decided in one click."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from initiatives.core.enums import EtatContribution, Provenance
from initiatives.hearing import answering, contributions, questionnaire
from initiatives.keeping import state
from initiatives.keeping.similar import closest
from initiatives.models import Initiative, Proposition

from .accepting import AcceptingAdmin, SaysWhat
from .answering import form_address
from .base import WorkshopAdmin
from .pouring import PouringAdmin, porteur_context, porteur_given


class ReplyFilter(admin.SimpleListFilter):
    """Those that are decided, and whose sender left an e-mail and waits for an answer."""

    title = gettext_lazy("réponse à l'expéditeur")
    parameter_name = "reponse"

    def lookups(self, request, model_admin):
        return [("attendue", _("Attendue"))]

    def queryset(self, request, queryset):
        if self.value() != "attendue":
            return queryset
        waiting = contributions.to_answer(queryset.model).exclude(etat=EtatContribution.RECUE)
        return queryset.filter(pk__in=waiting.values("pk"))


class ContributionAdmin(WorkshopAdmin):
    """Read and decided, never edited nor deleted. Who sent it is seen by few, and answered by them."""

    list_filter = ["etat", ReplyFilter]
    date_hierarchy = "recue_le"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view
        name = f"initiatives_{self.opts.model_name}_decider"
        answer = f"initiatives_{self.opts.model_name}_repondre"
        return [
            path("<int:pk>/decider/", view(self.decide_view), name=name),
            path("<int:pk>/repondre/", view(self.answered_view), name=answer),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def answered_view(self, request, pk):
        """Somebody who sees the sender says that she answered."""
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        if not (self.has_change_permission(request, row) and request.user.has_perm("initiatives.voir_expediteur")):
            raise PermissionDenied
        if contributions.answered(row, request.user):
            self.message_user(request, _("C'est noté : l'expéditeur a sa réponse."), messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:initiatives_{self.opts.model_name}_change", args=[row.pk]))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The contribution as somebody reads it; the decision is another form."""
        row = self.get_object(request, object_id or "")
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"{self.opts.verbose_name.capitalize()} {row.pk}",
            "opts": self.opts,
            "subject": row,
            "retour": reverse(f"admin:initiatives_{self.opts.model_name}_changelist"),
            "adresse": reverse(f"admin:initiatives_{self.opts.model_name}_decider", args=[row.pk]),
            "attend": row.etat == EtatContribution.RECUE and self.has_change_permission(request, row),
            "voit_expediteur": request.user.has_perm("initiatives.voir_expediteur"),
            "repondre": reverse(f"admin:initiatives_{self.opts.model_name}_repondre", args=[row.pk]),
            "jours": settings.CONTACT_RETENTION_DAYS,
            **self.details(request, row),
            **(extra_context or {}),
        }
        if not context["attend"]:
            context["suivante"] = self.next_one(row)
        return render(request, self.change_form_template, context)

    def details(self, request, row) -> dict:
        """What the page of a contribution shows besides."""
        raise NotImplementedError

    def next_one(self, row):
        """The contribution that waits for the longest. One query."""
        return type(row).objects.filter(etat=EtatContribution.RECUE).order_by("recue_le", "pk").first()

    def decide_view(self, request, pk):
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method != "POST" or not self.has_change_permission(request, row):
            raise PermissionDenied
        try:
            target = self.decide(request, row)
        except ValidationError as error:
            if hasattr(error, "error_dict") and "porteur" in error.error_dict:  # said beside it, with what was typed
                return self.changeform_view(request, str(pk), extra_context={"erreurs": error.message_dict})
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            target = None
        page = reverse(f"admin:initiatives_{self.opts.model_name}_change", args=[row.pk])
        return HttpResponseRedirect(target or page)


@admin.register(Proposition)
class PropositionAdmin(AcceptingAdmin, PouringAdmin, ContributionAdmin):
    change_form_template = "admin/initiatives/proposition.html"
    change_list_template = "admin/initiatives/liste.html"
    list_display = ["recue_le", "objet", "dit", "dit_par", "etat"]
    list_display_links = ["recue_le", "objet"]
    list_filter = ["etat", ReplyFilter, SaysWhat]
    list_select_related = ["initiative", "envoi__organisme"]

    def details(self, request, row):
        answers = questionnaire.in_order(row.reponses)
        details = {"reponses": state.state_in_words(Initiative, answers), "proches": [], "differences": []}
        if row.provenance == Provenance.VERIFICATION:
            now = state.state_of(row.initiative)
            details["differences"] = state.differences(Initiative, now, now | answers)
            details["precisions"] = row.autres_initiatives
            details |= {"vu": answering.mark(row), "retirees": answering.taken_back(row)}
        else:
            words = (answers.get("titre", ""), answers.get("porteur_mention", ""), answers.get("region", ""))
            details["proches"] = closest(*words, but=row.initiative_id)
            details["verser"] = reverse("admin:initiatives_proposition_verser", args=[row.pk])
            details["porteur"] = porteur_context(request, row)
        return details

    def decide(self, request, row):
        """The draft, the changes, or the refusal; where to go next."""
        unread = row.etat == EtatContribution.RECUE and request.POST.get("vu", "") != answering.mark(row)
        if row.provenance == Provenance.VERIFICATION and unread:
            raise ValidationError(contributions.CHANGED)
        if "refuser" in request.POST:
            contributions.record_decision(row, EtatContribution.ECARTEE, request.user, request.POST.get("motif", ""))
            self.message_user(request, _("Écartée."), messages.SUCCESS)
            return None
        if row.provenance == Provenance.VERIFICATION:
            report = contributions.accept_changes(row, request.user, request.POST.getlist("champ"))
            self.message_user(request, _("Appliquée; la fiche est vérifiée aujourd'hui."), messages.SUCCESS)
            if report is None:
                return reverse("admin:initiatives_initiative_change", args=[row.initiative_id])
            said = _("Il reste à écrire ce que l'organisme précise : cela attend dans les signalements d'ici là.")
            self.message_user(request, said, messages.WARNING)
            return form_address(row.initiative, report)
        draft = contributions.to_draft(row, request.user, porteur_given(request))
        self.message_user(request, _("Un brouillon a été fait de cette proposition."), messages.SUCCESS)
        return reverse("admin:initiatives_initiative_change", args=[draft.pk])
