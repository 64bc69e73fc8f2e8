"""The documents that the facts come from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.core.querysets import SlugQuerySet


class Source(models.Model):
    """A document; `collecte_debut` and `collecte_fin` say when its facts were gathered, not when it was printed."""

    slug = models.SlugField(_("code"), max_length=80, unique=True)
    titre = models.CharField(_("titre"), max_length=300)
    auteur = models.CharField(_("auteur ou organisation"), max_length=300)
    annee = models.PositiveSmallIntegerField(_("année de publication"), null=True, blank=True)
    isbn = models.CharField(_("ISBN"), max_length=20, blank=True)
    collecte_debut = models.DateField(_("début de la collecte des faits"), null=True, blank=True)
    collecte_fin = models.DateField(_("fin de la collecte des faits"), null=True, blank=True)
    reproduction = models.TextField(_("conditions de reproduction"), blank=True)

    objects = SlugQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["slug"]

    def __str__(self):
        return f"{self.titre} ({self.annee})" if self.annee else self.titre

    def natural_key(self):
        return (self.slug,)
