"""Organisations that carry initiatives, and what Annexe A says of each milieu approached."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.core.enums import Categorie, IssueSondage, Regions
from initiatives.core.querysets import OrganismeQuerySet, SondageQuerySet

from .fields import LinesField


class Organisme(models.Model):
    """One row per real organisation; its other spellings are data."""

    slug = models.SlugField(_("adresse"), max_length=80, unique=True, help_text=_("Permanente une fois publique."))
    nom = models.CharField(_("nom"), max_length=200)
    sigle = models.CharField(_("sigle"), max_length=30, blank=True)
    nom_court = models.CharField(_("nom court"), max_length=60, blank=True)
    categorie = models.CharField(_("catégorie"), max_length=20, choices=Categorie.choices)
    region = models.ForeignKey(
        "Region",
        models.PROTECT,
        verbose_name=_("région"),
        related_name="organismes",
        null=True,
        blank=True,
        help_text=_("Vide pour une organisation de tout le Québec."),
    )
    fait_partie_de = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("fait partie de"),
        related_name="directions",
        null=True,
        blank=True,
    )
    variantes = LinesField(verbose_name=_("autres graphies"), help_text=_("Une par ligne, telles qu'imprimées."))
    note_interne = models.TextField(_("note interne"), blank=True, help_text=_("Jamais publique."))

    objects = OrganismeQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisme")
        verbose_name_plural = _("organismes")
        ordering = ["nom"]

    def __str__(self):
        return f"{self.nom} ({self.sigle})" if self.sigle else self.nom

    @property
    def nom_bref(self):
        """What tells the organisation apart in few letters: its acronym, else its short name, else its name."""
        return self.sigle or self.nom_court or self.nom

    @property
    def region_nom(self):
        """The region's name without a query; empty for the whole of Québec."""
        return Regions(self.region_id).label if self.region_id else ""

    def natural_key(self):
        return (self.slug,)

    natural_key.dependencies = ["initiatives.region"]

    def get_absolute_url(self):
        return reverse("organisme", args=[self.slug])


class Sondage(models.Model):
    """One line of Annexe A: a milieu approached by the recension, and what came of it.

    Only the organisations surveyed are public. The others, and every remark in brackets, are for editors: they
    name groups.
    """

    nom = models.CharField(_("nom imprimé"), max_length=200)
    issue = models.PositiveSmallIntegerField(_("issue"), choices=IssueSondage.choices)
    region = models.ForeignKey(
        "Region", models.PROTECT, verbose_name=_("région"), related_name="sondages", null=True, blank=True
    )
    organisme = models.ForeignKey(
        "Organisme", models.PROTECT, verbose_name=_("organisme"), related_name="sondages", null=True, blank=True
    )
    remarque = models.CharField(_("remarque"), max_length=300, blank=True)
    rang = models.PositiveSmallIntegerField(_("rang dans l'Annexe A"), unique=True)

    objects = SondageQuerySet.as_manager()

    class Meta:
        verbose_name = _("milieu approché (Annexe A)")
        verbose_name_plural = _("milieux approchés (Annexe A)")
        ordering = ["rang"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(issue=IssueSondage.SONDE) | models.Q(organisme__isnull=False, region__isnull=False),
                name="sonde_a_organisme_et_region",
                violation_error_message=_("Un milieu sondé a une région et un organisme : ils sont publics."),
            ),
        ]

    def __str__(self):
        return self.nom

    def natural_key(self):
        return (self.rang,)

    natural_key.dependencies = ["initiatives.region", "initiatives.organisme"]
