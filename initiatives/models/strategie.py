"""The three strategies of the report: what its body names, the rule that classes a fiche, and what editors decide; and
what the words of a fiche alone say of whom it serves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums
from initiatives.core.querysets import CitationQuerySet

from .fields import CodesField
from .regle import LigneDeRegle


class RegleStrategie(LigneDeRegle):
    """A line of the rule: a fiche that has one of the codes of every column filled here, and none of those of the
    columns « sans », is of the strategy. Lines are read in their order."""

    ordre = models.PositiveSmallIntegerField(_("ordre"), default=100)
    strategie = models.CharField(_("stratégie"), max_length=10, choices=enums.Strategie.choices)
    principale = models.BooleanField(
        _("la principale"),
        default=False,
        help_text=_("De plusieurs lignes vraies, la première cochée ici donne la stratégie principale."),
    )
    derniere = models.BooleanField(
        _("et aucune autre"),
        default=False,
        help_text=_("Vraie, elle suffit : les lignes suivantes ne sont plus lues."),
    )
    motif = models.CharField(_("en mots"), max_length=200, blank=True)
    types = CodesField(enums.Type, verbose_name=_("types de projet"))
    clienteles = CodesField(enums.Clientele, verbose_name=_("clientèles"))
    implications = CodesField(enums.Implication, verbose_name=_("types d'implication"))
    sexes = CodesField(enums.Sexe, verbose_name=_("sexe"))
    modalites = CodesField(enums.Modalite, verbose_name=_("modalités"))
    cibles = CodesField(enums.Cible, verbose_name=_("cibles"))
    sans_types = CodesField(enums.Type, verbose_name=_("sans ces types de projet"))
    sans_clienteles = CodesField(enums.Clientele, verbose_name=_("sans ces clientèles"))
    sans_implications = CodesField(enums.Implication, verbose_name=_("sans ces types d'implication"))

    COLONNES = {
        "types": "types",
        "clienteles": "clienteles",
        "implications": "implications",
        "sexes": "sexe",
        "modalites": "modalite",
        "cibles": "cible",
    }
    SANS = {"sans_types": "types", "sans_clienteles": "clienteles", "sans_implications": "implications"}

    class Meta:
        verbose_name = _("ligne de la règle des stratégies")
        verbose_name_plural = _("lignes de la règle des stratégies")
        ordering = ["ordre", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(
                    types=[],
                    clienteles=[],
                    implications=[],
                    sexes=[],
                    modalites=[],
                    cibles=[],
                    sans_types=[],
                    sans_clienteles=[],
                    sans_implications=[],
                ),
                name="regle_strategie_jamais_vide",
                violation_error_message=_("Une ligne vide choisirait toutes les fiches."),
            ),
            models.CheckConstraint(
                condition=models.Q(strategie__in=enums.Strategie.values), name="regle_strategie_code"
            ),
        ]

    def __str__(self):
        return f"{self.get_strategie_display()} : {self.motif or self.en_cases()}"


class Citation(models.Model):
    """An initiative or an organisation that section 3.2 or 4 of the report names, and the fiches that it is."""

    rang = models.PositiveSmallIntegerField(_("rang"), unique=True)
    nom = models.CharField(_("ce que le rapport nomme"), max_length=120)
    organisme = models.CharField(_("organisation"), max_length=160, blank=True)
    section = models.CharField(_("section"), max_length=10)
    strategie = models.CharField(_("stratégie"), max_length=10, choices=enums.Strategie.choices)
    sous_rubrique = models.CharField(_("sous-rubrique"), max_length=30, choices=enums.SousRubrique.choices)
    certitude = models.CharField(_("certitude"), max_length=15, choices=enums.CertitudeCitation.choices)
    role = models.CharField(_("rôle"), max_length=15, choices=enums.RoleCitation.choices)
    passage = models.CharField(_("mots du rapport"), max_length=200, help_text=_("Quinze mots au plus."))
    note = models.CharField(_("note"), max_length=300, blank=True)
    fiches = models.ManyToManyField("Initiative", verbose_name=_("fiches"), related_name="citations", blank=True)

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("ce que le rapport nomme")
        verbose_name_plural = _("ce que le rapport nomme")
        ordering = ["rang"]

    def __str__(self):
        return self.nom

    def natural_key(self):
        return (self.rang,)

    natural_key.dependencies = ["initiatives.initiative"]


class Classement(models.Model):
    """What editors decide of a fiche's strategies, whatever the rule says; empty while the question waits for them."""

    initiative = models.OneToOneField(
        "Initiative", models.CASCADE, related_name="classement", verbose_name=_("fiche"), primary_key=True
    )
    question = models.CharField(_("question"), max_length=300, blank=True)
    proposition = CodesField(enums.Strategie, verbose_name=_("proposition"), editable=False)  # the main one first
    strategies = CodesField(enums.Strategie, verbose_name=_("stratégies"))
    strategie = models.CharField(_("stratégie principale"), max_length=10, choices=enums.Strategie.choices, blank=True)
    motif = models.CharField(_("pourquoi"), max_length=300, blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("par"), related_name="+", null=True, editable=False
    )
    le = models.DateTimeField(_("le"), null=True, editable=False)

    class Meta:
        verbose_name = _("classement d'une fiche")
        verbose_name_plural = _("stratégies des fiches")
        ordering = ["initiative"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(strategie="", strategies=[])
                | models.Q(strategie="demande", strategies__contains=["demande"])
                | models.Q(strategie="offre", strategies__contains=["offre"])
                | models.Q(strategie="filet", strategies__contains=["filet"]),
                name="classement_principale_parmi",
                violation_error_message=_("La stratégie principale est une de celles de la fiche."),
            ),
            models.CheckConstraint(
                condition=models.Q(strategies__contained_by=enums.Strategie.values), name="classement_codes"
            ),
        ]

    def __str__(self):
        return str(self.initiative)

    @property
    def attend(self) -> bool:
        """Whether nobody has decided yet."""
        return not self.strategie


class Lecture(models.Model):
    """What the words of a fiche say of a theme that no box asks for, and those words."""

    initiative = models.ForeignKey("Initiative", models.CASCADE, related_name="lectures", verbose_name=_("fiche"))
    theme = models.CharField(_("thème"), max_length=30, choices=enums.Theme.choices)
    portee = models.CharField(_("portée"), max_length=12, choices=enums.Portee.choices)
    mots = models.CharField(_("mots de la fiche"), max_length=200, help_text=_("Ceux qui le disent, tels quels."))
    provenance = models.CharField(
        _("provenance"),
        max_length=10,
        choices=enums.ProvenanceClassement.choices,
        default=enums.ProvenanceClassement.EDITION,
        editable=False,
    )

    class Meta:
        verbose_name = _("lecture du texte")
        verbose_name_plural = _("lectures du texte")
        ordering = ["theme", "portee", "initiative"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "theme"],
                name="une_lecture_par_theme",
                violation_error_message=_("Cette fiche a déjà une lecture de ce thème."),
            ),
            models.CheckConstraint(condition=models.Q(theme__in=enums.Theme.values), name="lecture_theme_code"),
        ]

    def __str__(self):
        return f"{self.get_theme_display()} : {self.initiative_id}"
