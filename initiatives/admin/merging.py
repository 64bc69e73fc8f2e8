"""Possible duplicates, and the merge of two fiches, in the admin."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from initiatives.core.admission import SLOW
from initiatives.keeping import merging, separating
from initiatives.keeping.similar import likely_pairs
from initiatives.models import FusionFiches, Initiative

from .base import confirmed, reason_given

# Why two are one, most of the time.
USUAL_MERGES = [
    gettext_lazy("La même initiative, entrée deux fois"),
    gettext_lazy("L'une remplace l'autre"),
]


class MergingAdmin:
    """What the admin of the fiches gains: two pages and the way back, for whoever may decide."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("doublons/", view(self.duplicates_view), name="initiatives_initiative_doublons"),
            path("fusionner/", view(self.merge_view), name="initiatives_initiative_fusionner"),
            path("fusion/<int:pk>/defaire/", view(self.separate_view), name="initiatives_initiative_defaire"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        merged = separating.recent(request.user)
        return super().changelist_view(request, {**(extra_context or {}), "fusions": merged})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["fusions"] = separating.mergers(obj)
            context["peut_separer"] = self.has_decider_permission(request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @method_decorator(require_POST)
    def separate_view(self, request, pk):
        """Makes two of them again."""
        if not self.has_decider_permission(request):
            raise PermissionDenied
        fusion = get_object_or_404(FusionFiches.objects.select_related("garde", "autre"), pk=pk)
        try:
            left = separating.separate(fusion, request.user)
            said = _("Fusion défaite : « %(autre)s » a repris ce qu'elle avait.") % {"autre": fusion.autre}
            self.message_user(request, said, messages.SUCCESS)
            if left:
                said = _(
                    "Restent à cette fiche, quelqu'un les ayant changés ou réglés depuis : %(quoi)s. L'historique rend "
                    "chaque champ d'avant la fusion."
                )
                self.message_user(request, said % {"quoi": "; ".join(map(str, left))}, messages.WARNING)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(self.page(fusion.garde))

    def duplicates_view(self, request):
        """The pairs that look alike; a pair is merged, or set aside for good."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            pair = [get_object_or_404(Initiative, pk=self.key(request.POST.get(name))).pk for name in ("a", "b")]
            merging.set_aside(*pair, request.user)
            return HttpResponseRedirect(reverse("admin:initiatives_initiative_doublons"))
        request.places.take(SLOW)
        numbers = likely_pairs()
        fiches = Initiative.objects.in_bulk({number for pair in numbers for number in pair})
        context = {
            **self.admin_site.each_context(request),
            "title": _("Doublons possibles"),
            "opts": self.opts,
            "paires": [(fiches[a], fiches[b]) for a, b in numbers],
            "peut_fusionner": self.has_decider_permission(request),
        }
        return render(request, "admin/initiatives/doublons.html", context)

    def merge_view(self, request):
        """Two fiches side by side: the first stays, and takes from the second what is chosen."""
        if not self.has_decider_permission(request):
            raise PermissionDenied
        given = request.POST or request.GET
        kept, other = (get_object_or_404(Initiative, pk=self.key(given.get(name))) for name in ("a", "b"))
        rows, pending, errors = merging.choices(kept, other), merging.pending(kept, other), {}
        chosen = {row.champ: self.chosen(request, row) for row in rows}
        if request.method == "POST":
            taken = [name for name, choice in chosen.items() if choice == "autre"]
            both = chosen.get("contacts") == "deux"
            reason = reason_given(request, USUAL_MERGES)
            try:
                merging.merge(kept, other, request.user, reason, taken, confirmed(request), both)
                self.tell_merged(request, pending)
                return HttpResponseRedirect(self.page(kept))
            except ValidationError as refusal:
                errors = getattr(refusal, "message_dict", {"": refusal.messages})
        # An error beside its choice; what is of no choice here, above all of them.
        beside = {
            row.champ: [text for name in merging.together(row.champ) for text in errors.pop(name, [])] for row in rows
        }
        context = {
            **self.admin_site.each_context(request),
            "title": _("Fusionner deux fiches"),
            "opts": self.opts,
            "gardee": kept,
            "autre": other,
            "lignes": [(row, chosen[row.champ], beside[row.champ]) for row in rows],
            "suivra": will_follow(pending),
            "heurts": ", ".join(pending.heurts),
            "disparait": other.est_publique and not kept.est_publique,
            "coordonnees": any(row.champ == "contacts" for row in rows),
            "usuelles": USUAL_MERGES,
            "erreur": " ".join(text for texts in errors.values() for text in texts),
        }
        return render(request, "admin/initiatives/fusion.html", context)

    def chosen(self, request, row: merging.Choice) -> str:
        """What is chosen of a line: what was sent, else its default."""
        sent = request.POST.get(f"choix-{row.champ}")
        if request.method == "POST" and sent is None:
            return "gardee"
        return sent if sent in ("gardee", "autre") or (sent == "deux" and row.joignable) else row.defaut

    def tell_merged(self, request, pending: merging.Pending) -> None:
        said = _("Fusionnées : l'autre adresse mène ici.")
        if followed := will_follow(pending):
            follows = _("Ont suivi : %(quoi)s.") % {"quoi": ", ".join(followed)}
            said = f"{said} {follows}"
        self.message_user(request, said, messages.SUCCESS)


def will_follow(pending: merging.Pending) -> list[str]:
    """What waits on a fiche and follows it, in words."""
    found = [
        (int(bool(pending.revision)), ngettext("%(n)s modification à relire", "%(n)s modifications à relire", 1)),
        (pending.propositions, ngettext("%(n)s proposition reçue", "%(n)s propositions reçues", pending.propositions)),
        (pending.signalements, ngettext("%(n)s signalement reçu", "%(n)s signalements reçus", pending.signalements)),
        (pending.envois, ngettext("%(n)s envoi de campagne", "%(n)s envois de campagne", pending.envois)),
        (pending.besoins, ngettext("%(n)s besoin réglé à la main", "%(n)s besoins réglés à la main", pending.besoins)),
    ]
    return [words % {"n": number} for number, words in found if number]
