"""Organisations, regions, sources, help lines, ways in and the milieux of Annexe A in the admin."""

from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiatives.core.slugs import free_code
from initiatives.finding.filters import InitiativeFilter
from initiatives.keeping import history
from initiatives.models import EntreeThesaurus, LigneAide, Localite, Organisme, PointEntree, Region, Sondage, Source

from .answering import AnsweringAdmin
from .base import WorkshopAdmin
from .history import HistoryAdmin
from .initiatives import ContactInline
from .organisations import OrganisationsAdmin
from .revisions import RevisionsAdmin


class NeverDeleted(WorkshopAdmin):
    """Rows that others refer to, or that a reload would bring back: they are edited, never deleted."""

    def has_delete_permission(self, request, obj=None):
        return False


class SlugFixed(NeverDeleted):
    """Rows that a reload knows by their code."""

    def get_readonly_fields(self, request, obj=None):
        return ["slug"] if obj else []


class CodeFromItsName(SlugFixed):
    """Rows whose code nobody types: it is made from the name of a new one."""

    def get_fieldsets(self, request, obj=None):
        """A new one has no code to show."""
        if obj:
            return super().get_fieldsets(request, obj)
        return [
            (title, {**part, "fields": [name for name in part["fields"] if name != "slug"]})
            for title, part in super().get_fieldsets(request, obj)
        ]

    def called(self, obj) -> str:
        """What a new row is called."""
        return obj.nom_fr

    def save_model(self, request, obj, form, change):
        if not obj.slug:
            taken = set(self.model.objects.values_list("slug", flat=True))
            length = self.model._meta.get_field("slug").max_length
            obj.slug = free_code(self.called(obj), taken, length)
        super().save_model(request, obj, form, change)


@admin.register(Organisme)
class OrganismeAdmin(OrganisationsAdmin, AnsweringAdmin, RevisionsAdmin, SlugFixed):
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


class NamedOrderForm(forms.ModelForm):
    """A row of a list where orders are written: a screen reader says whose order each is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "ordre" in self.fields:
            self.fields["ordre"].widget.attrs["aria-label"] = gettext("Ordre : %(quoi)s") % {"quoi": self.instance}


class InOrder(HistoryAdmin, CodeFromItsName):
    """Whom to call, in an order that is written in the list; retired by unticking « affichée » in the form."""

    list_editable = ["ordre"]

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, **{"form": NamedOrderForm, **kwargs})

    def changelist_view(self, request, extra_context=None):
        """Every row is locked before the orders are written: each that changes is a version."""
        with transaction.atomic():
            if request.method == "POST":
                history.locked(self.model, self.model.objects.values_list("pk", flat=True))
            return super().changelist_view(request, extra_context)


@admin.register(LigneAide)
class LigneAideAdmin(InOrder):
    list_display = ["nom_fr", "telephone", "texto", "ordre", "active"]
    list_filter = ["active"]
    fieldsets = [
        (None, {"fields": ["slug", "nom_fr", "nom_en", "provenance", "active"]}),
        (_("Comment la joindre"), {"fields": ["telephone", "texto", "clavardage_fr", "clavardage_en"]}),
        (
            _("Ce que la page en dit"),
            {
                "fields": [
                    *("qui_repond_fr", "qui_repond_en", "heures_fr", "heures_en", "langues_fr", "langues_en"),
                    *("precisions_fr", "precisions_en"),
                ]
            },
        ),
        (
            _("Pour qui, et dans quel ordre"),
            {
                "description": _(
                    "Les lignes viennent dans l'ordre des nombres. Qui appelle voit d'abord celles qui sont pour tout "
                    "le monde ou pour lui; la page s'adresse à une personne jeune tant qu'on ne dit pas le contraire."
                ),
                "fields": ["pour", "ordre"],
            },
        ),
    ]


@admin.register(PointEntree)
class PointEntreeAdmin(InOrder):
    list_display = ["nom_fr", "region", "telephone", "ordre", "actif"]
    list_filter = ["region", "actif"]
    list_select_related = ["region"]
    fieldsets = [
        (None, {"fields": ["slug", "region", "nom_fr", "nom_en", "telephone", "provenance"]}),
        (_("Ce que la fiche en dit"), {"fields": ["note_fr", "note_en", "ordre", "actif"]}),
    ]


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
class EntreeThesaurusAdmin(CodeFromItsName):
    list_display = ["slug", "__str__", "langue", "deux_sens"]
    list_filter = ["langue", "deux_sens"]
    search_fields = ["slug", "termes", "vers", "note"]

    def called(self, obj) -> str:
        return " ".join(obj.termes[:1])

    def save_model(self, request, obj, form, change):
        """Words that no fiche says lead nowhere: it is said, for they may come."""
        super().save_model(request, obj, form, change)
        if unsaid := [text for text in obj.vers if not said_by_a_fiche(text)]:
            told = gettext("Aucune fiche publique ne dit : %(mots)s. La recherche n'y mène à rien.")
            self.message_user(request, told % {"mots": ", ".join(unsaid)}, messages.WARNING)


def said_by_a_fiche(text: str) -> bool:
    """Whether the public search finds a fiche by these very words."""
    found = InitiativeFilter(QueryDict(urlencode({"q": text, "exact": "1"})))
    return not found.errors_found() and found.qs.exists()


@admin.register(Localite)
class LocaliteAdmin(CodeFromItsName):
    list_display = ["nom", "region"]
    list_filter = ["region"]
    list_select_related = ["region"]
    search_fields = ["nom", "variantes"]

    def called(self, obj) -> str:
        return obj.nom
