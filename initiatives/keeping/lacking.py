"""What a fiche does not say yet and its readers look for. It is told to editors; it holds nothing back."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.core.enums import Clientele, Visibilite
from initiatives.models import Contact, Initiative


@dataclass(frozen=True)
class Lack:
    """`champ`: the field of a state (`porteurs` and `contacts` too) where it would be written."""

    champ: str
    libelle: str | Promise


def lacks(fiche: Initiative) -> list[Lack]:
    """In the order of the questionnaire. Two queries at most."""
    young = Clientele.JEUNES in fiche.clienteles
    says_age = fiche.tous_ages or fiche.age_mention or not fiche.age_min is fiche.age_max is None
    found = [
        (fiche.description, Lack("description", _("la description"))),
        (fiche.annee or fiche.annee_mention, Lack("annee", _("l'année"))),
        (fiche.porteurs, Lack("porteurs", _("l'organisme porteur"))),
        (fiche.clienteles, Lack("clienteles", _("la clientèle"))),
        (says_age or not young, Lack("age_min", _("l'âge"))),
        (fiche.sexe or not young, Lack("sexe", _("le sexe des jeunes"))),
        (fiche.objectifs, Lack("objectifs", _("les objectifs"))),
        (fiche.types, Lack("types", _("les types de projet"))),
    ]
    lacking = [lack for said, lack in found if not said]
    return [*lacking, *no_way_to_reach(fiche)]


def no_way_to_reach(fiche: Initiative) -> list[Lack]:
    """What keeps the page from saying how to reach somebody. One query."""
    theirs = Q(organisme__initiatives=fiche) | Q(organisme__directions__initiatives=fiche)
    seen = set(Contact.objects.filter(Q(initiative=fiche) | theirs).values_list("visibilite", flat=True))
    if not seen:
        return [Lack("contacts", _("les coordonnées"))]
    return [] if Visibilite.PUBLIQUE in seen else [Lack("contacts", _("des coordonnées publiques"))]
