"""The resources in the admin: what the page of resources shows, and what waits to be looked at first."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from initiatives.models import Ressource

from .lists import InOrder


@admin.register(Ressource)
class RessourceAdmin(InOrder):
    """A resource is retired by unticking « affichée »."""

    list_display = ["__str__", "affichee", "genre", "annee", "verifiee_le", "ordre"]
    list_filter = ["affichee", "genre", "source", ("note_interne", admin.EmptyFieldListFilter)]
    search_fields = ["titre_fr", "titre_en", "auteur"]
    autocomplete_fields = ["source", "fiches"]
    fieldsets = [
        (None, {"fields": ["slug", "langue", "titre_fr", "titre_en", "auteur", "annee", "genre"]}),
        (_("Ce que la page en dit"), {"fields": ["quoi_fr", "quoi_en"]}),
        (
            _("D'où elle vient, et où la trouver"),
            {
                "description": _(
                    "Une adresse que la source imprime abîmée, ou qui mène à une personne, ne se met pas. Le nom, le "
                    "téléphone et le courriel d'une personne non plus."
                ),
                "fields": ["source", "endroit", "lien", "verifiee_le"],
            },
        ),
        (_("Pour qui, et où elle paraît"), {"fields": ["pour", "fiches", "ordre", "affichee"]}),
        (_("Pour l'équipe"), {"fields": ["note_interne"]}),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Titles and addresses are long: they are seen whole."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("titre_fr", "titre_en", "auteur", "lien"):
            field.widget.attrs["class"] = "vLargeTextField"
        return field

    def called(self, obj) -> str:
        return obj.titre_imprime
