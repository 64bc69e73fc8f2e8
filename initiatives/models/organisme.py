"""Organisations that carry initiatives, and what Annexe A says of each milieu approached."""

from django.conf import settings
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
    # Written by keeping/history.py alone.
    modifie_le = models.DateTimeField(_("modifié le"), null=True, blank=True, editable=False)
    # Written by keeping/organisations.py alone: always one that is in no other itself.
    fusionne_dans = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("fusionné dans"),
        related_name="fusionnes",
        null=True,
        blank=True,
        editable=False,
    )

    objects = OrganismeQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisme")
        verbose_name_plural = _("organismes")
        ordering = ["nom"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fusionne_dans=None) | ~models.Q(fusionne_dans=models.F("pk")),
                name="organisme_pas_dans_lui_meme",
            ),
        ]

    def __str__(self):
        return f"{self.nom} ({self.sigle})" if self.sigle else self.nom

    @property
    def actuel(self):
        """The one that it was merged into, or itself."""
        return self.fusionne_dans or self

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


class FusionOrganismes(models.Model):
    """Two organisations that became one, and all that separates them again. Written by keeping/organisations.py alone.

    `deplace`: for each thing that moved, what it was and what it became.
    """

    garde = models.ForeignKey("Organisme", models.PROTECT, verbose_name=_("celui qui reste"), related_name="+")
    autre = models.ForeignKey("Organisme", models.PROTECT, verbose_name=_("l'autre"), related_name="+")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("par"), related_name="+")
    motif = models.TextField(_("motif"))
    deplace = models.JSONField(_("ce qui a été déplacé"))
    faite_le = models.DateTimeField(_("faite le"), auto_now_add=True)
    defaite_le = models.DateTimeField(_("défaite le"), null=True, blank=True)
    defaite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("défaite par"), related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = _("fusion d'organismes")
        verbose_name_plural = _("fusions d'organismes")
        ordering = ["-faite_le", "-pk"]

    def __str__(self):
        return f"{self.autre} → {self.garde}"


class PaireOrganismes(models.Model):
    """Two organisations that look alike and are not the same, an editor says; `premier` has the smaller key."""

    premier = models.ForeignKey("Organisme", models.CASCADE, related_name="+")
    second = models.ForeignKey("Organisme", models.CASCADE, related_name="+")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("par"), related_name="+")
    le = models.DateTimeField(_("le"), auto_now_add=True)

    class Meta:
        verbose_name = _("paire d'organismes écartée")
        verbose_name_plural = _("paires d'organismes écartées")
        constraints = [models.UniqueConstraint(fields=["premier", "second"], name="paire_d_organismes_une_fois")]

    def __str__(self):
        return f"{self.premier_id} ≠ {self.second_id}"
