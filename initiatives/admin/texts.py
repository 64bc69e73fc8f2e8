"""The texts of the pages in the admin: all of them by page, what is written or delivered, seen before it is saved."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core.texts import PLACES, Nature
from initiatives.models import Texte, Version
from initiatives.publishing import texts
from initiatives.publishing.markup import as_html

from .history import HistoryAdmin
from .lists import NeverDeleted

# Field → the language of the page that shows it.
LANGUAGES = {"texte_fr": texts.FRENCH, "texte_en": texts.ENGLISH}
HOW = {
    Nature.LIGNE: gettext_lazy("Une ligne, sans mise en forme."),
    Nature.PARAGRAPHES: gettext_lazy(
        "Une ligne vide sépare les paragraphes. « ## Titre », « - élément d'une liste », « **gras** », "
        "« [mots](/aide/) » pour un lien : une adresse d'ici, https:// ou mailto:."
    ),
}


class TexteForm(forms.ModelForm):
    """Both languages, filled with what the page shows. What is left as delivered, or emptied, stays the delivered text.

    Asked for a preview, the form is never good to save: Django shows it again as it was typed.
    """

    def __init__(self, data=None, *args, **kwargs):
        if data and "_livre" in data:
            data = {**data.dict(), **dict.fromkeys(LANGUAGES, "")}
        super().__init__(data, *args, **kwargs)
        place = PLACES[self.instance.code]
        for name in LANGUAGES.keys() & self.fields.keys():
            field = self.fields[name]
            rows = {Nature.LIGNE: 2, Nature.PARAGRAPHES: 8 if place.longueur < 5000 else 26}[place.nature]
            field.widget = forms.Textarea(attrs={"rows": rows, "cols": 90, "lang": LANGUAGES[name][:2]})
            field.help_text = _("%(comment)s Au plus %(n)s caractères.") % {
                "comment": HOW[place.nature],
                "n": place.longueur,
            }
            self.initial[name] = getattr(self.instance, name) or self.delivered(name)

    def delivered(self, name: str) -> str:
        return texts.delivered(self.instance.code, LANGUAGES[name])

    def is_valid(self):
        return super().is_valid() and "_apercu" not in self.data

    def clean(self):
        data = super().clean()
        for name in LANGUAGES.keys() & data.keys():
            text = "\n".join(line.rstrip() for line in data[name].splitlines())
            data[name] = "" if text == self.delivered(name) else text
        return data

    def previews(self) -> list[tuple]:
        """Each language as its page would show it: (field, HTML, the language of the words, whose words they are)."""
        rows, typed = [], [self.cleaned_data.get(name, "") for name in LANGUAGES]
        whose = whose_words(self.instance.code, *typed)
        for (name, language), words in zip(LANGUAGES.items(), whose, strict=True):
            shown = texts.chosen(self.instance.code, *typed, language)
            line = PLACES[self.instance.code].nature == Nature.LIGNE
            html = shown.text if line else as_html(shown.text)
            rows.append((self[name], html, shown.langue or language, words))
        return rows


def whose_words(code: str, french: str, english: str) -> list[str]:
    """What each page shows: words written here, delivered, nothing; or, on the English one, the French words."""
    found = []
    for own, language in ((french, texts.FRENCH), (english, texts.ENGLISH)):
        if own:
            found.append(_("écrit ici"))
        elif texts.delivered(code, language):
            found.append(_("livré"))
        else:
            found.append(_("le texte français") if french else _("vide"))
    return found


@admin.register(Texte)
class TexteAdmin(HistoryAdmin, NeverDeleted):
    """Every text of the closed list is here, written by somebody or not; its row is made by its first change."""

    form = TexteForm
    change_form_template = "admin/initiatives/texte.html"
    fields = list(LANGUAGES)

    def has_add_permission(self, request):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).filter(code__in=PLACES)

    def get_object(self, request, object_id, from_field=None):
        """The text as it was written; as nobody changed it yet, a row that is not in the database."""
        found = super().get_object(request, object_id, from_field)
        return found or (Texte(code=object_id) if object_id in PLACES else None)

    def changelist_view(self, request, extra_context=None):
        """All the texts by page, with who changed each last. Two queries."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).in_bulk()
        last = (
            Version.objects.filter(texte__in=rows)
            .order_by("texte_id", "-rang")
            .distinct("texte_id")
            .select_related("par")
        )
        changed = {version.texte_id: version for version in last}
        pages = {}
        for code, place in PLACES.items():
            row = rows.get(code, Texte(code=code))
            whose = whose_words(code, row.texte_fr, row.texte_en)
            pages.setdefault(str(place.ou), []).append((self.page(row), place, whose, changed.get(code)))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Textes des pages"),
            "opts": self.opts,
            "pages": pages.items(),
        }
        return render(request, "admin/initiatives/textes.html", context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Nobody changed it yet: what is seen is the first version, that of the delivered text."""
        return super().changeform_view(request, object_id, form_url, {"version_vue": 1, **(extra_context or {})})

    def save_view(self, request, object_id, form_url, context):
        """The row is made by whoever changes the text, not by whoever only looks at a preview or saves it as it was.
        Its first version, that of the delivered text, is made where every version is (`history.catch_up`).
        """
        if object_id not in PLACES:
            return super().save_view(request, object_id, form_url, context)
        with transaction.atomic():
            row, new = Texte.objects.get_or_create(code=object_id)
            response = super().save_view(request, object_id, form_url, context)
            if new and row.versions.count() == 1:
                transaction.set_rollback(True)
        return response

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "_livre" in request.POST:
            self.message_user(request, _("C'est de nouveau le texte livré."), messages.SUCCESS)
        elif obj.texte_fr and not obj.texte_en:
            self.message_user(request, self.english_left(obj), messages.WARNING)

    def english_left(self, obj) -> str:
        """What the English page shows while only the French was written."""
        if texts.delivered(obj.code, texts.ENGLISH):
            return _("La page anglaise montre encore le texte livré, qui ne dit peut-être plus la même chose.")
        return _("Rien n'est écrit en anglais : la page anglaise montre le texte français.")

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        place, form = PLACES[obj.code], context["adminform"].form
        context |= {
            "title": _("Changer un texte"),
            "adresse_publique": [reverse(place.page, args=place.args), self.english(place)],
            "livres": [(str(label), texts.delivered(obj.code, language)) for label, language in self.labels()],
            "apercus": form.previews() if "_apercu" in request.POST and not form.errors else [],
            "anglais": self.english_left(obj) if obj.texte_fr and not obj.texte_en else "",
            "ecrit": bool(obj.texte_fr or obj.texte_en),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def labels(self):
        return [(self.opts.get_field(name).verbose_name, language) for name, language in LANGUAGES.items()]

    def english(self, place) -> str:
        with translation.override(texts.ENGLISH):
            return reverse(place.page, args=place.args)

    def history_view(self, request, object_id, extra_context=None):
        """A text that nobody changed has no history yet."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if object_id in PLACES and not Texte.objects.filter(pk=object_id).exists():
            self.message_user(request, _("Ce texte n'a jamais été changé : c'est celui qui a été livré."))
            return HttpResponseRedirect(self.page(Texte(code=object_id)))
        return super().history_view(request, object_id, extra_context)
