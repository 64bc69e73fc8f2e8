"""The strategies in the workshop: what waits, the classes that editors decide, the rule, what the report names; and the
readings of the words of fiches."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Sum
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core.cells import whole_number
from initiatives.core.enums import ProvenanceClassement, Strategie
from initiatives.core.querysets import publique
from initiatives.keeping import strategies
from initiatives.models import Citation, Classement, Combinaison, Initiative, Lecture, RegleStrategie

from .base import LookedAt, WorkshopAdmin


def portrait(request, fiche: Initiative) -> dict:
    """What the screen of a fiche says of its strategies and readings, and where this editor changes them. Two
    queries."""
    who = dict(ProvenanceClassement.choices)
    said, may = strategies.in_words(strategies.main_first(fiche.strategies, fiche.strategie)), request.user.has_perm
    address = decision_page(Classement.objects.filter(pk=fiche.pk).first() or Classement(initiative=fiche))
    return {
        "strategies": said,
        "provenances": ", ".join(str(who[code]) for code in dict.fromkeys(fiche.provenances)),
        "lectures": list(fiche.lectures.all()) if may("initiatives.view_lecture") else [],
        "classement": address if may("initiatives.change_classement") else "",
        "ajouter": reverse("admin:initiatives_lecture_add") + f"?initiative={fiche.pk}"
        if may("initiatives.add_lecture")
        else "",
    }


def decision_page(question: Classement) -> str:
    """Where a fiche is decided of, whether somebody wrote of it before or not."""
    if question._state.adding:
        return reverse("admin:initiatives_classement_add") + f"?initiative={question.pk}"
    return reverse("admin:initiatives_classement_change", args=[question.pk])


class WaitsFilter(admin.SimpleListFilter):
    title = gettext_lazy("état")
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [("attend", _("À confirmer")), ("decide", _("Décidées"))]

    def queryset(self, request, queryset):
        if self.value() == "attend":
            return queryset.filter(publique("initiative__"), strategie="")
        return queryset.exclude(strategie="") if self.value() == "decide" else queryset


class ClassementForm(forms.ModelForm):
    """A decision says which strategies, which one first, and why. What somebody decided meanwhile is not written
    over."""

    class Meta:
        model = Classement
        fields = ["initiative", "strategies", "strategie", "motif"]
        widgets = {"motif": forms.Textarea(attrs={"rows": 2, "cols": 80})}

    vu = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["vu"] = self.mark()
        if self.instance.pk and self.instance.attend:  # what the fiche has now is what one begins with
            fiche = self.instance.initiative
            self.initial |= {"strategies": fiche.strategies, "strategie": fiche.strategie}
        for name in ("strategies", "strategie", "motif"):
            if name in self.fields:
                self.fields[name].required = True

    def mark(self) -> str:
        return self.instance.le.isoformat() if self.instance.le else ""

    def clean(self):
        data = super().clean()
        if self.instance.pk and self.fields and data.get("vu", "") != self.mark():
            raise ValidationError(_("Quelqu'un a décidé entre-temps : relisez sa décision avant la vôtre."))
        if data.get("strategie") and data["strategie"] not in data.get("strategies", []):
            self.add_error("strategie", _("La stratégie principale est une de celles de la fiche."))
        return data


@admin.register(Classement)
class ClassementAdmin(WorkshopAdmin):
    """The decisions and the questions. Taking a decision out gives the fiche back to the rule."""

    form = ClassementForm
    change_list_template = "admin/initiatives/classements.html"
    list_display = ["initiative", "question", "classes", "par", "le"]
    list_filter = [WaitsFilter]
    list_select_related = ["initiative", "par"]
    search_fields = ["initiative__titre"]
    autocomplete_fields = ["initiative"]
    fields = ["initiative", "question", "selon", "strategies", "strategie", "motif", "vu"]
    readonly_fields = ["question", "selon"]

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "initiative"] if obj else self.readonly_fields

    def get_fields(self, request, obj=None):
        """A new one has no question; who only reads sees no mark."""
        writes = self.has_change_permission(request, obj) if obj else True
        left = (set() if obj else {"question", "selon"}) | (set() if writes else {"vu"})
        return [name for name in self.fields if name not in left]

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("a-confirmer/", view(self.waiting_view), name="initiatives_classement_aconfirmer"),
            *super().get_urls(),
        ]

    def get_object(self, request, object_id, from_field=None):
        """What is compared with what the form showed is held until it is written."""
        if request.method == "POST" and (numero := whole_number(object_id)):
            strategies.hold(numero)
        return super().get_object(request, object_id, from_field)

    def save_model(self, request, obj, form, change):
        strategies.decide(obj, obj.strategies, obj.strategie, obj.motif, request.user)

    @admin.display(description=gettext_lazy("stratégies"))
    def classes(self, obj):
        return strategies.in_words(strategies.main_first(obj.strategies, obj.strategie)) or _("À confirmer")

    @admin.display(description=gettext_lazy("aujourd'hui"))
    def selon(self, obj):
        """What the fiche has now, and what the report names it for, with its words."""
        fiche = obj.initiative
        now = strategies.in_words(strategies.main_first(fiche.strategies, fiche.strategie))
        cited = [
            _("Le rapport (%(section)s) : %(strategie)s, « %(passage)s »")
            % {"section": row.section, "strategie": row.get_strategie_display(), "passage": row.passage}
            for row in fiche.citations.all()
        ]
        return "\n".join([now or _("Aucune"), *cited])

    def waiting_view(self, request):
        """All that waits, each with why and the answers of one click."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self.answered(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Stratégies à confirmer"),
            "opts": self.opts,
            "questions": [(row, strategies.choices(row), decision_page(row)) for row in strategies.waiting()],
            "peut_decider": self.has_change_permission(request),
        }
        return render(request, "admin/initiatives/strategies.html", context)

    def answered(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied
        numero = whole_number(request.POST.get("fiche", "")) or 0
        try:
            choice = strategies.answer(numero, request.POST.get("reponse", ""), request.user)
            question = Classement.objects.select_related("initiative").get(pk=numero)
            self.log_change(request, question, question.motif)
            said = {"fiche": question.initiative, "stratégies": choice.libelle}
            messages.success(request, _("%(fiche)s : %(stratégies)s.") % said)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("admin:initiatives_classement_aconfirmer"))


@admin.register(RegleStrategie)
class RegleStrategieAdmin(WorkshopAdmin):
    """The rule, a line at a time, as one reads it."""

    change_list_template = "admin/initiatives/regle.html"
    list_display = ["ordre", "strategie", "motif", "codes", "principale", "derniere"]
    list_display_links = ["strategie"]
    fieldsets = [
        (None, {"fields": ["strategie", "motif", ("ordre", "principale", "derniere")]}),
        (
            gettext_lazy("La fiche a un des codes cochés, dans chaque colonne cochée"),
            {"fields": list(RegleStrategie.COLONNES)},
        ),
        (gettext_lazy("Et n'en a aucun de ceux-ci"), {"fields": list(RegleStrategie.SANS)}),
    ]

    @admin.display(description=gettext_lazy("en cases"))
    def codes(self, obj):
        return obj.en_cases()

    def changelist_view(self, request, extra_context=None):
        """The lines, and what they give today. One more query."""
        rows = list(Combinaison.objects.values("strategies", "strategie").annotate(n=Sum("nombre")).order_by())
        counts = [
            {
                "libelle": label,
                "code": code,
                "toutes": sum(row["n"] for row in rows if code in row["strategies"]),
                "principale": sum(row["n"] for row in rows if row["strategie"] == code),
            }
            for code, label in Strategie.choices
        ]
        counted = {"comptes": counts, "aucune": sum(row["n"] for row in rows if not row["strategies"])}
        return super().changelist_view(request, {**(extra_context or {}), **counted})


class LectureForm(forms.ModelForm):
    """The words are those of the fiche: a reading without them would be somebody's opinion."""

    class Meta:
        model = Lecture
        fields = ["initiative", "theme", "portee", "mots"]

    def clean(self):
        data = super().clean()
        fiche = data.get("initiative") or getattr(self.instance, "initiative", None)
        words = data.get("mots")
        if fiche and words and not says(fiche, words):
            self.add_error("mots", _("Ces mots ne sont pas dans la fiche : recopiez-les tels quels."))
        return data


def says(fiche: Initiative, words: str) -> bool:
    """Whether a fiche has these words in one of its texts, whatever the apostrophes, the spaces and the capitals."""
    texts = [fiche.titre, fiche.description, *fiche.objectifs, fiche.partenaires, fiche.autre_clientele_mention]
    texts += [fiche.composantes, fiche.frequence, fiche.cible_mention, fiche.age_mention, fiche.pour_en_savoir_plus]
    return any(plain(words) in plain(text) for text in texts)


def plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


@admin.register(Lecture)
class LectureAdmin(WorkshopAdmin):
    """What the words of fiches say that no box says."""

    form = LectureForm
    list_display = ["initiative", "theme", "portee", "mots", "provenance"]
    list_filter = ["theme", "portee", "provenance"]
    list_select_related = ["initiative"]
    search_fields = ["initiative__titre", "mots"]
    autocomplete_fields = ["initiative"]

    def get_readonly_fields(self, request, obj=None):
        return ["initiative"] if obj else []


@admin.register(Citation)
class CitationAdmin(LookedAt):
    """What sections 3.2 and 4 of the report name: read here, never written."""

    list_display = ["rang", "nom", "numeros", "strategie", "sous_rubrique", "certitude", "role"]
    list_display_links = ["nom"]
    list_filter = ["strategie", "sous_rubrique", "certitude", "role"]
    search_fields = ["nom", "organisme"]
    list_per_page = 100
    fields = ["nom", "organisme", "section", "strategie", "sous_rubrique", "certitude", "role", "passage", "note"]
    fields += ["numeros"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("fiches")

    @admin.display(description=gettext_lazy("fiches"))
    def numeros(self, obj):
        change = "admin:initiatives_initiative_change"
        found = [(reverse(change, args=[row.pk]), row.pk) for row in obj.fiches.all()]
        return format_html_join(", ", '<a href="{}">{}</a>', found) or _("Aucune fiche")
