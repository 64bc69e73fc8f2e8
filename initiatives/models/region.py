"""The regions of the report: sixteen rows whose names are the closed list `Regions`."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.core.enums import Regions
from initiatives.core.querysets import SlugQuerySet


class Region(models.Model):
    """A region; its slug is its key, so that a fiche knows its region without a join."""

    slug = models.SlugField(_("code"), primary_key=True, choices=Regions.choices, max_length=30)
    ordre = models.PositiveSmallIntegerField(_("rang dans le rapport"), unique=True)
    voisines = models.ManyToManyField("self", verbose_name=_("régions voisines"), blank=True)

    objects = SlugQuerySet.as_manager()

    class Meta:
        verbose_name = _("région")
        verbose_name_plural = _("régions")
        ordering = ["ordre"]
        constraints = [
            models.CheckConstraint(condition=models.Q(slug__in=Regions.values), name="region_connue"),
        ]

    def __str__(self):
        return self.nom

    @property
    def nom(self):
        return Regions(self.slug).label

    def natural_key(self):
        return (self.slug,)

    def get_absolute_url(self):
        return reverse("region", args=[self.slug])
