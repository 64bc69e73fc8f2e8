"""The fiche in the admin: fieldsets in the order of Annexe B's questionnaire, status changed with a reason only."""

import json

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from initiatives.core import enums
from initiatives.core.enums import NatureGeste
from initiatives.keeping import acts, moderation, waiting
from initiatives.keeping.personal import looks_personal
from initiatives.keeping.similar import twins
from initiatives.models import Besoin, Contact, Correction, Decision, Initiative, Porteur

from .acts import ActsAdmin
from .answering import AnsweringAdmin
from .base import USUAL, USUAL_ENDS, reason_given
from .merging import MergingAdmin
from .preview import PreviewAdmin
from .search import FoundAdmin
from .sections import missing, sections
from .spreadsheet import ImportFilter, SpreadsheetAdmin
from .strategies import portrait

# What the list of objectives says of itself.
OBJECTIVES = {
    "ligne": _("Objectif {n}"),
    "monter": _("Monter"),
    "descendre": _("Descendre"),
    "retirer": _("Retirer"),
    "ajouter": _("Ajouter un objectif"),
    "place": _("Objectif déplacé à la place {n}"),
    "parti": _("Objectif {n} retiré"),
}


def usual_reasons(steps: list[moderation.Step]) -> list:
    """Why an editor takes one of these steps, most of the time."""
    ends = [step for step in steps if step.code in acts.ENDS]
    return [*(USUAL if len(ends) < len(steps) else []), *(USUAL_ENDS if ends else [])]


class ReadOnlyInline(admin.TabularInline):
    """Rows that are shown and never changed here."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return self.fields


class CorrectionInline(ReadOnlyInline):
    model = Correction
    fields = ["champ", "avant", "apres", "motif"]


class DecisionInline(ReadOnlyInline):
    model = Decision
    fields = ["prise_le", "par", "ancien_statut", "nouveau_statut", "motif"]


class PorteurInline(admin.StackedInline):
    model = Porteur
    extra = 0
    fields = [("organisme", "rang")]
    autocomplete_fields = ["organisme"]
    verbose_name_plural = _("Organismes porteurs, dans l'ordre")


class ContactForm(forms.ModelForm):
    """Asks twice before something that looks like a person's own is shown to everybody."""

    confirme = forms.BooleanField(label=_("C'est la coordonnée d'un service, pas d'une personne"), required=False)

    def __init__(self, *args, **kwargs):
        """Who sees a new one is chosen, never supposed."""
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "visibilite" in self.fields:
            self.fields["visibilite"].choices = [("", _("Qui la voit?")), *enums.Visibilite.choices]
            self.initial["visibilite"] = self.fields["visibilite"].initial = ""

    def clean(self):
        data = super().clean()
        words = (data.get("nature", ""), data.get("valeur") or "", data.get("precision") or "")
        public = data.get("visibilite") == enums.Visibilite.PUBLIQUE
        if public and looks_personal(*words) and not data.get("confirme") and self.has_changed():
            sentence = _("On dirait la coordonnée d'une personne. Si c'est celle d'un service, cochez-le.")
            self.add_error("valeur", sentence)
        return data


class ContactInline(admin.StackedInline):
    """One row is always ready, without a click nor a script."""

    model = Contact
    form = ContactForm
    extra = 1
    verbose_name = _("Coordonnée")
    verbose_name_plural = _("Coordonnées")
    fields = [("nature", "valeur"), ("visibilite", "precision"), "confirme"]


class TypeFilter(admin.SimpleListFilter):
    title = _("type de projet")
    parameter_name = "type"

    def lookups(self, request, model_admin):
        return enums.Type.choices

    def queryset(self, request, queryset):
        return queryset.filter(types__contains=[self.value()]) if self.value() else queryset


class WaitingFilter(admin.SimpleListFilter):
    """The lists of the first screen."""

    title = _("ce qui attend")
    parameter_name = "attente"

    def lookups(self, request, model_admin):
        return [(code, label()) for code, (label, _condition) in waiting.LISTS.items()]

    def queryset(self, request, queryset):
        return queryset.filter(waiting.LISTS[self.value()][1]()) if self.value() in waiting.LISTS else queryset


class InitiativeForm(forms.ModelForm):
    """A new fiche that almost repeats another is asked about once."""

    malgre_proche = forms.BooleanField(label=_("Ce n'est pas la même initiative : la créer quand même"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "objectifs" in self.fields:  # one by one, for who has a script (static/js/fiche.js)
            words = {name: str(word) for name, word in OBJECTIVES.items()}
            self.fields["objectifs"].widget.attrs |= {"rows": 8, "data-lignes": json.dumps(words)}

    def clean(self):
        data = super().clean()
        if self.instance.pk is None and not data.get("malgre_proche"):
            region = data.get("region")
            found = twins(data.get("titre") or "", data.get("porteur_mention") or "", region.pk if region else "")
            if found:
                names = "; ".join(f"{row} ({row.region_nom})" for row in found)
                self.add_error("malgre_proche", _("Une fiche proche existe déjà : %(names)s") % {"names": names})
        if "slug" in data and not data["slug"]:
            data["slug"] = moderation.free_slug(self.named())
            self.instance.adresse_faite = True
        return data

    def named(self) -> Initiative:
        """What the form says of the fiche's name, for an address: the porteurs of a new one are not known yet."""
        data, fiche = self.cleaned_data, Initiative(pk=self.instance.pk, annee=self.cleaned_data.get("annee"))
        fiche.titre, fiche.region = data.get("titre") or "", data.get("region")
        fiche.porteurs = self.instance.porteurs if self.instance.pk else []
        return fiche


class ClienteleFilter(admin.SimpleListFilter):
    title = _("clientèle")
    parameter_name = "clientele"

    def lookups(self, request, model_admin):
        return [*enums.Clientele.choices, ("aucune", _("Non précisée"))]

    def queryset(self, request, queryset):
        if self.value() == "aucune":
            return queryset.filter(clienteles=[])
        return queryset.filter(clienteles__contains=[self.value()]) if self.value() else queryset


class BesoinFilter(admin.SimpleListFilter):
    title = _("besoin")
    parameter_name = "besoin"

    def lookups(self, request, model_admin):
        return [*((need.slug, need.nom) for need in Besoin.objects.all()), ("aucun", _("Sans besoin"))]

    def queryset(self, request, queryset):
        if self.value() == "aucun":
            return queryset.filter(besoins=[])
        return queryset.filter(besoins__contains=[self.value()]) if self.value() else queryset


class StrategieFilter(admin.SimpleListFilter):
    title = _("stratégie")
    parameter_name = "strategie"

    def lookups(self, request, model_admin):
        return [*enums.Strategie.choices, ("aucune", _("Aucune"))]

    def queryset(self, request, queryset):
        if self.value() == "aucune":
            return queryset.filter(strategies=[])
        return queryset.filter(strategies__contains=[self.value()]) if self.value() else queryset


@admin.register(Initiative)
class InitiativeAdmin(FoundAdmin, AnsweringAdmin, ActsAdmin, SpreadsheetAdmin, MergingAdmin, PreviewAdmin):
    """Nothing is deleted here: a fiche is archived, with a reason."""

    form = InitiativeForm
    list_display = ["numero", "titre", "organismes_porteurs", "region", "stade", "statut", "verifiee_le"]
    list_display_links = ["numero", "titre"]
    list_filter = [
        *(WaitingFilter, "statut", "region", "stade", TypeFilter, ClienteleFilter, BesoinFilter, StrategieFilter),
        *("modalite", "lieu"),
        *("types_connus", "partenaires_tronques", ("verifiee_le", admin.EmptyFieldListFilter), "source"),
        ImportFilter,
    ]
    list_select_related = ["region"]
    search_fields = ["titre"]  # there is a search: search.py says which
    actions = ["nothing_changed", "publish", "archive", "refuse", "merge", "export_xlsx", "export_csv"]
    inlines = [PorteurInline, ContactInline, CorrectionInline, DecisionInline]
    readonly_fields = ["numero", "statut", "adresse_publique", "publiee_le", "creee_le", "modifiee_le"]
    change_form_template = "admin/initiatives/fiche.html"
    # The first class of each is its code (sections.py); the others, the rows that belong to the question.
    fieldsets = [
        (
            _("Q.2 et Q.3 Nom et description"),
            {
                "classes": ["nom"],
                "description": _(
                    "Le nom que l'organisme lui donne, puis quelques lignes : ce qui se fait, avec qui, comment."
                ),
                "fields": ["titre", "description", "langue"],
            },
        ),
        (
            _("Comment joindre"),
            {
                "classes": ["joindre", "contacts"],
                "description": _(
                    "Les coordonnées de l'initiative; celles de ses organismes porteurs s'y ajoutent d'elles-mêmes. "
                    "Le public ne voit que les « publiques »."
                ),
                "fields": [],
            },
        ),
        (
            _("Q.4 et Q.5 Année et statut du projet"),
            {
                "classes": ["annee"],
                "description": _(
                    "« En suspens » : interrompu, même pour un temps. La mention garde les mots de la source."
                ),
                "fields": [("annee", "annee_mention"), ("stade", "stade_mention")],
            },
        ),
        (
            _("Q.6 Organisme porteur"),
            {
                "classes": ["porteur", "liens_porteurs"],
                "description": _("L'établissement ou l'organisme officiellement responsable, jamais une personne."),
                "fields": ["porteur_mention", "region"],
            },
        ),
        (
            _("Q.7 Partenaires officiels"),
            {
                "classes": ["partenaires"],
                "description": _(
                    "Ceux qui participent officiellement. Cochez « tronquée » seulement quand la source coupe la liste."
                ),
                "fields": ["partenaires", "partenaires_tronques"],
            },
        ),
        (_("Q.8 Financement"), {"classes": ["financement"], "fields": ["financement", "financement_source"]}),
        (
            _("Q.9 Clientèle cible"),
            {
                "classes": ["clientele"],
                "description": _(
                    "Tout ce qui s'applique. Une tierce partie aide au recrutement, à la sollicitation, au transport."
                ),
                "fields": [
                    *("clienteles", "autre_clientele_mention", ("age_min", "age_max", "tous_ages"), "age_mention"),
                    *("sexe", "implications", "niveaux_risque"),
                ],
            },
        ),
        (
            _("Q.10 Buts et objectifs"),
            {
                "classes": ["objectifs"],
                "description": _("Ce que le projet cherche à atteindre, un objectif par ligne."),
                "fields": ["objectifs", "langue_objectifs"],
            },
        ),
        (
            _("Q.11 Composantes essentielles"),
            {
                "classes": ["composantes"],
                "description": _(
                    "Ce sans quoi il ne réussirait pas : mentorat, groupe, suivi individuel, partenariat…"
                ),
                "fields": ["composantes"],
            },
        ),
        (
            _("Q.12 Déploiement"),
            {
                "classes": ["deploiement"],
                "description": _("La durée et la fréquence des activités."),
                "fields": ["frequence"],
            },
        ),
        (
            _("Q.13 Pour en savoir plus"),
            {
                "classes": ["savoir-plus"],
                "description": _("Documents, outils, site web."),
                "fields": ["pour_en_savoir_plus"],
            },
        ),
        (
            _("Classement (hors questionnaire)"),
            {
                "classes": ["classement"],
                "description": _("Ces choix ne sont pas dans le questionnaire : ils sont les vôtres."),
                "fields": ["types", "types_connus", "famille", ("lieu", "modalite"), ("cible", "cible_mention")],
            },
        ),
        (
            _("Provenance et suivi"),
            {
                "classes": ["suivi"],
                "fields": [
                    *("source", ("verifiee_le", "a_verifier_le"), "note_interne", "slug"),
                    *(("numero", "statut"), "adresse_publique", ("publiee_le", "creee_le", "modifiee_le")),
                ],
            },
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        """The question about a near fiche is asked of new ones alone."""
        near = (_("Fiche proche"), {"classes": ["proche"], "fields": ["malgre_proche"]})
        return self.fieldsets if obj else [*self.fieldsets, near]

    def get_readonly_fields(self, request, obj=None):
        """An address that was once public is permanent."""
        return [*self.readonly_fields, "slug"] if obj and obj.publiee_le else self.readonly_fields

    def has_delete_permission(self, request, obj=None):
        return False

    def get_view_on_site_url(self, obj=None):
        """A draft has no page on the site: « Aperçu » shows what it would be."""
        return super().get_view_on_site_url(obj) if obj and obj.est_publique else None

    def has_decider_permission(self, request):
        """Who may publish, archive and refuse."""
        return request.user.has_perm("initiatives.decider_initiative")

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:numero>/statut/", view(self.decide_one), name="initiatives_initiative_statut"),
            path("<int:numero>/verifiee/", view(self.verify), name="initiatives_initiative_verifiee"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            revision = context.get("revision") if context.get("attendra") else None
            context["apercu"] = self.page(obj, "apercu")
            if revision:  # what this editor wrote
                context["apercu"] = reverse("admin:initiatives_revision_apercu", args=[revision.pk])
            if self.has_change_permission(request, obj):
                context |= {"verifier": self.page(obj, "verifiee"), "confirmations": enums.Confirmation.choices}
                context |= {"pas": moderation.steps(obj, request.user), "statuer": self.page(obj, "statut")}
                context["usuelles"] = usual_reasons(context["pas"])
            context["signalements"] = self.waiting_reports(request, obj)
            context["derniere_decision"] = obj.decisions.select_related("par").first()
            context["portrait"] = portrait(request, obj)
        context["manques"] = missing(obj)
        context["sections"] = sections(context, obj, request.GET.get("champ", ""))
        context["direct"] = self.direct_address(request, obj)
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, add, change, form_url, obj)

    @method_decorator(require_POST)
    def verify(self, request, numero):
        """« Rien n'a changé », and how one knows."""
        initiative = self.subject(request, numero)
        try:
            geste = self.perform(request, NatureGeste.VERIFIER, [acts.mark(initiative)])
            initiative.refresh_from_db(fields=["a_verifier_le"])
            said = _("Vérifiée aujourd'hui; à vérifier avant le %(jour)s.")
            self.tell(request, geste, said % {"jour": date_format(initiative.a_verifier_le)})
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(self.page(initiative))

    @method_decorator(require_POST)
    def decide_one(self, request, numero):
        """Publishes, archives, hands in or sends back the fiche where one reads it."""
        initiative, report = self.subject(request, numero), self.report(request, numero)
        step = next((step for step in moderation.steps(initiative, request.user) if step.code in request.POST), None)
        if step is None:
            self.message_user(request, _("Ce n'est plus possible : l'état de la fiche a changé."), messages.ERROR)
            return HttpResponseRedirect(self.page(initiative))
        try:
            if step.code in NatureGeste.values:
                geste = self.perform(request, NatureGeste(step.code), [acts.mark(initiative)])
                initiative.refresh_from_db(fields=["statut"])
                self.tell(request, geste, f"{step.libelle} : {initiative.get_statut_display()}.")
            else:
                initiative = step.decide(initiative, request.user, reason_given(request))
                said = f"{step.libelle} : {initiative.get_statut_display()}."
                self.message_user(request, said, messages.SUCCESS)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(self.page(initiative))
        done = HttpResponseRedirect(self.page(initiative))
        return self.led_back(request, report, initiative.pk, done)

    def after_save(self, subject):
        """An address that nobody typed says the porteur too, where the title alone is taken."""
        if getattr(subject, "adresse_faite", False):
            subject.slug = moderation.free_slug(Initiative.objects.get(pk=subject.pk))
            subject.save(update_fields=["slug"])

    @admin.display(description=_("page publique"))
    def adresse_publique(self, obj):
        if not obj.est_publique:
            return _("Aucune : la fiche n'est pas publiée.")
        return format_html('<a href="{0}">{0}</a>', obj.get_absolute_url())

    @admin.display(description=_("organismes"))
    def organismes_porteurs(self, obj):
        names = [row.sigle or row.nom_court or row.nom for row in obj.porteurs]
        return ", ".join(names) or obj.porteur_mention

    @admin.action(description=_("Fusionner (cocher deux fiches)"), permissions=["decider"])
    def merge(self, request, queryset):
        numbers = list(queryset.order_by("numero").values_list("numero", flat=True))
        if len(numbers) != 2:
            self.message_user(request, _("Cochez exactement deux fiches."), messages.ERROR)
            return None
        return HttpResponseRedirect(
            f"{reverse('admin:initiatives_initiative_fusionner')}?a={numbers[0]}&b={numbers[1]}"
        )
