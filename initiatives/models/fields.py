"""Field types of our own: a list of codes from a closed list, and a list of texts, one a line in forms."""

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# A number that a telephone can call: 911, or the ten digits of a number and what follows (an extension); or write to: a
# short one too. A digit that is missing calls nobody, and who calls may not try twice.
NOT_A_NUMBER = _("Un numéro a trois chiffres (911) ou au moins dix (418 555-0100, poste 12).")
NUMBER = RegexValidator(r"^[^\d@]*(\d[^\d@]*){3}$|^[^\d@]*(\d[^\d@]*){10,}$", NOT_A_NUMBER)
TEXTED = RegexValidator(
    r"^[^\d@]*(\d[^\d@]*){3,6}$|^[^\d@]*(\d[^\d@]*){10,}$", _("Un numéro a de trois à six chiffres, ou au moins dix.")
)


class CodesField(ArrayField):
    """Zero or more codes of a closed list, kept in the list's own order, ticked as boxes in forms."""

    def __init__(self, enum=None, **kwargs):
        self.enum = enum
        if enum is not None:
            kwargs["base_field"] = models.CharField(max_length=30, choices=enum.choices)
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(**kwargs)

    def formfield(self, **kwargs):
        return forms.TypedMultipleChoiceField(
            choices=self.base_field.choices,
            coerce=str,
            required=not self.blank,
            label=self.verbose_name.capitalize(),
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )


class LinesFormField(forms.CharField):
    """A text area that holds one item a line."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data or "")


class LinesField(ArrayField):
    """An ordered list of texts; an item holds no line break."""

    def __init__(self, **kwargs):
        kwargs.setdefault("base_field", models.TextField())
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(**kwargs)

    def formfield(self, **kwargs):
        return LinesFormField(required=not self.blank, label=self.verbose_name.capitalize(), help_text=self.help_text)
