"""What people need, in their words: a need, the rule that says which fiches answer it, and the ways of saying it."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums
from initiatives.core.querysets import SlugQuerySet

from .fields import CodesField
from .regle import LigneDeRegle


class Besoin(models.Model):
    """A need, named as somebody who has it would. The fiches that answer it are counted like any facet."""

    slug = models.SlugField(_("code"), max_length=40, unique=True)
    nom_fr = models.CharField(_("nom en français, en mots simples"), max_length=120)
    nom_en = models.CharField(_("nom en anglais, en mots simples"), max_length=120)
    metier_fr = models.CharField(_("nom du métier, en français"), max_length=120)
    metier_en = models.CharField(_("nom du métier, en anglais"), max_length=120)
    voix = models.CharField(_("qui parle"), max_length=10, choices=enums.Voix.choices)
    urgence = models.BooleanField(
        _("danger immédiat"), default=False, help_text=_("Compris dans une phrase, il place l'urgence avant tout.")
    )
    lignes = models.ManyToManyField(
        "LigneAide",
        verbose_name=_("lignes d'aide d'abord"),
        related_name="besoins",
        blank=True,
        help_text=_("Montrées avant les fiches quand ce besoin est compris."),
    )
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=100)

    objects = SlugQuerySet.as_manager()

    class Meta:
        verbose_name = _("besoin")
        verbose_name_plural = _("besoins")
        ordering = ["ordre", "slug"]

    def __str__(self):
        return self.nom

    @property
    def nom(self):
        return self.named(get_language())

    def named(self, language: str) -> str:
        return self.nom_en if language == "en" else self.nom_fr

    @property
    def metier(self):
        return self.metier_en if get_language() == "en" else self.metier_fr

    def natural_key(self):
        return (self.slug,)

    natural_key.dependencies = ["initiatives.ligneaide"]


class RegleBesoin(LigneDeRegle):
    """A line of a need's rule: a fiche that has one of the codes of every column filled here answers the need."""

    besoin = models.ForeignKey(Besoin, models.CASCADE, related_name="regles", verbose_name=_("besoin"))
    modalites = CodesField(enums.Modalite, verbose_name=_("modalités"))
    types = CodesField(enums.Type, verbose_name=_("types de projet"))
    clienteles = CodesField(enums.Clientele, verbose_name=_("clientèles"))
    lieux = CodesField(enums.Lieu, verbose_name=_("lieux"))
    cibles = CodesField(enums.Cible, verbose_name=_("cibles"))
    implications = CodesField(enums.Implication, verbose_name=_("types d'implication"))
    sexes = CodesField(enums.Sexe, verbose_name=_("sexe"))
    langues = CodesField(enums.Langue, verbose_name=_("langue de la fiche"))

    COLONNES = {
        "modalites": "modalite",
        "types": "types",
        "clienteles": "clienteles",
        "lieux": "lieu",
        "cibles": "cible",
        "implications": "implications",
        "sexes": "sexe",
        "langues": "langue",
    }

    class Meta:
        verbose_name = _("ligne de la règle")
        verbose_name_plural = _("règle : une fiche répond si une de ces lignes est vraie")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(
                    modalites=[],
                    types=[],
                    clienteles=[],
                    lieux=[],
                    cibles=[],
                    implications=[],
                    sexes=[],
                    langues=[],
                ),
                name="regle_jamais_vide",
                violation_error_message=_("Une ligne vide choisirait toutes les fiches."),
            )
        ]


class ExceptionBesoin(models.Model):
    """A fiche that answers a need, or does not, whatever the rule says; and why."""

    besoin = models.ForeignKey(Besoin, models.CASCADE, related_name="exceptions", verbose_name=_("besoin"))
    initiative = models.ForeignKey("Initiative", models.CASCADE, related_name="+", verbose_name=_("fiche"))
    sens = models.CharField(_("décision"), max_length=10, choices=enums.SensException.choices)
    motif = models.CharField(_("pourquoi"), max_length=200)

    class Meta:
        verbose_name = _("fiche ajoutée ou retirée à la main")
        verbose_name_plural = _("fiches ajoutées ou retirées à la main")
        ordering = ["sens", "initiative"]
        constraints = [
            models.UniqueConstraint(
                fields=["besoin", "initiative"],
                name="une_exception_par_fiche",
                violation_error_message=_("Cette fiche a déjà une décision pour ce besoin."),
            ),
        ]

    def __str__(self):
        return f"{self.get_sens_display()} : {self.initiative_id}"


class Expression(models.Model):
    """A way of saying a need, as somebody types it; without a need, what the directory does not answer."""

    besoin = models.ForeignKey(
        Besoin,
        models.CASCADE,
        related_name="expressions",
        verbose_name=_("besoin"),
        null=True,
        blank=True,
        help_text=_("Vide : hors sujet, ce que le répertoire ne peut pas répondre."),
    )
    registre = models.CharField(_("comment on parle"), max_length=10, choices=enums.Registre.choices)
    texte = models.CharField(
        _("ce qui s'écrit"),
        max_length=300,
        unique=True,
        help_text=_("Une phrase, telle qu'on l'écrirait. Un seul mot se règle plutôt au thésaurus."),
    )

    class Meta:
        verbose_name = _("expression")
        verbose_name_plural = _("expressions")
        ordering = ["besoin", "registre", "pk"]

    def __str__(self):
        return self.texte
