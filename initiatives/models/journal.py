"""What was decided about a fiche, and the version of the data that every write moves on."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.core.enums import NatureChangement, NatureGeste, Statut


class Decision(models.Model):
    """A change of editorial status: who, when, why. Written by moderation.py alone, never changed."""

    initiative = models.ForeignKey("Initiative", models.CASCADE, verbose_name=_("initiative"), related_name="decisions")
    ancien_statut = models.CharField(_("ancien statut"), max_length=10, choices=Statut.choices)
    nouveau_statut = models.CharField(_("nouveau statut"), max_length=10, choices=Statut.choices)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("par"), related_name="+")
    motif = models.TextField(_("motif"))
    prise_le = models.DateTimeField(_("prise le"), auto_now_add=True)

    class Meta:
        verbose_name = _("décision")
        verbose_name_plural = _("décisions")
        ordering = ["-prise_le", "-pk"]

    def __str__(self):
        return f"{self.initiative_id} : {self.get_ancien_statut_display()} → {self.get_nouveau_statut_display()}"


class Geste(models.Model):
    """What somebody did to one fiche or several at once, and what brings each back. Written by keeping/acts.py alone.

    `fiches`: for each, `numero`, `titre`, `avant` (the fields that the act may change, as they were) and `apres` (the
    version that the act left); `propositions`, the answers of organisations that it accepted, if any.
    """

    nature = models.CharField(_("geste"), max_length=20, choices=NatureGeste.choices)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("par"), related_name="+")
    motif = models.TextField(_("motif"))
    fiches = models.JSONField(_("fiches"))
    fait_le = models.DateTimeField(_("fait le"), auto_now_add=True)
    annule_le = models.DateTimeField(_("annulé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("geste")
        verbose_name_plural = _("gestes")
        ordering = ["-fait_le", "-pk"]

    def __str__(self):
        return f"{self.get_nature_display()} ({len(self.fiches)})"


class FusionFiches(models.Model):
    """Two fiches that became one, and all that separates them again. Written by keeping/merging.py and separating.py.

    `deplace`: the status of the other, and for each thing that moved what it was and what it became.
    """

    garde = models.ForeignKey("Initiative", models.PROTECT, verbose_name=_("celle qui reste"), related_name="+")
    autre = models.ForeignKey("Initiative", models.PROTECT, verbose_name=_("l'autre"), related_name="+")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("par"), related_name="+")
    motif = models.TextField(_("motif"))
    deplace = models.JSONField(_("ce qui a été déplacé"))
    faite_le = models.DateTimeField(_("faite le"), auto_now_add=True)
    defaite_le = models.DateTimeField(_("défaite le"), null=True, blank=True)
    defaite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("défaite par"), related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = _("fusion de fiches")
        verbose_name_plural = _("fusions de fiches")
        ordering = ["-faite_le", "-pk"]

    def __str__(self):
        return f"{self.autre} → {self.garde}"


class PaireEcartee(models.Model):
    """Two fiches that look alike and are not the same, an editor says; `premiere` is the smaller number."""

    premiere = models.ForeignKey("Initiative", models.CASCADE, related_name="+")
    seconde = models.ForeignKey("Initiative", models.CASCADE, related_name="+")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("par"), related_name="+")
    le = models.DateTimeField(_("le"), auto_now_add=True)

    class Meta:
        verbose_name = _("paire écartée")
        verbose_name_plural = _("paires écartées")
        constraints = [models.UniqueConstraint(fields=["premiere", "seconde"], name="paire_une_fois")]

    def __str__(self):
        return f"{self.premiere_id} ≠ {self.seconde_id}"


class VersionDonnees(models.Model):
    """One row, moved on at the commit of every write to the content, raw SQL included (migration 0002)."""

    numero = models.BigIntegerField(_("version"), default=1)
    modifiee_le = models.DateTimeField(_("modifiée le"))

    class Meta:
        verbose_name = _("version des données")
        verbose_name_plural = _("versions des données")

    def __str__(self):
        return str(self.numero)


class Changement(models.Model):
    """What the public record of a fiche says otherwise since a version of the data, or that it came or left.

    Written by the database alone, at the commit that makes the version (migration 0002, CHANGES). Of a fiche that left,
    nothing but its number, and that of the one it was merged into.
    """

    version = models.BigIntegerField(_("version des données"))
    numero = models.IntegerField(_("numéro de la fiche"))
    nature = models.CharField(_("nature"), max_length=20, choices=NatureChangement.choices)
    colonnes = ArrayField(models.TextField(), verbose_name=_("colonnes"), default=list)
    vers = models.IntegerField(_("fusionnée dans"), null=True)
    fait_le = models.DateTimeField(_("fait le"))

    class Meta:
        verbose_name = _("changement public")
        verbose_name_plural = _("changements publics")
        ordering = ["version", "numero"]
        constraints = [models.UniqueConstraint(fields=["version", "numero"], name="changement_un_par_version")]
        indexes = [models.Index(fields=["numero", "-version"], name="changement_dernier")]

    def __str__(self):
        return f"{self.numero}, {self.get_nature_display()} ({self.version})"
