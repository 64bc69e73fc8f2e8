"""Help lines. The directory invents none: each names the document that it comes from, or is a public short number."""

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from initiatives.core.querysets import LigneAideQuerySet


class LigneAide(models.Model):
    """A line to call. Staff add, order and retire them; a retired line stays in the table."""

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    nom_fr = models.CharField(_("nom en français"), max_length=120)
    nom_en = models.CharField(_("nom en anglais"), max_length=120)
    telephone = models.CharField(_("téléphone"), max_length=30)
    precisions_fr = models.CharField(_("précisions en français"), max_length=200, blank=True)
    precisions_en = models.CharField(_("précisions en anglais"), max_length=200, blank=True)
    clavardage_fr = models.CharField(
        _("adresse du clavardage en français"), max_length=200, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    clavardage_en = models.CharField(
        _("adresse du clavardage en anglais"), max_length=200, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=100)
    active = models.BooleanField(_("affichée"), default=True)
    provenance = models.CharField(_("provenance"), max_length=200)

    objects = LigneAideQuerySet.as_manager()

    class Meta:
        verbose_name = _("ligne d'aide")
        verbose_name_plural = _("lignes d'aide")
        ordering = ["ordre", "slug"]

    def __str__(self):
        return f"{self.nom_fr} ({self.telephone})"

    def in_language(self, name):
        """A text of the line in the language of the page."""
        return getattr(self, f"{name}_en" if get_language() == "en" else f"{name}_fr")

    @property
    def nom(self):
        return self.in_language("nom")

    @property
    def precisions(self):
        return self.in_language("precisions")

    @property
    def clavardage(self):
        return self.in_language("clavardage")

    @property
    def href(self):
        return "tel:" + "".join(char for char in self.telephone if char.isdigit())

    def natural_key(self):
        return (self.slug,)
