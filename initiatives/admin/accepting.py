"""Several answers that say that nothing changed, accepted at once: asked first, all or none, and undone."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from initiatives.core.cells import whole_number
from initiatives.core.enums import EtatContribution, NatureGeste, Provenance
from initiatives.hearing import contributions
from initiatives.keeping import acts
from initiatives.models import Proposition

from .acts import Undoable

LIST = "admin:initiatives_proposition_changelist"


def why_not(row: Proposition) -> str:
    """Why an answer is not accepted without being opened; nothing where it is."""
    if row.etat != EtatContribution.RECUE:
        return _("une décision a déjà été prise")
    if row.provenance != Provenance.VERIFICATION:
        return _("nouvelle initiative")
    return _("propose des changements : ouvrez-la") if row.reponses or row.autres_initiatives else ""


class SaysWhat(admin.SimpleListFilter):
    """Answers that nothing changed, those that carry changes, and new initiatives."""

    title = gettext_lazy("ce qu'elle dit")
    parameter_name = "dit"

    def lookups(self, request, model_admin):
        return [
            ("rien", _("Rien n'a changé")),
            ("changements", _("Des changements")),
            ("nouvelle", _("Une nouvelle initiative")),
        ]

    def queryset(self, request, queryset):
        answers = queryset.filter(provenance=Provenance.VERIFICATION)
        return {
            "rien": queryset.filter(contributions.UNCHANGED),
            "changements": answers.exclude(contributions.UNCHANGED),
            "nouvelle": queryset.filter(provenance=Provenance.FORMULAIRE),
        }.get(self.value(), queryset)


class AcceptingAdmin(Undoable):
    """What the admin of propositions gains: the act, the page that asks, and what each row says."""

    actions = ["accept_unchanged"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.accept_view)
        return [path("ensemble/", view, name="initiatives_proposition_ensemble"), *super().get_urls()]

    @admin.display(description=gettext_lazy("proposition"))
    def objet(self, obj):
        return str(obj)

    @admin.display(description=gettext_lazy("ce qu'elle dit"))
    def dit(self, obj):
        if obj.provenance == Provenance.FORMULAIRE:
            return _("Nouvelle initiative")
        number = len(obj.reponses.keys() - {"age_mention"})  # it follows the ages
        words = [ngettext("%(n)s champ", "%(n)s champs", number) % {"n": number}] if number else []
        words += [_("une précision")] if obj.autres_initiatives else []
        return " + ".join(words) or _("Rien n'a changé")

    @admin.display(description=gettext_lazy("dit par"), ordering="envoi__organisme__nom")
    def dit_par(self, obj):
        return obj.envoi.organisme if obj.envoi else obj.get_provenance_display()

    @admin.action(description=gettext_lazy("Accepter celles qui disent que rien n'a changé"), permissions=["change"])
    def accept_unchanged(self, request, queryset):
        return self.ask(request, queryset)

    def ask(self, request, queryset, error: str = ""):
        """The page that names what will be accepted, and what will not and why. Nothing is written."""
        if not acts.may(request.user, NatureGeste.VERIFIER):
            raise PermissionDenied
        rows = list(queryset.select_related("initiative", "envoi__organisme").order_by("pk")[: acts.MOST + 1])
        if len(rows) > acts.MOST:
            said = _("Pas plus de %(n)s à la fois : filtrez la liste, ou cochez-en moins.") % {"n": acts.MOST}
            self.message_user(request, said, messages.ERROR)
            return None
        left = [(row, why_not(row)) for row in rows]
        number = sum(not why for _row, why in left)
        said = ngettext("Accepter %(n)s réponse?", "Accepter %(n)s réponses?", number) % {"n": number}
        context = {
            **self.admin_site.each_context(request),
            "title": said if number else _("Accepter celles qui disent que rien n'a changé"),
            "opts": self.opts,
            "possibles": [(row, acts.mark(row.initiative)) for row, why in left if not why],
            "impossibles": [(row, why) for row, why in left if why],
            "liste": self.listed(request),
            "filtres": request.POST.get("filtres", request.GET.urlencode()),
            "erreur": error,
        }
        return render(request, "admin/initiatives/propositions_accepter.html", context)

    def listed(self, request) -> str:
        """The list that one came from, with its filters."""
        filters = request.POST.get("filtres", request.GET.urlencode())
        return f"{reverse(LIST)}?{filters}" if filters else reverse(LIST)

    @method_decorator(require_POST)
    def accept_view(self, request):
        """Accepts what the page named, if it is still so; all of it or nothing."""
        if not (self.has_change_permission(request) and acts.may(request.user, NatureGeste.VERIFIER)):
            raise PermissionDenied
        numbers = {whole_number(text) for text in request.POST.getlist("proposition")} - {None}
        rows = self.get_queryset(request).filter(pk__in=numbers)
        try:
            geste = contributions.accept_unchanged(rows, request.POST.getlist("fiche"), request.user)
        except ValidationError as error:
            page = self.ask(request, rows, " ".join(error.messages))
            return page or HttpResponseRedirect(self.listed(request))
        number = len(geste.fiches)
        said = ngettext("%(n)s fiche vérifiée aujourd'hui.", "%(n)s fiches vérifiées aujourd'hui.", number)
        self.tell(request, geste, said % {"n": number})
        return HttpResponseRedirect(self.listed(request))
