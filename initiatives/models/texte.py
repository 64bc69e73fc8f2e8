"""What editors wrote in place of a text of the pages. A row exists from the first change on, never before."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core.texts import PLACES, Nature


class Texte(models.Model):
    """A text in both languages; one that is empty says what was delivered (`publishing/texts.py`)."""

    code = models.CharField(gettext_lazy("code"), max_length=60, primary_key=True)
    texte_fr = models.TextField(gettext_lazy("texte français"), blank=True)
    texte_en = models.TextField(gettext_lazy("texte anglais"), blank=True)

    class Meta:
        verbose_name = gettext_lazy("texte")
        verbose_name_plural = gettext_lazy("textes")
        ordering = ["code"]

    def __str__(self):
        place = PLACES.get(self.code)
        return f"{place.ou} : {place.nom}" if place else self.code

    def clean(self):
        """As long as its place allows, and one line where the place is a line."""
        place, refused = PLACES[self.code], {}
        for name in ("texte_fr", "texte_en"):
            text = "\n".join(line.rstrip() for line in getattr(self, name).strip().splitlines())
            setattr(self, name, text)
            if len(text) > place.longueur:
                sizes = {"n": place.longueur, "m": len(text)}
                refused[name] = _("Au plus %(n)s caractères; il y en a %(m)s.") % sizes
            elif place.nature == Nature.LIGNE and "\n" in text:
                refused[name] = _("Une seule ligne.")
        if refused:
            raise ValidationError(refused)
