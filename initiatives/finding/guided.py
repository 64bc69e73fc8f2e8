"""The guided search: at most four questions, each of which may be left unanswered."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from initiatives.core import enums
from initiatives.models import Localite

from .filters import AgeField
from .search.words import plain

# In the words of somebody who looks for help; the codes are those of the list.
POUR_QUI = {
    "jeunes": _("Un ou une jeune (moi, peut-être)"),
    "parents": _("Un parent ou un proche"),
    "sante-services-sociaux": _("Une équipe de la santé ou des services sociaux"),
    "scolaire": _("Une école"),
    "communautaire": _("Un organisme communautaire"),
    "police": _("Un service de police"),
    "justice": _("Le milieu judiciaire"),
    "population-generale": _("Tout le monde"),
}
SEXES = {"feminin": _("Une fille ou une femme"), "masculin": _("Un garçon ou un homme")}
AIDES = {
    "gestion-de-cas": _("Parler à quelqu'un, être accompagné·e"),
    "hebergement": _("Un endroit où rester"),
    "travail-de-rue": _("Quelqu'un qui vient dans le milieu (travail de rue)"),
    "soutien-aux-parents": _("De l'aide pour les parents"),
    "ateliers": _("Des ateliers, un groupe"),
    "referencement": _("Être dirigé·e vers le bon service"),
    "mentorat": _("L'appui d'une personne qui a vécu la même chose"),
    "temoignages": _("Entendre des survivantes"),
    "activite-sociale": _("Des activités"),
    "plateforme-web": _("De l'information en ligne"),
    "autre": _("Autre chose"),
}
QUESTIONS = {
    "pour-qui": ["clientele"],
    "age-et-sexe": ["age", "sexe"],
    "ou": ["ville", "region"],
    "aide": ["modalite"],
}


class GuidedForm(forms.Form):
    """The answers so far. Every field may be empty; `cleaned_data["region"]` is that of the town when one is given."""

    clientele = forms.ChoiceField(choices=list(POUR_QUI.items()), required=False)
    age = AgeField(required=False, max_length=20)
    sexe = forms.ChoiceField(choices=list(SEXES.items()), required=False)
    ville = forms.CharField(max_length=80, required=False)
    region = forms.ChoiceField(choices=enums.Regions.choices, required=False)
    modalite = forms.MultipleChoiceField(choices=list(AIDES.items()), required=False)

    def clean(self):
        """Reads the town. One query when there is one."""
        data = super().clean()
        if ville := data.get("ville"):
            try:
                region = region_of(ville)
            except ValidationError as error:
                self.add_error("ville", error)
                return data
            if data.get("region") and data["region"] != region:
                names = {"localite": ville, "region": enums.Regions(region).label}
                self.add_error("region", _("%(localite)s est dans une autre région : %(region)s.") % names)
            data["region"] = region
        return data

    def questions(self) -> list[str]:
        """The questions that these answers leave to ask: a grown-up's age changes nothing."""
        adult = self.cleaned_data.get("clientele") not in ("", None, "jeunes")
        return [name for name in QUESTIONS if not (adult and name == "age-et-sexe")]


def region_of(ville: str) -> str:
    """The region of a town, borough or region by name. One query. Raises ValidationError, with what is close."""
    places = {plain(label): (label, code) for code, label in enums.Regions.choices}
    for nom, variantes, region in Localite.objects.values_list("nom", "variantes", "region"):
        places |= {plain(name): (nom, region) for name in (nom, *variantes)}
    wanted = plain(ville).strip()
    if wanted in places:
        return places[wanted][1]
    if close := process.extractOne(wanted, list(places), scorer=fuzz.ratio, score_cutoff=70):
        raise ValidationError(_("Nous ne connaissons pas ce lieu. Est-ce « %(nom)s »?") % {"nom": places[close[0]][0]})
    raise ValidationError(_("Nous ne connaissons pas ce lieu. Choisissez plutôt une région, ou laissez vide."))
