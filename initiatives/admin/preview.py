"""The public page of a fiche as its form would make it, saved or not: beside the form, or in a page of its own."""

from django.contrib.messages.storage import default_storage
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from initiatives.keeping import history
from initiatives.keeping.revisions import aside
from initiatives.models import Initiative

from .history import HistoryAdmin
from .revisions import RevisionsAdmin, drawn

# A fiche that is tried before it exists: numbers are given once, and none is spent on a trial.
NOT_YET = 0


class PreviewAdmin(RevisionsAdmin):
    """What the admin of the fiches gains: two addresses that show and write nothing."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:numero>/apercu/", view(self.preview), name="initiatives_initiative_apercu"),
            path("<int:numero>/direct/", view(self.direct), name="initiatives_initiative_direct"),
            path("direct/", view(self.direct), name="initiatives_initiative_direct-ajout"),
            *super().get_urls(),
        ]

    def preview(self, request, numero):
        """The public page as it would be, drafts included: for staff alone, under the admin's path."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return drawn(request, get_object_or_404(Initiative, pk=numero), "enregistre")

    @method_decorator(require_POST)
    def direct(self, request, numero=None):
        """The page of what the form holds, or what keeps it from being saved. Nothing of it stays."""
        subject = self.subject(request, numero) if numero is not None else None
        request.essai = True
        with aside():
            if subject:
                subject = history.locked(Initiative, [subject.pk])[subject.pk]
                self.prepare(request, subject, request.POST.get("version_vue", ""))
            key = str(subject.pk) if subject else None
            answer = super(HistoryAdmin, self).changeform_view(request, key, "", {})
            tried = answer.status_code == 302
            if tried:
                answer = drawn(request, subject or Initiative(pk=NOT_YET), "direct")
        if tried:
            request._messages = default_storage(request)  # « modifié avec succès » is not true
            return answer
        said = {"title": _("La page, une fois ceci corrigé"), "fautes": faults(answer.context_data)}
        return render(request, "admin/initiatives/fautes.html", said)

    def direct_address(self, request, fiche: Initiative | None) -> str:
        """Where the form of a fiche, or of a new one, is tried; empty for who may not write it."""
        if fiche:
            return self.page(fiche, "direct") if self.has_change_permission(request, fiche) else ""
        return reverse("admin:initiatives_initiative_direct-ajout") if self.has_add_permission(request) else ""

    def save_model(self, request, obj, form, change):
        if getattr(request, "essai", False) and not change:
            obj.numero = NOT_YET
        super().save_model(request, obj, form, change)


def faults(context: dict) -> list[tuple[str, str]]:
    """What is wrong in a form: the name of the field, empty for the whole of it, and the sentence."""
    forms = [context["adminform"].form]
    for group in context["inline_admin_formsets"]:
        forms += group.formset.forms
    found = []
    for form in forms:
        for name, sentences in form.errors.items():
            label = form.fields[name].label if name in form.fields else ""
            found += [(label, sentence) for sentence in sentences]
    return found
