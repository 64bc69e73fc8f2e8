"""Who to call: help lines, and the way in of each region. The directory invents none: each says where it comes from."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from initiatives.core.cells import called
from initiatives.core.enums import Appelant
from initiatives.core.querysets import LigneAideQuerySet, PointEntreeQuerySet

from .fields import NUMBER, TEXTED, CodesField


class Called(models.Model):
    """Whom to call: written twice, and read in the language of the page; its numbers call somebody."""

    NUMBERS = {"telephone": NUMBER, "texto": TEXTED}

    class Meta:
        abstract = True

    def clean(self):
        refused = {}
        for name, valid in self.NUMBERS.items():
            try:
                if number := getattr(self, name, ""):
                    valid(number)
            except ValidationError as error:
                refused[name] = error
        if refused:
            raise ValidationError(refused)

    def in_language(self, name):
        return getattr(self, f"{name}_en" if get_language() == "en" else f"{name}_fr")


def chat(label):
    return models.CharField(label, max_length=200, blank=True, validators=[URLValidator(schemes=["https"])])


class LigneAide(Called):
    """A line to call or to write to. Staff add, order and retire them; a retired line stays in the table."""

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    nom_fr = models.CharField(_("nom en français"), max_length=120)
    nom_en = models.CharField(_("nom en anglais"), max_length=120)
    telephone = models.CharField(_("téléphone"), max_length=30, blank=True)
    texto = models.CharField(
        _("numéro pour les textos"),
        max_length=30,
        blank=True,
        help_text=_("Le numéro à qui envoyer un message texte."),
    )
    clavardage_fr = chat(_("adresse du clavardage en français"))
    clavardage_en = chat(_("adresse du clavardage en anglais"))
    qui_repond_fr = models.CharField(
        _("qui répond, en français"),
        max_length=200,
        blank=True,
        help_text=_("Une phrase simple : qui répond, et ce qui se passe quand on appelle."),
    )
    qui_repond_en = models.CharField(_("qui répond, en anglais"), max_length=200, blank=True)
    heures_fr = models.CharField(_("heures en français"), max_length=100, blank=True)
    heures_en = models.CharField(_("heures en anglais"), max_length=100, blank=True)
    langues_fr = models.CharField(_("langues, en français"), max_length=100, blank=True)
    langues_en = models.CharField(_("langues, en anglais"), max_length=100, blank=True)
    precisions_fr = models.CharField(
        _("précisions en français"), max_length=200, blank=True, help_text=_("« gratuit · anonyme et confidentiel »")
    )
    precisions_en = models.CharField(_("précisions en anglais"), max_length=200, blank=True)
    pour = CodesField(
        Appelant,
        verbose_name=_("faite pour"),
        help_text=_("Rien de coché : pour tout le monde. Une ligne faite pour d'autres vient après celles-là."),
    )
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=100)
    active = models.BooleanField(_("affichée"), default=True)
    provenance = models.CharField(_("provenance"), max_length=200)

    objects = LigneAideQuerySet.as_manager()

    class Meta:
        verbose_name = _("ligne d'aide")
        verbose_name_plural = _("lignes d'aide")
        ordering = ["ordre", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(telephone="", texto="", clavardage_fr="", clavardage_en=""),
                name="ligne_joignable",
                violation_error_message=_("Une ligne a un téléphone, un numéro pour les textos ou un clavardage."),
            ),
        ]

    def __str__(self):
        return f"{self.nom_fr} ({self.telephone or self.texto or self.clavardage_fr})"

    @property
    def nom(self):
        return self.in_language("nom")

    @property
    def qui_repond(self):
        return self.in_language("qui_repond")

    @property
    def precisions(self):
        return self.in_language("precisions")

    @property
    def details(self):
        """When, in which languages, and what else is known, in one line."""
        return " · ".join(filter(None, (self.in_language("heures"), self.in_language("langues"), self.precisions)))

    @property
    def clavardage(self):
        return self.in_language("clavardage")

    @property
    def href(self):
        return called(self.telephone)

    @property
    def href_texto(self):
        return called(self.texto, "sms")

    def natural_key(self):
        return (self.slug,)


class PointEntree(Called):
    """Whom to call, in a region or everywhere, to be put in touch with what has no known number of its own."""

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    region = models.ForeignKey(
        "Region",
        models.PROTECT,
        verbose_name=_("région"),
        related_name="points_entree",
        null=True,
        blank=True,
        help_text=_("Vide : dans toutes les régions. Ceux de la région viennent d'abord."),
    )
    nom_fr = models.CharField(_("nom en français"), max_length=120)
    nom_en = models.CharField(_("nom en anglais"), max_length=120)
    telephone = models.CharField(_("téléphone"), max_length=30)
    note_fr = models.CharField(
        _("note en français"), max_length=200, blank=True, help_text=_("Une phrase simple : ce qu'on peut y demander.")
    )
    note_en = models.CharField(_("note en anglais"), max_length=200, blank=True)
    ordre = models.PositiveSmallIntegerField(
        _("ordre"), default=100, help_text=_("Le premier est celui que les fiches disent d'appeler.")
    )
    actif = models.BooleanField(_("affiché"), default=True)
    provenance = models.CharField(_("provenance"), max_length=200)

    objects = PointEntreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("point d'entrée")
        verbose_name_plural = _("points d'entrée")
        ordering = ["ordre", "slug"]

    def __str__(self):
        return f"{self.nom_fr} ({self.telephone})"

    @property
    def nom(self):
        return self.in_language("nom")

    @property
    def note(self):
        return self.in_language("note")

    @property
    def href(self):
        return called(self.telephone)

    def natural_key(self):
        return (self.slug,)

    natural_key.dependencies = ["initiatives.region"]


def in_order(lines: Iterable[LigneAide], asker: str = Appelant.JEUNE) -> list[LigneAide]:
    """The lines as somebody who asks needs them: those made for others come last. A young person, unless it is said."""
    return sorted(lines, key=lambda line: bool(line.pour) and asker not in line.pour)
