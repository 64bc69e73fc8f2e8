"""Possible duplicates, and the merge of two fiches, in the admin."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from initiatives.core.admission import SLOW
from initiatives.keeping import merging, state
from initiatives.keeping.similar import likely_pairs
from initiatives.models import Initiative

from .base import confirmed


class MergingAdmin:
    """What the admin of the fiches gains: two pages, for whoever may decide."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("doublons/", view(self.duplicates_view), name="initiatives_initiative_doublons"),
            path("fusionner/", view(self.merge_view), name="initiatives_initiative_fusionner"),
            *super().get_urls(),
        ]

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
        error = ""
        if request.method == "POST":
            taken = [name for name in state.state_of(other) if request.POST.get(f"choix-{name}") == "autre"]
            try:
                merging.merge(kept, other, request.user, request.POST.get("motif", ""), taken, confirmed(request))
                self.message_user(request, _("Fusionnées : l'autre adresse mène ici."), messages.SUCCESS)
                return HttpResponseRedirect(self.page(kept))
            except ValidationError as refusal:
                error = " ".join(refusal.messages)
        found = state.differences(Initiative, state.state_of(kept), state.state_of(other))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Fusionner deux fiches"),
            "opts": self.opts,
            "gardee": kept,
            "autre": other,
            "lignes": [row for row in found if row.champ not in state.NOT_RESTORED],
            "coordonnees": any(row.champ == "contacts" for row in found),
            "erreur": error,
        }
        return render(request, "admin/initiatives/fusion.html", context)
