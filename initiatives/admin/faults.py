"""The faults of the site: where each is, for the administration, and that it is settled."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from initiatives.models import Panne

from .base import LookedAt


class SettledFilter(admin.SimpleListFilter):
    title = gettext_lazy("état")
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [("ouverte", _("À régler")), ("reglee", _("Réglée"))]

    def queryset(self, request, queryset):
        wanted = {"ouverte": True, "reglee": False}.get(self.value())
        return queryset if wanted is None else queryset.filter(reglee_le__isnull=wanted)


@admin.register(Panne)
class PanneAdmin(LookedAt):
    """One that comes back once settled is a new line."""

    list_display = ["nature", "route", "endroit", "nombre", "premiere_le", "derniere_le", "annoncee_le", "reglee_le"]
    list_filter = [SettledFilter]
    search_fields = ["nature", "route", "endroit"]
    actions = ["settle"]

    def has_settle_permission(self, request):
        return request.user.has_perm("initiatives.change_panne")

    @admin.action(description=gettext_lazy("Marquer comme réglées"), permissions=["settle"])
    def settle(self, request, queryset):
        number = settle(queryset, request.user)
        self.message_user(request, _("Réglées : %(nombre)s.") % {"nombre": number}, messages.SUCCESS)

    def get_urls(self):
        view = self.admin_site.admin_view(self.settle_view)
        return [path("<int:pk>/regler/", view, name="initiatives_panne_regler"), *super().get_urls()]

    @method_decorator(require_POST)
    def settle_view(self, request, pk):
        """From the first screen."""
        if not self.has_settle_permission(request):
            raise PermissionDenied
        fault = get_object_or_404(Panne, pk=pk)
        settle(Panne.objects.filter(pk=fault.pk), request.user)
        return HttpResponseRedirect(reverse("admin:index"))


def settle(faults, user) -> int:
    """Says that these are settled, those that are already left as they are; how many. One query."""
    return faults.filter(reglee_le=None).update(reglee_le=timezone.now(), reglee_par=user)
