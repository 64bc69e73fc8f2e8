"""The history: what a fiche, an organisation, a text or somebody to call was after each change: who, when and why."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.core.enums import IssueRevision, NatureVersion

# What has versions: the columns that point to it.
SUBJECTS = ("initiative", "organisme", "texte", "ligneaide", "pointentree", "ressource")


def one_of(*names: str) -> models.Q:
    """Exactly one of these columns is filled."""
    return reduce(
        or_,
        (models.Q(**{f"{name}__isnull": False}, **{other: None for other in names if other != name}) for name in names),
    )


class Version(models.Model):
    """A whole state, porteurs and contacts included. Written by history.py alone, never changed, never deleted."""

    initiative = models.ForeignKey(
        "Initiative", models.PROTECT, verbose_name=_("initiative"), related_name="versions", null=True
    )
    organisme = models.ForeignKey(
        "Organisme", models.PROTECT, verbose_name=_("organisme"), related_name="versions", null=True
    )
    texte = models.ForeignKey("Texte", models.PROTECT, verbose_name=_("texte"), related_name="versions", null=True)
    ligneaide = models.ForeignKey(
        "LigneAide", models.PROTECT, verbose_name=_("ligne d'aide"), related_name="versions", null=True
    )
    pointentree = models.ForeignKey(
        "PointEntree", models.PROTECT, verbose_name=_("point d'entrée"), related_name="versions", null=True
    )
    ressource = models.ForeignKey(
        "Ressource", models.PROTECT, verbose_name=_("ressource"), related_name="versions", null=True
    )
    rang = models.PositiveIntegerField(_("version"))
    etat = models.JSONField(_("état"))
    nature = models.CharField(_("nature"), max_length=20, choices=NatureVersion.choices)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("par"), related_name="+", null=True, blank=True
    )
    motif = models.TextField(_("motif"), blank=True)
    faite_le = models.DateTimeField(_("faite le"), auto_now_add=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-rang"]
        constraints = [
            models.CheckConstraint(condition=one_of(*SUBJECTS), name="version_d_un_seul_sujet"),
            *(models.UniqueConstraint(fields=[name, "rang"], name=f"version_{name}_rang") for name in SUBJECTS),
        ]

    def __str__(self):
        return f"{self.get_nature_display()} ({self.rang})"

    @property
    def sujet(self):
        return next(filter(None, (getattr(self, name) for name in SUBJECTS)))


class Revision(models.Model):
    """Changes of a public fiche or organisation that wait for somebody else to read them: the pages keep what they say
    until then.

    Written by keeping/revisions.py alone. `avant` and `apres`: the fields that would change, as a state holds them.
    """

    OUVERTES = (IssueRevision.EN_ATTENTE, IssueRevision.RENVOYEE)

    initiative = models.ForeignKey(
        "Initiative", models.PROTECT, verbose_name=_("initiative"), related_name="revisions", null=True
    )
    organisme = models.ForeignKey(
        "Organisme", models.PROTECT, verbose_name=_("organisme"), related_name="revisions", null=True
    )
    avant = models.JSONField(_("avant"))
    apres = models.JSONField(_("après"))
    nature = models.CharField(_("nature"), max_length=20, choices=NatureVersion.choices)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("auteur"), related_name="+")
    motif = models.TextField(_("motif"), blank=True)
    faite_le = models.DateTimeField(_("faite le"), auto_now_add=True)
    issue = models.CharField(_("état"), max_length=20, choices=IssueRevision.choices, default=IssueRevision.EN_ATTENTE)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("relue par"), related_name="+", null=True, blank=True
    )
    decidee_le = models.DateTimeField(_("relue le"), null=True, blank=True)
    raison = models.TextField(_("raison"), blank=True)

    class Meta:
        verbose_name = _("modification à relire")
        verbose_name_plural = _("modifications à relire")
        ordering = ["-faite_le", "-pk"]
        constraints = [
            models.CheckConstraint(condition=one_of("initiative", "organisme"), name="revision_d_un_seul_sujet"),
            models.UniqueConstraint(
                fields=["initiative"],
                condition=models.Q(issue__in=["en-attente", "renvoyee"]),
                name="revision_ouverte_une_par_fiche",
            ),
            models.UniqueConstraint(
                fields=["organisme"],
                condition=models.Q(issue__in=["en-attente", "renvoyee"]),
                name="revision_ouverte_une_par_organisme",
            ),
        ]

    def __str__(self):
        return f"{self.sujet} ({self.get_issue_display()})"

    @property
    def sujet(self):
        return self.initiative or self.organisme


class Import(models.Model):
    """A spreadsheet that was checked: what each line would write, and when it was written, if it was."""

    nom = models.CharField(_("fichier"), max_length=200)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("par"), related_name="+")
    cree_le = models.DateTimeField(_("essayé le"), auto_now_add=True)
    applique_le = models.DateTimeField(_("écrit le"), null=True, blank=True)
    lignes = models.JSONField(_("lignes"))

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-cree_le"]

    def __str__(self):
        return self.nom
