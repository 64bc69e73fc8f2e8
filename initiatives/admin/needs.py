"""The needs in the admin: their names, the rule and the fiches decided by hand, the ways of saying them, and a try."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, ManyToManyField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core.enums import Registre
from initiatives.finding.filters import MAX_QUERY_LENGTH
from initiatives.finding.needs import understood
from initiatives.models import Besoin, Combinaison, ExceptionBesoin, Expression, Initiative, RegleBesoin

from .lists import SlugFixed
from .ways import FIELDS, WaysForm, may_write

ENOUGH = 30  # ways of saying a need: with fewer, it is badly understood


class BesoinForm(WaysForm, forms.ModelForm):
    """A need, and all the ways of saying it, one a line."""

    def said(self):
        return self.instance.expressions.all() if self.instance.pk else Expression.objects.none()

    def _save_m2m(self):
        super()._save_m2m()
        self.write(self.instance)


class RegleInline(admin.StackedInline):
    model = RegleBesoin
    extra = 0
    fields = [tuple(RegleBesoin.COLONNES)]


class ExceptionInline(admin.TabularInline):
    model = ExceptionBesoin
    extra = 0
    autocomplete_fields = ["initiative"]
    fields = ["initiative", "sens", "motif"]


class FewWaysFilter(admin.SimpleListFilter):
    title = gettext_lazy("façons de le dire")
    parameter_name = "facons"

    def lookups(self, request, model_admin):
        return [("peu", _("Moins de %(n)s") % {"n": ENOUGH})]

    def queryset(self, request, queryset):
        return queryset.filter(expressions_toutes__lt=ENOUGH) if self.value() == "peu" else queryset


class TryForm(forms.Form):
    """A sentence that is read and forgotten: sent by POST, it is in no address; nothing writes it."""

    phrase = forms.CharField(
        label=gettext_lazy("Une phrase, comme quelqu'un l'écrirait"),
        max_length=MAX_QUERY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80, "autocomplete": "off"}),
    )


def lines_of(registre: Registre):
    """What is shown of a register to who may not write it."""

    @admin.display(description=format_lazy("{} : {}", gettext_lazy("Expressions"), registre.label))
    def shown(self, obj):
        return "\n".join(obj.expressions.filter(registre=registre).values_list("texte", flat=True))

    return shown


def number_of(registre: Registre, title):
    """How many ways of saying a need there are in a register, under a short title."""

    @admin.display(description=title, ordering=f"nombre_{registre}")
    def number(self, obj):
        return getattr(obj, f"nombre_{registre}")

    return number


@admin.register(Besoin)
class BesoinAdmin(SlugFixed):
    """The names and the rule are the administration's; fiches decided by hand and expressions, the revision's too."""

    form = BesoinForm
    change_list_template = "admin/initiatives/besoins.html"
    change_form_template = "admin/initiatives/change_form.html"
    list_display = ["besoin", "fiches", *Registre.values, "voix", "ordre", "metier"]
    list_filter = ["voix", "urgence", FewWaysFilter]
    list_per_page = 200
    search_fields = ["slug", "nom_fr", "nom_en", "metier_fr", "metier_en"]
    inlines = [RegleInline, ExceptionInline]
    prepopulated_fields = {"slug": ["nom_fr"]}
    readonly_fields = ["fiches"]
    formfield_overrides = {ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    save_on_top = True
    NAMES = ["slug", "nom_fr", "nom_en", "metier_fr", "metier_en", "voix", "urgence", "lignes", "ordre"]
    fieldsets = [
        (None, {"fields": NAMES}),
        (
            gettext_lazy("Ce qui y répond"),
            {
                "description": gettext_lazy(
                    "Une fiche y répond par la règle, ou parce que quelqu'un l'ajoute à la main, plus bas. Dans une "
                    "ligne de la règle, toutes les colonnes où quelque chose est coché doivent convenir à la fiche; "
                    "dans une colonne, une seule case suffit; une colonne sans coche ne demande rien. De plusieurs "
                    "lignes, une seule suffit."
                ),
                "fields": ["fiches"],
            },
        ),
        (
            gettext_lazy("Façons de le dire"),
            {
                "description": gettext_lazy(
                    "Écrites comme on les écrit vraiment, fautes comprises. Trente ou plus par besoin, un tiers dans "
                    "chaque case. La même phrase ne sert qu'à un besoin."
                ),
                "fields": list(FIELDS),
            },
        ),
    ]
    expressions_ado, expressions_adulte, expressions_anglais = (lines_of(registre) for registre in Registre)
    ado = number_of(Registre.ADO, gettext_lazy("texto"))
    adulte = number_of(Registre.ADULTE, gettext_lazy("phrases"))
    anglais = number_of(Registre.ANGLAIS, gettext_lazy("anglais"))

    def get_queryset(self, request):
        counted = Combinaison.objects.order_by().filter(besoins__contains=[OuterRef("slug")])
        number = counted.annotate(tout=Value(1)).values("tout").annotate(nombre_total=Sum("nombre"))
        ways = {
            f"nombre_{registre}": Count("expressions", filter=Q(expressions__registre=registre))
            for registre in Registre
        }
        return (
            super()
            .get_queryset(request)
            .annotate(nombre_fiches=Coalesce(Subquery(number.values("nombre_total")), 0))
            .annotate(expressions_toutes=Count("expressions"), **ways)
        )

    def has_change_permission(self, request, obj=None):
        """Of one need: who decides of fiches or expressions too, for those parts alone (`get_readonly_fields`)."""
        if super().has_change_permission(request, obj):
            return True
        parts = ("change_exceptionbesoin", "add_expression")
        return obj is not None and any(request.user.has_perm(f"initiatives.{part}") for part in parts)

    def get_readonly_fields(self, request, obj=None):
        fixed = list(self.readonly_fields)
        if obj:
            fixed += ["slug"] if request.user.has_perm("initiatives.change_besoin") else self.NAMES
        if not may_write(request.user):
            fixed += FIELDS
        return fixed

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    @admin.display(description=gettext_lazy("besoin"), ordering="nom_fr")
    def besoin(self, obj):
        return obj.nom

    @admin.display(description=gettext_lazy("métier"), ordering="metier_fr")
    def metier(self, obj):
        return obj.metier

    @admin.display(description=gettext_lazy("fiches publiques"), ordering="nombre_fiches")
    def fiches(self, obj):
        if obj.pk is None:
            return "–"
        address = reverse("admin:initiatives_initiative_changelist")
        query = f"?besoin={obj.slug}&statut__exact=publiee"
        return format_html('<a href="{}{}">{}</a>', address, query, obj.nombre_fiches)

    def get_urls(self):
        view = self.admin_site.admin_view(self.try_view)
        return [path("essayer/", view, name="initiatives_besoin_essayer"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        """The needs, and what they cover. Three more queries."""
        said = Expression.objects.aggregate(
            toutes=Count("pk", filter=Q(besoin__isnull=False)), hors_sujet=Count("pk", filter=Q(besoin=None))
        )
        few = Besoin.objects.annotate(ways=Count("expressions")).filter(ways__lt=ENOUGH).count()
        covering = {
            "sans_besoin": Initiative.objects.publiees().filter(besoins=[]).count(),
            "peu_dits": few,
            "assez": ENOUGH,
            **said,
        }
        return super().changelist_view(request, {**(extra_context or {}), "couverture": covering})

    def try_view(self, request):
        """What a sentence is understood as, and why. Written nowhere."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form, reading = TryForm(request.POST or None), None
        if form.is_valid():
            reading = understood(form.cleaned_data["phrase"])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Essayer une phrase"),
            "opts": self.opts,
            "form": form,
            "lecture": reading,
        }
        return render(request, "admin/initiatives/essayer.html", context)
