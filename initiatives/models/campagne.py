"""Campaigns: the organisations are asked, by one e-mail each, whether their fiches still hold true."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Campagne(models.Model):
    """One round. Its fiches are chosen when it is made; nothing is sent before somebody says so."""

    nom = models.CharField(_("nom"), max_length=100, help_text=_("Pour vous : « Automne »."))
    jours = models.PositiveSmallIntegerField(_("jours de validité des liens"), default=45)
    creee_le = models.DateTimeField(_("créée le"), auto_now_add=True)
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("créée par"), related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("campagne de vérification")
        verbose_name_plural = _("campagnes de vérification")
        ordering = ["-creee_le"]

    def __str__(self):
        return self.nom


class Envoi(models.Model):
    """The one e-mail of a campaign to an organisation, about its fiches."""

    campagne = models.ForeignKey("Campagne", models.PROTECT, verbose_name=_("campagne"), related_name="envois")
    organisme = models.ForeignKey("Organisme", models.PROTECT, verbose_name=_("organisme"), related_name="+")
    courriel = models.EmailField(_("courriel"), blank=True)
    initiatives = models.ManyToManyField("Initiative", verbose_name=_("fiches"), related_name="envois")
    # From the moment an e-mail is tried until the server's answer: while it is here, nobody knows whether it left.
    tente_le = models.DateTimeField(_("tenté le"), null=True, blank=True)
    envoye_le = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    relance_le = models.DateTimeField(_("relancé le"), null=True, blank=True)
    repondu_le = models.DateTimeField(_("répondu le"), null=True, blank=True)

    class Meta:
        verbose_name = _("envoi")
        verbose_name_plural = _("envois")
        ordering = ["organisme__nom"]
        constraints = [models.UniqueConstraint(fields=["campagne", "organisme"], name="un_envoi_par_organisme")]

    def __str__(self):
        return f"{self.organisme} ({self.campagne})"


class Desabonnement(models.Model):
    """An organisation that asked not to be written to. Kept until an administrator removes it at its request."""

    organisme = models.OneToOneField("Organisme", models.PROTECT, verbose_name=_("organisme"), related_name="+")
    demande_le = models.DateTimeField(_("demandé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("désabonnement")
        verbose_name_plural = _("désabonnements")

    def __str__(self):
        return str(self.organisme)
