"""What every screen of the workshop stands on."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


def key_of(model, name: str) -> str:
    """The column that a relation of a model leads to, which is not « id » where rows are known by their code."""
    field = model._meta.get_field(name)
    return field.target_field.name if field.is_relation else "pk"


CHOOSE = [("", _("Choisir…"))]


class Closed:
    """Answers what its own pages ask for, and nothing else that Django would hear; and calls them what people do."""

    def changelist_view(self, request, extra_context=None):
        """« Lignes d'aide », where Django would say « Sélectionnez l'objet ligne d'aide à changer »."""
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def get_action_choices(self, request, default_choices=CHOOSE):
        return super().get_action_choices(request, default_choices)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """`_saveasnew` is heard whatever `save_as` says: it would make a new row out of another's form."""
        if "_saveasnew" in request.POST and not self.save_as:
            raise PermissionDenied
        name = self.opts.verbose_name
        title = {"title": capfirst(name) if object_id else _("Ajouter : %(nom)s") % {"nom": name}}
        return super().changeform_view(request, object_id, form_url, title | (extra_context or {}))

    def lookup_allowed(self, lookup, value, request=None):
        """`?field__lookup=` is for the filters and dates of the page.

        Django allows a lookup on any column of the model, one that the page never shows included: letter by letter,
        `courriel_expediteur__startswith` would say who wrote.
        """
        allowed = {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day") if self.date_hierarchy}
        for item in self.get_list_filter(request):
            name = item[0] if isinstance(item, tuple) else item
            if isinstance(name, str):
                allowed |= {f"{name}__{end}" for end in ("exact", "id__exact", "pk__exact", "isnull", "isempty")}
                allowed.add(f"{name}__{key_of(self.model, name)}__exact")
            else:
                allowed.add(name.parameter_name)
        return lookup in allowed


class WorkshopAdmin(Closed, admin.ModelAdmin):
    """A screen of ours."""


class LookedAt(WorkshopAdmin):
    """A screen that is read, and never written."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


# Why an editor decides, most of the time.
USUAL = [
    _("Conforme à la source"),
    _("Confirmé par l'organisme"),
    _("Correction de forme"),
    _("Mise à jour"),
]


# Why a fiche leaves, or is not taken: whether the editor archives it or refuses it.
USUAL_ENDS = [
    _("L'initiative a pris fin"),
    _("L'organisme le demande"),
    _("Hors du sujet du répertoire"),
    _("Déjà au répertoire sous un autre nom"),
]


def reason_given(request, usuelles=(*USUAL, *USUAL_ENDS)) -> str:
    """Why, as an editor chose it or said it; empty where she did neither."""
    usual = request.POST.get("usuelle", "")
    said = request.POST.get("motif", "").strip()[:500]
    return ". ".join(part for part in (usual if usual in map(str, usuelles) else "", said) if part)


def confirmed(request) -> bool:
    """Whether the editor said that the contacts which become public are a service's."""
    return request.POST.get("confirme") == "1"
