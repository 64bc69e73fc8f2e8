"""What comes from the field: propositions, reports of errors, and the passages that a rate limit counts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.core.enums import EtatContribution, Provenance, Raison

from .fields import CodesField


class Contribution(models.Model):
    """What somebody sent without an account. Name and e-mail are optional, and erased after the decision."""

    etat = models.CharField(
        _("état"), max_length=10, choices=EtatContribution.choices, default=EtatContribution.RECUE, editable=False
    )
    # One for each form shown: the same form sent twice is one contribution.
    jeton = models.CharField(_("jeton"), max_length=40, unique=True, editable=False)
    nom_expediteur = models.CharField(_("nom de l'expéditeur"), max_length=100, blank=True)
    courriel_expediteur = models.EmailField(_("courriel de l'expéditeur"), blank=True)
    recue_le = models.DateTimeField(_("reçue le"), auto_now_add=True)
    decidee_le = models.DateTimeField(_("décidée le"), null=True, blank=True, editable=False)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("décidée par"), related_name="+", null=True, blank=True
    )
    motif = models.TextField(_("motif"), blank=True)
    # Where it came by, of what an organisation answers by its link.
    envoi = models.ForeignKey(
        "Envoi", models.PROTECT, verbose_name=_("envoi"), related_name="+", null=True, blank=True, editable=False
    )
    contact_efface_le = models.DateTimeField(_("coordonnées effacées le"), null=True, blank=True, editable=False)
    # Somebody who may see the sender says that she answered, or that there is nothing to answer.
    repondu_le = models.DateTimeField(_("réponse faite le"), null=True, blank=True, editable=False)
    repondu_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("réponse faite par"), related_name="+", null=True
    )

    class Meta:
        abstract = True

    @property
    def attend_reponse(self):
        """Whether its sender may be answered, and nobody said that it was done."""
        return bool(self.courriel_expediteur) and self.repondu_le is None


class Proposition(Contribution):
    """A new initiative, or changes to an existing one. `reponses`: field of Initiative → JSON value."""

    provenance = models.CharField(
        _("provenance"), max_length=12, choices=Provenance.choices, default=Provenance.FORMULAIRE
    )
    reponses = models.JSONField(_("réponses"))
    autres_initiatives = models.TextField(_("autres initiatives"), blank=True)
    initiative = models.ForeignKey(
        "Initiative", models.PROTECT, verbose_name=_("fiche"), related_name="propositions", null=True, blank=True
    )

    class Meta:
        verbose_name = _("proposition")
        verbose_name_plural = _("propositions")
        ordering = ["-recue_le"]
        permissions = [("voir_expediteur", _("Peut voir qui a envoyé"))]

    def __str__(self):
        return str(self.reponses.get("titre") or self.initiative or self.pk)


class Signalement(Contribution):
    """An error or an update, told by somebody who reads a fiche; without a fiche, a problem of the site itself."""

    initiative = models.ForeignKey(
        "Initiative", models.PROTECT, verbose_name=_("fiche"), related_name="signalements", null=True, blank=True
    )
    page = models.CharField(_("page du site"), max_length=300, blank=True)
    raisons = CodesField(Raison, verbose_name=_("raisons"))
    texte = models.TextField(_("texte"), blank=True)
    # What answered it: changes that wait to be read again, then the version that they, or a writing at once, made.
    revision = models.ForeignKey(
        "Revision",
        models.PROTECT,
        verbose_name=_("modification à relire"),
        related_name="signalements",
        null=True,
        blank=True,
        editable=False,
    )
    version = models.ForeignKey(
        "Version",
        models.PROTECT,
        verbose_name=_("version"),
        related_name="signalements",
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        verbose_name = _("signalement")
        verbose_name_plural = _("signalements")
        ordering = ["-recue_le"]

    def __str__(self):
        labels = dict(Raison.choices)  # the database may hold a code that is no longer one
        if self.initiative_id is None:
            return str(_("Le site"))
        return f"{self.initiative_id} : {', '.join(str(labels.get(code, code)) for code in self.raisons)}"


class Passage(models.Model):
    """How many times each place sent something in ten minutes: fingerprints, kept for an hour and in no journal."""

    le = models.DateTimeField(_("le"), primary_key=True)
    empreintes = models.JSONField(_("empreintes"), default=dict)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")

    def __str__(self):
        return str(self.le)
