"""Ways to reach an initiative or an organisation, each with its own visibility."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.core.cells import called
from initiatives.core.enums import NatureContact, Visibilite
from initiatives.core.querysets import ContactQuerySet

from .fields import NOT_A_NUMBER, NUMBER

# What a value of each kind must be; an address and a municipality are as they are written.
KINDS = {
    NatureContact.COURRIEL: (validate_email, _("Une seule adresse de courriel, sans nom ni virgule.")),
    NatureContact.SITE_WEB: (URLValidator(schemes=["http", "https"]), _("Une adresse qui commence par https://")),
    NatureContact.TELEPHONE: (
        NUMBER,
        NOT_A_NUMBER,
    ),
}


class Contact(models.Model):
    """One telephone number, e-mail, site, address or municipality. Editors only unless somebody says otherwise."""

    initiative = models.ForeignKey(
        "Initiative",
        models.CASCADE,
        verbose_name=_("initiative"),
        related_name="contacts",
        null=True,
        blank=True,
    )
    organisme = models.ForeignKey(
        "Organisme",
        models.CASCADE,
        verbose_name=_("organisme"),
        related_name="contacts",
        null=True,
        blank=True,
    )
    nature = models.CharField(_("nature"), max_length=20, choices=NatureContact.choices)
    valeur = models.CharField(_("valeur"), max_length=300)
    precision = models.CharField(_("précision"), max_length=200, blank=True)
    visibilite = models.CharField(
        _("visibilité"), max_length=20, choices=Visibilite.choices, default=Visibilite.EDITEURS
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["nature", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(initiative__isnull=False) ^ models.Q(organisme__isnull=False),
                name="contact_a_un_seul_titulaire",
                violation_error_message=_("Un contact appartient à une initiative ou à un organisme, pas aux deux."),
            ),
        ]

    def __str__(self):
        return f"{self.get_nature_display()} : {self.valeur}"

    def clean(self):
        """A value of its own kind: campaigns write to e-mails, pages make links of the rest."""
        valid, sentence = KINDS.get(self.nature, (None, ""))
        self.valeur = self.valeur.strip()
        try:
            if valid and self.valeur:  # one that was refused already is not refused twice
                valid(self.valeur)
        except ValidationError:
            raise ValidationError({"valeur": sentence}) from None

    @property
    def href(self):
        """What the value links to, or an empty text where it is no link."""
        if self.nature == NatureContact.TELEPHONE:
            return called(self.valeur)
        if self.nature == NatureContact.COURRIEL:
            return f"mailto:{self.valeur}"
        if self.nature == NatureContact.SITE_WEB and self.valeur.startswith(("http://", "https://")):
            return self.valeur
        return ""
