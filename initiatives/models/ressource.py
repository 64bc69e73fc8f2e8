"""What the other documents name that is no initiative: guides, research, programmes. Edited in the workshop."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from initiatives.core.enums import GenreRessource, Langue, PublicRessource
from initiatives.core.querysets import RessourceQuerySet

from .fields import CodesField

# They turn the words around them, those of the page too, or hide in an address: no title needs one.
DIRECTION = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
TEXTS = ("titre_fr", "titre_en", "auteur", "quoi_fr", "quoi_en", "endroit")


class Ressource(models.Model):
    """A document, a programme or a network, in our words. One that is no longer shown stays in the table.

    `langue` is the document's: the title in that language is the printed one, the other is our translation, if any.
    """

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    langue = models.CharField(_("langue du document"), max_length=2, choices=Langue.choices, default=Langue.FRANCAIS)
    titre_fr = models.CharField(
        _("titre en français"),
        max_length=250,
        blank=True,
        help_text=_("Dans la langue du document, le titre imprimé; dans l'autre, notre traduction, ou rien."),
    )
    titre_en = models.CharField(_("titre en anglais"), max_length=250, blank=True)
    genre = models.CharField(_("genre"), max_length=20, choices=GenreRessource.choices)
    pour = CodesField(
        PublicRessource,
        verbose_name=_("pour qui"),
        help_text=_("Rien de coché : pour tout le monde. La page la range sous le premier coché."),
    )
    auteur = models.CharField(_("auteur ou organisation"), max_length=200, blank=True)
    annee = models.PositiveSmallIntegerField(
        _("année"), null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    quoi_fr = models.TextField(
        _("ce que c'est, en français"), max_length=1200, blank=True, help_text=_("Dans vos mots : rien ne se copie.")
    )
    quoi_en = models.TextField(_("ce que c'est, en anglais"), max_length=1200, blank=True)
    lien = models.CharField(
        _("adresse"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Seulement une adresse imprimée intacte dans la source, ou essayée."),
    )
    verifiee_le = models.DateField(
        _("essayée le"),
        null=True,
        blank=True,
        help_text=_("Le jour où quelqu'un a ouvert l'adresse, et vu que c'est ça."),
    )
    source = models.ForeignKey(
        "Source", models.PROTECT, verbose_name=_("source"), related_name="ressources", null=True, blank=True
    )
    endroit = models.CharField(
        _("endroit dans la source"), max_length=60, blank=True, help_text=_("« p. 19 », « note 26 »")
    )
    fiches = models.ManyToManyField(
        "Initiative",
        verbose_name=_("fiches"),
        related_name="ressources",
        blank=True,
        help_text=_("La ressource paraît aussi sur leur page."),
    )
    note_interne = models.TextField(_("note interne"), blank=True)
    ordre = models.PositiveSmallIntegerField(_("ordre"), default=100)
    affichee = models.BooleanField(_("affichée"), default=True)

    objects = RessourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("ressource")
        verbose_name_plural = _("ressources")
        ordering = ["ordre", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(langue="fr") & ~Q(titre_fr="")) | (Q(langue="en") & ~Q(titre_en="")),
                name="ressource_titree",
                violation_error_message=_("Il manque le titre imprimé, dans la langue du document."),
            ),
        ]

    def __str__(self):
        return self.titre_imprime

    def clean(self):
        """Puts the publics in the order of their list, takes out of the texts what turns words around, and refuses an
        address that holds any.
        """
        self.pour = [code for code in PublicRessource.values if code in self.pour] or self.pour
        for name in TEXTS:
            setattr(self, name, DIRECTION.sub("", getattr(self, name)).strip())
        if DIRECTION.search(self.lien):
            raise ValidationError({"lien": _("Cette adresse contient des signes qui ne se voient pas.")})

    @property
    def titre_imprime(self):
        """The title in the language of the document."""
        return self.titre_en if self.langue == Langue.ANGLAIS else self.titre_fr

    @property
    def href(self):
        """Where the address leads, or an empty text where it is no address of the web."""
        return self.lien if self.lien.startswith(("http://", "https://")) else ""

    @property
    def site(self):
        """The name of the site, as one says it."""
        return (urlsplit(self.href).hostname or "").removeprefix("www.")

    def natural_key(self):
        return (self.slug,)

    natural_key.dependencies = ["initiatives.source", "initiatives.initiative"]
