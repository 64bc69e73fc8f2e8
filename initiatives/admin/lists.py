"""Organisations, regions, sources, help lines and the milieux of Annexe A in the admin."""

from django.contrib import admin

from initiatives.models import EntreeThesaurus, LigneAide, Localite, Organisme, Region, Sondage, Source

from .base import WorkshopAdmin
from .history import HistoryAdmin
from .initiatives import ContactInline


class NeverDeleted(WorkshopAdmin):
    """Rows that others refer to, or that a reload would bring back: they are edited, never deleted."""

    def has_delete_permission(self, request, obj=None):
        return False


class SlugFixed(NeverDeleted):
    """Rows that a reload knows by their code."""

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []


@admin.register(Organisme)
class OrganismeAdmin(HistoryAdmin, SlugFixed):
    list_display = ["nom", "sigle", "categorie", "region"]
    list_filter = ["categorie", "region", ("note_interne", admin.EmptyFieldListFilter)]
    list_select_related = ["region"]
    search_fields = ["nom", "sigle", "nom_court", "variantes"]
    autocomplete_fields = ["fait_partie_de"]
    prepopulated_fields = {"slug": ["nom"]}
    inlines = [ContactInline]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields


@admin.register(Region)
class RegionAdmin(NeverDeleted):
    """The sixteen regions of the report: their neighbours may be edited, their list may not."""

    list_display = ["nom", "slug", "ordre"]
    readonly_fields = ["slug", "ordre"]
    filter_horizontal = ["voisines"]

    def has_add_permission(self, request):
        return False


@admin.register(Source)
class SourceAdmin(SlugFixed):
    list_display = ["titre", "auteur", "annee"]
    search_fields = ["titre", "auteur"]


@admin.register(LigneAide)
class LigneAideAdmin(SlugFixed):
    """A line is retired by unticking « affichée »."""

    list_display = ["nom_fr", "telephone", "ordre", "active"]
    list_editable = ["ordre", "active"]
    list_filter = ["active"]


@admin.register(Sondage)
class SondageAdmin(NeverDeleted):
    list_display = ["nom", "issue", "region", "remarque"]
    list_filter = ["issue", "region"]
    list_select_related = ["region"]
    search_fields = ["nom", "remarque"]
    autocomplete_fields = ["organisme"]

    def get_readonly_fields(self, request, obj=None):
        """The rank is how a reload knows the line."""
        return ["rang"] if obj else []


@admin.register(EntreeThesaurus)
class EntreeThesaurusAdmin(SlugFixed):
    list_display = ["slug", "__str__", "langue", "deux_sens"]
    list_filter = ["langue", "deux_sens"]
    search_fields = ["slug", "termes", "vers", "note"]


@admin.register(Localite)
class LocaliteAdmin(SlugFixed):
    list_display = ["nom", "region"]
    list_filter = ["region"]
    list_select_related = ["region"]
    search_fields = ["nom", "variantes"]
