"""What is done to several fiches at once, in the admin: a page says what will happen, then it is done, and undone."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_POST

from initiatives.core.enums import Confirmation, NatureGeste
from initiatives.keeping import acts
from initiatives.models import Geste, Initiative

from .base import USUAL, USUAL_ENDS, reason_given

LIST = "admin:initiatives_initiative_changelist"
# Of each act: what it is called before, what it is called once done, and what will happen.
WORDS = {
    NatureGeste.VERIFIER: (
        ngettext_lazy("Vérifier %(n)s fiche", "Vérifier %(n)s fiches", "n"),
        ngettext_lazy("%(n)s fiche vérifiée aujourd'hui.", "%(n)s fiches vérifiées aujourd'hui.", "n"),
        gettext_lazy("Rien n'a changé : vérifiées aujourd'hui, à vérifier de nouveau dans un an."),
    ),
    NatureGeste.PUBLIER: (
        ngettext_lazy("Publier %(n)s fiche", "Publier %(n)s fiches", "n"),
        ngettext_lazy("%(n)s fiche publiée.", "%(n)s fiches publiées.", "n"),
        gettext_lazy("Tout le monde pourra les lire aussitôt."),
    ),
    NatureGeste.ARCHIVER: (
        ngettext_lazy("Archiver %(n)s fiche", "Archiver %(n)s fiches", "n"),
        ngettext_lazy("%(n)s fiche archivée.", "%(n)s fiches archivées.", "n"),
        gettext_lazy("Elles quittent les pages publiques; leur adresse dira qu'elles ne sont plus au répertoire."),
    ),
    NatureGeste.REFUSER: (
        ngettext_lazy("Refuser %(n)s fiche", "Refuser %(n)s fiches", "n"),
        ngettext_lazy("%(n)s fiche refusée.", "%(n)s fiches refusées.", "n"),
        gettext_lazy("Elles ne seront pas publiées. On peut en refaire des brouillons."),
    ),
}


def why_given(request, nature: NatureGeste) -> str:
    """Why, as the form of this act asks it: of a verification, how it was confirmed, and by which function.

    Raises ValidationError where nobody chose how.
    """
    if nature != NatureGeste.VERIFIER:
        return reason_given(request)
    how, who = request.POST.get("comment", ""), request.POST.get("qui", "").strip()[:200]
    if how not in Confirmation.values:
        raise ValidationError(_("Dites comment on vous l'a confirmé."))
    label = str(Confirmation(how).label)
    return _("%(comment)s : %(qui)s") % {"comment": label, "qui": who} if who else label


class Undoable:
    """A screen that does what may be undone."""

    def tell(self, request, geste: Geste, said: str) -> None:
        """Says what was done, with the button that undoes it."""
        button = format_html(
            '{} <form method="post" action="{}" class="annuler">'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><button type="submit">{}</button></form>',
            *(said, reverse("admin:initiatives_initiative_annuler", args=[geste.pk]), get_token(request)),
            _("Annuler cette action"),
        )
        self.message_user(request, button, messages.SUCCESS)


class ActsAdmin(Undoable):
    """What the admin of the fiches gains: four acts on what is ticked, their page, and the way back."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("ensemble/", view(self.perform_view), name="initiatives_initiative_ensemble"),
            path("geste/<int:pk>/annuler/", view(self.undo_view), name="initiatives_initiative_annuler"),
            *super().get_urls(),
        ]

    @admin.action(description=gettext_lazy("Rien n'a changé : vérifiée aujourd'hui"), permissions=["change"])
    def nothing_changed(self, request, queryset):
        return self.ask(request, NatureGeste.VERIFIER, queryset)

    @admin.action(description=gettext_lazy("Publier"), permissions=["decider"])
    def publish(self, request, queryset):
        return self.ask(request, NatureGeste.PUBLIER, queryset)

    @admin.action(description=gettext_lazy("Archiver"), permissions=["decider"])
    def archive(self, request, queryset):
        return self.ask(request, NatureGeste.ARCHIVER, queryset)

    @admin.action(description=gettext_lazy("Refuser"), permissions=["decider"])
    def refuse(self, request, queryset):
        return self.ask(request, NatureGeste.REFUSER, queryset)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {**(extra_context or {}), "gestes": acts.recent(request.user)})

    def ask(self, request, nature: NatureGeste, queryset, error: str = ""):
        """The page that says what will happen, what cannot, and asks why. Nothing is written."""
        fiches = list(queryset.order_by("pk")[: acts.MOST + 1])
        if len(fiches) > acts.MOST:
            said = _("Pas plus de %(n)s fiches à la fois : filtrez la liste, ou cochez-en moins.")
            self.message_user(request, said % {"n": acts.MOST}, messages.ERROR)
            return None
        possible, impossible = [], []
        for fiche in fiches:
            why = acts.why_not(fiche, nature)
            if why:
                impossible.append((fiche, why))
            else:
                possible.append((fiche, acts.mark(fiche)))
        called, _done, happens = WORDS[nature]
        context = {
            **self.admin_site.each_context(request),
            "title": called % {"n": len(possible)} if possible else nature.label,
            "opts": self.opts,
            "geste": nature,
            "arrivera": happens,
            "possibles": possible,
            "impossibles": impossible,
            "usuelles": USUAL_ENDS if nature in acts.ENDS else USUAL,
            "confirmations": Confirmation.choices,
            "liste": self.listed(request),
            "filtres": request.POST.get("filtres", request.GET.urlencode()),
            "erreur": error,
        }
        return render(request, "admin/initiatives/ensemble.html", context)

    def listed(self, request) -> str:
        """The list that one came from, with its filters."""
        filters = request.POST.get("filtres", request.GET.urlencode())
        return f"{reverse(LIST)}?{filters}" if filters else reverse(LIST)

    def perform_view(self, request):
        """Does what the page said, if it is still so; all of it or nothing."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        sent = request.POST.get("geste")
        if sent not in NatureGeste.values:
            return HttpResponseRedirect(reverse(LIST))
        nature, marks = NatureGeste(sent), request.POST.getlist("fiche")
        try:
            geste = self.perform(request, nature, marks)
        except ValidationError as error:
            shown = self.get_queryset(request).filter(pk__in=[acts.numero(text) for text in marks])
            page = self.ask(request, nature, shown, " ".join(error.messages))
            return page or HttpResponseRedirect(self.listed(request))
        self.tell(request, geste, WORDS[nature][1] % {"n": len(geste.fiches)})
        return HttpResponseRedirect(self.listed(request))

    def perform(self, request, nature: NatureGeste, marks: list[str]) -> Geste:
        """Does it, for who may. Raises ValidationError."""
        if not acts.may(request.user, nature):
            raise PermissionDenied
        return acts.perform(nature, marks, request.user, why_given(request, nature))

    @method_decorator(require_POST)
    def undo_view(self, request, pk):
        """Brings back what one did oneself within the hour."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        geste = get_object_or_404(Geste, pk=pk, par=request.user)
        if not acts.may(request.user, NatureGeste(geste.nature)):
            raise PermissionDenied
        numbers = [row["numero"] for row in geste.fiches]
        try:
            left = acts.undo(geste, request.user)
            self.message_user(request, _("Action annulée : les fiches sont comme avant."), messages.SUCCESS)
            if left:
                said = _("Laissées telles quelles, quelqu'un les ayant changées depuis : %(titres)s.")
                self.message_user(request, said % {"titres": "; ".join(map(str, left))}, messages.WARNING)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        if any(row.get("propositions") for row in geste.fiches):
            return HttpResponseRedirect(reverse("admin:initiatives_proposition_changelist"))
        alone = Initiative.objects.filter(pk__in=numbers).first() if len(numbers) == 1 else None
        return HttpResponseRedirect(self.page(alone) if alone else reverse(LIST))
