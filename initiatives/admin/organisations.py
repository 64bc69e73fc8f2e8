"""Organisations that may be one, their merge side by side, and the way back, in the admin."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from initiatives.core.admission import SLOW
from initiatives.keeping import alike, history, organisations, porteurs
from initiatives.models import FusionOrganismes, Organisme

from .base import reason_given

PAIRS = "admin:initiatives_organisme_doublons"
# Why two are one, most of the time.
USUAL = [
    gettext_lazy("Le même organisme, écrit autrement"),
    gettext_lazy("L'organisme a changé de nom"),
    gettext_lazy("Les deux se sont regroupés"),
]


class OrganismeForm(forms.ModelForm):
    """A new organisation that is called as another is asked about once."""

    malgre_proche = forms.BooleanField(
        label=gettext_lazy("Ce n'est pas le même organisme : le créer quand même"), required=False
    )

    def clean(self):
        data = super().clean()
        if self.instance.pk is None and not data.get("malgre_proche"):
            new = Organisme(**{name: data.get(name) or "" for name in ("nom", "sigle", "nom_court")})
            new.region, new.variantes = data.get("region"), data.get("variantes") or []
            if found := alike.repeated(new):
                names = "; ".join(f"{row} ({row.region_nom or _('Tout le Québec')})" for row in found[:5])
                said = _("Un organisme proche existe déjà : %(names)s. Si c'est lui, n'ajoutez rien : choisissez-le.")
                self.add_error("malgre_proche", said % {"names": names})
        return data


class OrganisationsAdmin:
    """What the admin of the organisations gains: likely pairs, the merge of any two, and the way back."""

    change_list_template = "admin/initiatives/organismes.html"
    change_form_template = "admin/initiatives/organisme.html"
    actions = ["merge"]
    form = OrganismeForm

    def get_fields(self, request, obj=None):
        """The question about a near one is asked of new ones alone, below the rest."""
        fields = [name for name in super().get_fields(request, obj) if name != "malgre_proche"]
        return fields if obj else [*fields, "malgre_proche"]

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("doublons/", view(self.pairs_view), name="initiatives_organisme_doublons"),
            path("fusionner/", view(self.merge_view), name="initiatives_organisme_fusionner"),
            path("fusion/<int:pk>/defaire/", view(self.separate_view), name="initiatives_organisme_defaire"),
            *super().get_urls(),
        ]

    def has_decider_permission(self, request):
        """Who may merge: whoever may decide, for public fiches change with it."""
        return self.has_change_permission(request) and request.user.has_perm("initiatives.decider_initiative")

    def has_change_permission(self, request, obj=None):
        """One that was merged is read: what would be written there, nobody would see."""
        return super().has_change_permission(request, obj) and not (obj and obj.fusionne_dans_id)

    def get_search_results(self, request, queryset, search_term):
        """By any of their names, however they are written. Those that were merged are in no list, nor offered to any
        form.
        """
        return porteurs.called(queryset.actuels(), search_term), False

    def save_view(self, request, object_id, form_url, context):
        """Under the lock of the row: one that was merged while somebody wrote says so, and what was written is said
        again.
        """
        with transaction.atomic():
            subject = history.locked(Organisme, [self.key(object_id)]).get(self.key(object_id))
            if subject is None or not subject.fusionne_dans_id:
                return super().save_view(request, object_id, form_url, context)
        if not super().has_change_permission(request):
            raise PermissionDenied
        form = self.get_form(request)(request.POST, instance=subject)
        written = [name for name in form.changed_data if request.POST.get(name)]
        said = _(
            "« %(autre)s » vient d'être fusionné dans « %(garde)s » : rien n'est enregistré. Vous écriviez : %(mots)s"
        )
        mots = "; ".join(f"{form.fields[name].label} : {request.POST[name]}" for name in written) or "—"
        words = {"autre": subject.nom, "garde": subject.fusionne_dans.nom, "mots": mots}
        self.message_user(request, said % words, messages.WARNING)
        return HttpResponseRedirect(self.page(subject.fusionne_dans))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["fusions"] = organisations.mergers(obj)
            context["peut_fusionner"] = self.has_decider_permission(request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.action(description=gettext_lazy("Fusionner (cocher deux organismes)"), permissions=["decider"])
    def merge(self, request, queryset):
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(keys) != 2:
            self.message_user(request, _("Cochez exactement deux organismes."), messages.ERROR)
            return None
        return HttpResponseRedirect(f"{reverse('admin:initiatives_organisme_fusionner')}?a={keys[0]}&b={keys[1]}")

    def pairs_view(self, request):
        """The pairs that look alike, and why; a pair is merged, or set aside for good."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            pair = [get_object_or_404(Organisme, pk=self.key(request.POST.get(name))) for name in ("a", "b")]
            organisations.set_aside(*(row.pk for row in pair), request.user)
            self.message_user(
                request,
                _("C'est noté : « %(un)s » et « %(autre)s » ne sont pas les mêmes.")
                % {"un": pair[0], "autre": pair[1]},
                messages.SUCCESS,
            )
            return HttpResponseRedirect(reverse(PAIRS))
        request.places.take(SLOW)
        found = alike.likely_pairs()
        rows = Organisme.objects.filter(pk__in={key for pair in found for key in (pair.premier, pair.second)})
        rows = organisations.with_number_of_fiches(rows).in_bulk()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Organismes en double"),
            "opts": self.opts,
            "paires": [
                (*organisations.kept_first(rows[pair.premier], rows[pair.second]), pair.raisons) for pair in found
            ],
            "peut_fusionner": self.has_decider_permission(request),
            "peut_ecarter": self.has_change_permission(request),
        }
        return render(request, "admin/initiatives/organismes_doublons.html", context)

    def merge_view(self, request):
        """Two organisations side by side: the first stays, and takes from the second what is chosen. With one alone,
        the other is asked for.
        """
        if not self.has_decider_permission(request):
            raise PermissionDenied
        given = request.POST or request.GET
        kept = get_object_or_404(Organisme.objects.actuels(), pk=self.key(given.get("a")))
        if not given.get("b"):
            return self.other_page(request, kept)
        other = get_object_or_404(Organisme.objects.actuels(), pk=self.key(given.get("b")))
        rows, errors = organisations.choices(kept, other), {}
        chosen = {row.champ: self.chosen(request, row) for row in rows}
        if request.method == "POST":
            taken = [name for name, choice in chosen.items() if choice == "autre"]
            joined = [name for name, choice in chosen.items() if choice == "deux"]
            try:
                reason = reason_given(request, USUAL)
                self.tell(request, organisations.merge(kept, other, request.user, reason, taken, joined))
                return HttpResponseRedirect(self.page(kept))
            except ValidationError as refusal:
                errors = getattr(refusal, "message_dict", {"": refusal.messages})
        beside = {row.champ: errors.pop(row.champ, []) for row in rows}
        context = {
            **self.admin_site.each_context(request),
            "title": _("Fusionner deux organismes"),
            "opts": self.opts,
            "gardee": kept,
            "autre": other,
            "lignes": [(row, chosen[row.champ], beside[row.champ]) for row in rows],
            "suit": organisations.moving(kept, other),
            "usuelles": USUAL,
            "erreur": " ".join(text for texts in errors.values() for text in texts),
        }
        return render(request, "admin/initiatives/organismes_fusion.html", context)

    def other_page(self, request, kept: Organisme):
        """Asks which organisation is the same as this one."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Fusionner avec un autre organisme"),
            "opts": self.opts,
            "gardee": kept,
            "autres": Organisme.objects.actuels().exclude(pk=kept.pk).select_related("region"),
        }
        return render(request, "admin/initiatives/organismes_choisir.html", context)

    def chosen(self, request, row) -> str:
        """What is chosen of a line: what was sent, else its default."""
        sent = request.POST.get(f"choix-{row.champ}")
        return sent if sent in ("gardee", "autre") or (sent == "deux" and row.joignable) else row.defaut

    def tell(self, request, fusion: FusionOrganismes) -> None:
        """Says what was merged, with the button that separates them again."""
        said = _("« %(autre)s » est fusionné dans « %(garde)s » : son adresse mène ici.")
        button = format_html(
            '{} <form method="post" action="{}" class="annuler">'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><button type="submit">{}</button></form>',
            said % {"autre": fusion.autre.nom, "garde": fusion.garde.nom},
            *(reverse("admin:initiatives_organisme_defaire", args=[fusion.pk]), get_token(request)),
            _("Annuler cette fusion"),
        )
        self.message_user(request, button, messages.SUCCESS)

    @method_decorator(require_POST)
    def separate_view(self, request, pk):
        """Makes two of them again."""
        if not self.has_decider_permission(request):
            raise PermissionDenied
        fusion = get_object_or_404(FusionOrganismes.objects.select_related("garde", "autre"), pk=pk)
        try:
            left = organisations.separate(fusion, request.user)
            self.message_user(
                request,
                _("Fusion défaite : « %(autre)s » a repris ce qu'il avait.") % {"autre": fusion.autre.nom},
                messages.SUCCESS,
            )
            if left:
                said = _("Laissés tels quels, quelqu'un les ayant changés depuis : %(quoi)s.")
                self.message_user(request, said % {"quoi": "; ".join(left)}, messages.WARNING)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(self.page(fusion.garde))
