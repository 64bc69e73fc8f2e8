"""The texts of the pages that editors may change, a closed list: where each stands, what it may be, and how long."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .enums import Regions, TextChoices


class Nature(TextChoices):
    """What a text is made of."""

    LIGNE = "ligne", _("une ligne")
    PARAGRAPHES = "paragraphes", _("des paragraphes")


@dataclass(frozen=True)
class Place:
    """A text's place: `page` is the name of its address, with `args`; `longueur` in signs."""

    page: str
    ou: str
    nom: str
    nature: Nature
    longueur: int
    args: tuple = ()


def _places() -> dict[str, Place]:
    line, paragraphs = Nature.LIGNE, Nature.PARAGRAPHES
    found = {
        "accueil-titre": Place("accueil", _("Accueil"), _("titre"), line, 120),
        "accueil-aide": Place("accueil", _("Accueil"), _("sous « Je cherche de l'aide »"), paragraphs, 600),
        "accueil-intervenir": Place("accueil", _("Accueil"), _("sous « J'interviens »"), paragraphs, 600),
        "aide": Place("aide", _("Besoin d'aide"), _("sous « Si c'est pour vous »"), paragraphs, 600),
        "a-propos": Place("a-propos", _("À propos"), _("toute la page"), paragraphs, 20_000),
        "confidentialite": Place("confidentialite", _("Confidentialité"), _("le début"), paragraphs, 20_000),
        "confidentialite-fin": Place("confidentialite", _("Confidentialité"), _("la fin"), paragraphs, 20_000),
        "accessibilite": Place("accessibilite", _("Accessibilité"), _("la déclaration"), paragraphs, 20_000),
    }
    for slug, label in Regions.choices:
        found[f"region-{slug}"] = Place("region", _("Régions"), label, paragraphs, 4_000, (slug,))
    return found


PLACES = _places()
