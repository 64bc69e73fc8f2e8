"""The ways of saying, one a line: those of a need on its screen, those of what is off topic on theirs."""

from collections import defaultdict

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from initiatives.core.enums import Registre
from initiatives.models import Besoin, Expression
from initiatives.models.fields import LinesFormField

from .base import WorkshopAdmin

MAX_EXPRESSION = Expression._meta.get_field("texte").max_length
FIELDS = {f"expressions_{registre}": registre for registre in Registre}


def said_in(registre: Registre) -> LinesFormField:
    """The ways of saying a need in one register. What was shown comes back beside what is sent: see `changes`."""
    return LinesFormField(
        label=format_lazy("{} : {}", gettext_lazy("Expressions"), registre.label),
        required=False,
        show_hidden_initial=True,
        widget=forms.Textarea(attrs={"rows": 14, "cols": 80}),
    )


class WaysForm(forms.Form):
    """All the ways of saying one thing, one a line; by itself, what is off topic."""

    expressions_ado = said_in(Registre.ADO)
    expressions_adulte = said_in(Registre.ADULTE)
    expressions_anglais = said_in(Registre.ANGLAIS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = defaultdict(list)
        for registre, text in self.said().values_list("registre", "texte"):
            known[registre].append(text)
        for name in self.written():
            lines = self.initial[name] = known[FIELDS[name]]
            number = ngettext_lazy("%(n)s expression.", "%(n)s expressions.", len(lines)) % {"n": len(lines)}
            self.fields[name].help_text = format_lazy("{} {}", number, gettext_lazy("Une par ligne."))

    def said(self):
        """The expressions that this form writes."""
        return Expression.objects.filter(besoin=None)

    def written(self) -> list[str]:
        """The fields of expressions that this editor may write."""
        return [name for name in FIELDS if name in self.fields]

    def changes(self, name: str) -> tuple[list[str], set[str]]:
        """The lines added to what was shown, and those taken out of it: what a colleague added meanwhile stays."""
        field = self.fields[name]
        seen = field.to_python(self.data.get(self[name].html_initial_name, ""))
        now = list(dict.fromkeys(self.cleaned_data[name]))
        return [line for line in now if line not in seen], set(seen) - set(now)

    def clean(self):
        data = super().clean()
        fields = [name for name in self.written() if name in self.cleaned_data]
        removed = {line for name in fields for line in self.changes(name)[1]}
        taken = {}
        for name in fields:
            for line in self.changes(name)[0]:
                if len(line) > MAX_EXPRESSION:
                    limit = {"n": MAX_EXPRESSION, "texte": line}
                    self.add_error(name, _("Plus de %(n)s caractères : « %(texte)s »") % limit)
                if line in taken:
                    self.add_error(name, _("Écrite deux fois : « %(texte)s »") % {"texte": line})
                taken[line] = name
        self.refuse_known(taken, removed)
        return data

    def refuse_known(self, taken: dict[str, str], removed: set[str]) -> None:
        """A way of saying means one thing: what another need says, or what is off topic, is told. Two queries."""
        ours = set(self.said().filter(texte__in=taken).values_list("texte", flat=True))
        for row in Expression.objects.filter(texte__in=taken).select_related("besoin"):
            name = taken[row.texte]
            if row.texte in ours and (row.texte in removed or row.registre == FIELDS[name]):
                continue
            said = {"texte": row.texte, "besoin": row.besoin or _("hors sujet")}
            self.add_error(name, _("« %(texte)s » se dit déjà pour : %(besoin)s") % said)

    def write(self, need: Besoin | None = None) -> None:
        """Writes what changed, for a need or for what is off topic."""
        added, removed = [], set()
        for name in self.written():
            lines, gone = self.changes(name)
            removed |= gone
            added += [Expression(besoin=need, registre=FIELDS[name], texte=line) for line in lines]
        self.said().filter(texte__in=removed).delete()
        # What a colleague added just now, in the same words, is there already.
        Expression.objects.bulk_create(added, ignore_conflicts=True)


def may_write(user) -> bool:
    """Whether somebody may add, change and take out expressions."""
    return all(user.has_perm(f"initiatives.{right}_expression") for right in ("add", "change", "delete"))


class OffTopicFilter(admin.SimpleListFilter):
    title = gettext_lazy("sujet")
    parameter_name = "sujet"

    def lookups(self, request, model_admin):
        return [("besoin", _("Un besoin")), ("hors", _("Hors sujet"))]

    def queryset(self, request, queryset):
        if self.value() not in ("besoin", "hors"):
            return queryset
        return queryset.filter(besoin__isnull=self.value() == "hors")


@admin.register(Expression)
class ExpressionAdmin(WorkshopAdmin):
    """Every way of saying, of all the needs, looked for together; many at once are written on the need's screen, or on
    that of what is off topic."""

    change_list_template = "admin/initiatives/expressions.html"
    list_display = ["texte", "besoin", "registre"]
    list_filter = [OffTopicFilter, "registre", "besoin"]
    list_select_related = ["besoin"]
    search_fields = ["texte"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.off_topic_view)
        return [path("hors-sujet/", view, name="initiatives_expression_horssujet"), *super().get_urls()]

    def off_topic_view(self, request):
        """All that is off topic, one a line in each register."""
        if not may_write(request.user):
            raise PermissionDenied
        form = WaysForm(request.POST or None)
        if form.is_valid():
            form.write()
            messages.success(request, _("C'est enregistré, et compris ainsi dès maintenant."))
            return HttpResponseRedirect(reverse("admin:initiatives_expression_changelist") + "?sujet=hors")
        title = {"title": _("Ce qui est hors sujet"), "opts": self.opts}
        context = {**self.admin_site.each_context(request), **title, "form": form}
        return render(request, "admin/initiatives/hors_sujet.html", context)
