"""The guided search: at most three questions, each of which may be left unanswered."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from initiatives.core import enums
from initiatives.models import Localite

from .filters import AgeField, BesoinsField
from .search.words import plain

SEXES = {"feminin": _("Une fille ou une femme"), "masculin": _("Un garçon ou un homme")}
WRONG_AGE = _("Écrivez l'âge en chiffres, de 0 à 120 : par exemple 15. Ou laissez vide.")
QUESTIONS = {
    "besoin": ["besoin"],
    "age-et-sexe": ["age", "sexe"],
    "ou": ["ville", "region"],
}
# Where somebody is asked for her town, the name that the search reads as the whole of Québec is the city's.
CAPITAL = {"quebec": ("Québec", enums.Regions.CAPITALE_NATIONALE.value)}
# Asked no more: an address kept since then still leads to the list that it asked for.
FORMER = ["clientele", "modalite"]
FORMER_QUESTIONS = {"pour-qui": "besoin", "aide": "ou"}


class GuidedForm(forms.Form):
    """The answers so far. Every field may be empty; `cleaned_data["region"]` is that of the town when one is given.
    `proche`: the place that a town nobody knows is close to, or nothing.
    """

    proche = ""

    besoin = BesoinsField(required=False)
    age = AgeField(required=False, max_length=20, error_messages={"age": WRONG_AGE, "max_length": WRONG_AGE})
    sexe = forms.ChoiceField(choices=list(SEXES.items()), required=False)
    ville = forms.CharField(max_length=80, required=False)
    region = forms.ChoiceField(choices=enums.Regions.choices, required=False)
    clientele = forms.MultipleChoiceField(choices=enums.Clientele.choices, required=False)
    modalite = forms.MultipleChoiceField(choices=enums.Modalite.choices, required=False)

    def clean(self):
        """Reads the town. One query when there is one, and one for the needs."""
        data = super().clean()
        if ville := data.get("ville"):
            try:
                region = region_of(ville)
            except ValidationError as error:
                self.add_error("ville", error)
                self.proche = (error.params or {}).get("nom", "")
                return data
            if data.get("region") and data["region"] != region:
                names = {"localite": ville, "region": enums.Regions(region).label}
                self.add_error("region", _("%(localite)s est dans une autre région : %(region)s.") % names)
            data["region"] = region
        return data

    def questions(self) -> list[str]:
        """The questions that these answers leave to ask: at work, one's own age changes nothing."""
        needs = self.cleaned_data.get("besoin")
        at_work = needs and all(need.voix == enums.Voix.PROFESSIONNEL for need in needs)
        return [name for name in QUESTIONS if not (at_work and name == "age-et-sexe")]


def region_of(ville: str) -> str:
    """The region of a town, borough or region by name. One query. Raises ValidationError, with what is close."""
    places = {plain(label): (label, code) for code, label in enums.Regions.choices} | CAPITAL
    for nom, variantes, region in Localite.objects.values_list("nom", "variantes", "region"):
        places |= {plain(name): (nom, region) for name in (nom, *variantes)}
    wanted = plain(ville).strip()
    if wanted in places:
        return places[wanted][1]
    if close := process.extractOne(wanted, list(places), scorer=fuzz.ratio, score_cutoff=70):
        close_to = {"nom": places[close[0]][0]}
        raise ValidationError(_("Nous ne connaissons pas ce lieu. Est-ce « %(nom)s »?"), params=close_to)
    raise ValidationError(_("Nous ne connaissons pas ce lieu. Choisissez plutôt une région, ou laissez vide."))
