"""Campaigns: the organisations are asked, by one e-mail each, whether their fiches still hold true."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from initiatives.core.enums import ChoixFiches, Echec

models.EmailField.register_lookup(Lower)
# What an e-mail is, each said once: for the queue, the counts and the words of the pages.
ANSWERED = Q(repondu_le__isnull=False) | Q(appel__isnull=False, appel__annule_le=None)
FAILED = ~Q(echec="") & Q(pas_avant=None)
UNSENT = Q(envoye_le=None) | Q(relance_demandee_le__isnull=False, relance_le=None)


def silenced() -> Q:
    """The e-mails of an organisation, or to an address, that asked for silence. Two subqueries."""
    rows = Desabonnement.objects.all()
    address = Q(courriel__lower__in=rows.exclude(courriel="").values("courriel"))
    return Q(organisme__in=rows.values("organisme")) | address


def to_send() -> Q:
    """The e-mails that are to leave, now or later."""
    free = Q(tente_le=None, organisme__fusionne_dans=None)  # nobody sends it, and its organisation is still one
    return ~Q(courriel="") & UNSENT & free & ~FAILED & ~ANSWERED & ~silenced()


def kinds() -> dict[str, Q]:
    """What is counted of the e-mails of a campaign."""
    return {
        "a_envoyer": to_send(),
        "partis": Q(envoye_le__isnull=False),
        "relances": Q(relance_le__isnull=False),
        "repondus": ANSWERED,
        "en_echec": FAILED & ~ANSWERED,
        "incertains": Q(tente_le__isnull=False),
        "sans_courriel": Q(courriel=""),
        "silencieux": silenced() & ~ANSWERED,
    }


class CampagneQuerySet(models.QuerySet):
    def comptees(self):
        """With, of each kind of e-mail, how many: in the campaign's own query."""
        joined = {name: Count("envois", filter=through_envois(condition)) for name, condition in kinds().items()}
        return self.annotate(**joined, organismes=Count("envois"))


def through_envois(condition: Q) -> Q:
    """The same condition, seen from the campaign."""
    children = [
        through_envois(child) if isinstance(child, Q) else (f"envois__{child[0]}", child[1])
        for child in condition.children
    ]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


class Campagne(models.Model):
    """One round. Who is written to is written down when somebody launches it; nothing leaves before."""

    nom = models.CharField(_("nom"), max_length=100, help_text=_("Pour vous : « Automne »."))
    choix = models.CharField(_("fiches"), max_length=10, choices=ChoixFiches.choices, default=ChoixFiches.DUES)
    region = models.ForeignKey(
        "Region",
        models.PROTECT,
        verbose_name=_("région"),
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Vide : tout le Québec."),
    )
    repit = models.PositiveSmallIntegerField(
        _("jours de répit"),
        default=60,
        help_text=_("Un organisme à qui on a écrit depuis moins de jours est laissé tranquille."),
    )
    jours = models.PositiveSmallIntegerField(_("jours de validité des liens"), default=45)
    creee_le = models.DateTimeField(_("créée le"), auto_now_add=True)
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("créée par"), related_name="+", editable=False
    )
    lancee_le = models.DateTimeField(_("lancée le"), null=True, blank=True, editable=False)
    lancee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("lancée par"),
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    en_pause = models.BooleanField(_("en pause"), default=False, editable=False)
    # The kind of what stopped the sending last, such as « ConnectionRefusedError »; empty once the server answers.
    arret = models.CharField(_("arrêt"), max_length=60, blank=True, editable=False)

    objects = CampagneQuerySet.as_manager()

    class Meta:
        verbose_name = _("campagne de vérification")
        verbose_name_plural = _("campagnes de vérification")
        ordering = ["-creee_le"]
        permissions = [("lancer_campagne", _("Peut écrire aux organismes"))]

    def __str__(self):
        return self.nom


class Envoi(models.Model):
    """The one e-mail of a campaign to an organisation, about its fiches; without an e-mail, a call to make."""

    campagne = models.ForeignKey("Campagne", models.PROTECT, verbose_name=_("campagne"), related_name="envois")
    organisme = models.ForeignKey("Organisme", models.PROTECT, verbose_name=_("organisme"), related_name="+")
    courriel = models.EmailField(_("courriel"), blank=True)
    initiatives = models.ManyToManyField("Initiative", verbose_name=_("fiches"), related_name="envois")
    # From the moment an e-mail is tried until the server's answer: while it is here, nobody knows whether it left.
    tente_le = models.DateTimeField(_("tenté le"), null=True, blank=True)
    essaye_le = models.DateTimeField(_("essayé le"), null=True, blank=True)
    essais = models.PositiveSmallIntegerField(_("essais"), default=0)
    # A failure with a time is tried again by itself; without one, when somebody says so.
    echec = models.CharField(_("échec"), max_length=12, choices=Echec.choices, blank=True)
    code_smtp = models.PositiveSmallIntegerField(_("réponse du serveur"), null=True, blank=True)
    pas_avant = models.DateTimeField(_("pas avant"), null=True, blank=True)
    envoye_le = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    relance_demandee_le = models.DateTimeField(_("relance demandée le"), null=True, blank=True)
    relance_le = models.DateTimeField(_("relancé le"), null=True, blank=True)
    repondu_le = models.DateTimeField(_("répondu le"), null=True, blank=True)
    appel = models.ForeignKey(
        "Geste", models.PROTECT, verbose_name=_("joint par téléphone"), related_name="+", null=True, blank=True
    )
    note_appel = models.CharField(_("note d'appel"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("envoi")
        verbose_name_plural = _("envois")
        ordering = ["organisme__nom"]
        constraints = [models.UniqueConstraint(fields=["campagne", "organisme"], name="un_envoi_par_organisme")]

    def __str__(self):
        return f"{self.organisme} ({self.campagne})"

    @property
    def repondu(self):
        """Whether the organisation answered, by its link or by telephone; no query when `appel` was fetched."""
        return bool(self.repondu_le or (self.appel and not self.appel.annule_le))


class Desabonnement(models.Model):
    """An organisation that asked not to be written to, and the address that asked, whoever has it. Kept until the
    organisation says the contrary by its link, or an administrator removes it at its request.
    """

    organisme = models.OneToOneField("Organisme", models.PROTECT, verbose_name=_("organisme"), related_name="+")
    courriel = models.EmailField(
        _("courriel"), blank=True, help_text=_("On n'écrit plus à cette adresse, quel que soit l'organisme.")
    )
    demande_le = models.DateTimeField(_("demandé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("désabonnement")
        verbose_name_plural = _("désabonnements")

    def __str__(self):
        return str(self.organisme)

    def save(self, *args, **kwargs):
        self.courriel = self.courriel.lower()  # as it is compared
        super().save(*args, **kwargs)
