"""What is watched: what the service does by itself, and its faults. Nobody is in either, and no page shows them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from initiatives.core.enums import Tache


class Execution(models.Model):
    """The last time that a task succeeded, or the last that it failed. Written by core/watching/runs.py alone."""

    tache = models.CharField(_("tâche"), max_length=12, choices=Tache.choices)
    reussi = models.BooleanField(_("réussie"))
    fini_le = models.DateTimeField(_("finie le"))
    duree_s = models.FloatField(_("durée (secondes)"), null=True, blank=True)
    detail = models.CharField(_("détail"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("exécution")
        verbose_name_plural = _("exécutions")
        ordering = ["tache", "-fini_le"]
        constraints = [models.UniqueConstraint(fields=["tache", "reussi"], name="execution_derniere")]

    def __str__(self):
        return str(self.get_tache_display())


class Panne(models.Model):
    """An error of the site, told by its place alone; one that comes back once settled is another.

    Written by core/watching/faults.py alone. `route`: the name of the address; `nature`: the class of the exception;
    `endroit`: the last line of our own code that it went through.
    """

    route = models.CharField(_("adresse"), max_length=100)
    nature = models.CharField(_("nature"), max_length=100)
    endroit = models.CharField(_("endroit du code"), max_length=200)
    version = models.CharField(_("version du code"), max_length=40, blank=True)
    nombre = models.PositiveIntegerField(_("fois"), default=1)
    premiere_le = models.DateTimeField(_("vue d'abord le"))
    derniere_le = models.DateTimeField(_("vue la dernière fois le"))
    annoncee_le = models.DateTimeField(_("annoncée le"), null=True, blank=True)
    reglee_le = models.DateTimeField(_("réglée le"), null=True, blank=True)
    reglee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("réglée par"), related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = _("panne")
        verbose_name_plural = _("pannes")
        ordering = ["-derniere_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["route", "nature", "endroit"], condition=Q(reglee_le=None), name="panne_ouverte_une_fois"
            )
        ]

    def __str__(self):
        return f"{self.nature} ({self.route})"
