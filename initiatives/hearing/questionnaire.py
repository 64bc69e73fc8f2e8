"""The forms of the field: the questionnaire of Annexe B, section by section, and what is wrong in a fiche or with the
site.
"""

import secrets
import time

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums
from initiatives.core.enums import NatureContact, Visibilite
from initiatives.models import Contact
from initiatives.models.fields import LinesFormField

SALT = "initiatives.contribution"
MAX_AGE = 24 * 3600
LEAST_SECONDS = 3
PROFESSIONALS = [
    (code, enums.Clientele(code).label)
    for code in ("sante-services-sociaux", "police", "justice", "scolaire", "communautaire")
]
SEXES = [(code, enums.Sexe(code).label) for code in ("tous", "feminin", "masculin", "autre")]


def new_token() -> dict:
    """What a form carries from its first page: a mark of its own, and when it was opened."""
    return {"jeton": secrets.token_urlsafe(18), "debut": time.time(), "pages": {}}


def sign_token(token: dict) -> str:
    return signing.dumps(token, salt=SALT, compress=True)


def read_token(text: str) -> dict | None:
    """The token, or None when it is not ours or older than a day."""
    try:
        return signing.loads(text, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None


def too_fast(token: dict) -> bool:
    return time.time() - token["debut"] < LEAST_SECONDS


class Section(forms.Form):
    """A page of the questionnaire, `nom_section` its title."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.pop("maxlength", None)  # a browser would cut what is pasted, without a word
            if field.required:
                field.label = _("%(question)s (obligatoire)") % {"question": field.label}


TOO_LONG = _("Raccourcissez cette réponse : %(limit_value)d caractères au plus, elle en a %(show_value)d.")
WRONG_YEAR = _("Écrivez l'année en quatre chiffres, par exemple 2018.")
WRONG_AGE = _("Écrivez l'âge en chiffres, de 0 à 120, ou laissez vide.")


def messages(missing: str = "", wrong: str = "") -> dict:
    """What a form says of an answer, as something to do: nothing written, or what cannot be read."""
    said = {"required": missing, "invalid": wrong, "min_value": wrong, "max_value": wrong, "max_length": TOO_LONG}
    return {name: message for name, message in said.items() if message}


class Lines(forms.CharField):
    """A text of several lines, which a browser ends with two characters and the fiches with one."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


def text(label, help_text="", rows=0, missing="", length=2000):
    """A line, or `rows` of them; `missing`, what to do when nothing is written, makes it required."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return (Lines if rows else forms.CharField)(
        label=label,
        help_text=help_text,
        required=bool(missing),
        max_length=length,
        widget=widget,
        error_messages=messages(missing),
    )


def year(label, help_text=""):
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=1900,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=messages(wrong=WRONG_YEAR),
    )


def age(label):
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=enums.AGE_MAX,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=messages(wrong=WRONG_AGE),
    )


def boxes(label, choices, help_text=""):
    return forms.MultipleChoiceField(
        label=label, choices=choices, help_text=help_text, required=False, widget=forms.CheckboxSelectMultiple
    )


def radios(label, choices, missing=""):
    """One answer; `missing`, what to do when none is chosen, makes it required."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=bool(missing),
        widget=forms.RadioSelect,
        error_messages=messages(missing),
    )


WITHOUT_STAGE = _("Choisissez où en est le projet.")


class ProjetForm(Section):
    nom_section = _("Le projet")
    titre = text(
        _("Nom du projet, du programme, de l'activité, de l'outil ou de la formation"),
        missing=_("Écrivez le nom du projet."),
        length=300,
    )
    description = text(_("Description"), _("En quelques lignes : ce qui se fait, avec qui, comment."), rows=6)
    annee = year(_("Année de création"), _("Quatre chiffres."))
    stade = radios(_("Où en est le projet?"), enums.Stade.choices, missing=WITHOUT_STAGE)


class OrganismesForm(Section):
    nom_section = _("Qui le porte")
    porteur_mention = text(
        _("Établissement ou organisme porteur"),
        _("Celui qui en est officiellement responsable. Un organisme, jamais une personne."),
        missing=_("Écrivez le nom de l'établissement ou de l'organisme porteur."),
        length=300,
    )
    region = forms.ChoiceField(
        label=_("Région"),
        choices=[("", _("Choisir")), *enums.Regions.choices],
        error_messages=messages(_("Choisissez une région.")),
    )
    telephone = text(
        _("Téléphone du service"), _("Celui où l'on joint le service, jamais celui d'une personne."), length=100
    )
    courriel = forms.EmailField(
        label=_("Courriel du service"),
        required=False,
        help_text=_("Par exemple info@… : jamais celui d'une personne."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    partenaires = text(_("Partenaires officiels, s'il y en a"), _("Des organismes, pas des personnes."), rows=3)
    financement = radios(_("Financement"), enums.Financement.choices)
    financement_source = text(_("Source du financement"), length=300)

    def clean_telephone(self):
        """A number that calls nobody is no number."""
        number = self.cleaned_data["telephone"]
        if number:
            try:
                Contact(nature=NatureContact.TELEPHONE, valeur=number).clean()
            except ValidationError as refusal:
                raise ValidationError(refusal.messages) from None
        return number


class WithAges(Section):
    """A page that asks who is accepted by age."""

    def clean(self):
        data = super().clean()
        low, high = data.get("age_min"), data.get("age_max")
        if low is not None and high is not None and low > high:
            self.add_error("age_max", _("L'âge minimal dépasse l'âge maximal."))
        if data.get("tous_ages") and (low is not None or high is not None):
            self.add_error("tous_ages", _("« Tous les âges » et des âges précis s'excluent."))
        return data


class ClienteleForm(WithAges):
    nom_section = _("Pour qui")
    public = boxes(_("À qui le projet s'adresse"), [("jeunes", _("Jeunes")), ("parents", _("Parents"))])
    intervenants = boxes(_("Intervenants"), PROFESSIONALS)
    autre_clientele_mention = text(_("Autres personnes : précisez"), length=300)
    age_min = age(_("Jeunes : à partir de quel âge?"))
    age_max = age(_("Jeunes : jusqu'à quel âge?"))
    tous_ages = forms.BooleanField(label=_("Tous les âges"), required=False)
    sexe = radios(_("Sexe des jeunes"), SEXES)
    implications = boxes(
        _("Type d'implication des jeunes"),
        enums.Implication.choices,
        _("Une tierce partie aide au recrutement, à la sollicitation, au transport…"),
    )
    niveaux_risque = boxes(
        _("Niveau de risque"), enums.NiveauRisque.choices, _("D'après les facteurs de risque et de protection.")
    )


class ContenuForm(Section):
    nom_section = _("Ce qui s'y fait")
    objectifs = LinesFormField(
        label=_("Buts et objectifs principaux"),
        help_text=_("Un objectif par ligne."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    composantes = text(
        _("Ce qui fait son succès"),
        _("Par exemple : mentorat, activités de groupe, suivi individuel, formation du personnel, partenariat."),
        rows=4,
    )
    frequence = text(_("Durée et fréquence des activités"), length=200)
    pour_en_savoir_plus = text(_("Pour en savoir plus"), _("Documents, outils, site web."), rows=3)


ERASED = format_lazy(
    _("Pour vous répondre, et rien d'autre; effacé {jours} jours après la décision."),
    jours=settings.CONTACT_RETENTION_DAYS,
)


class EnvoiForm(Section):
    nom_section = _("Autres initiatives, et vous")
    autres_initiatives = text(
        _("Connaissez-vous d'autres initiatives, ou des organismes à qui les demander?"),
        _("Des noms d'organismes ou de tables de concertation, jamais de personnes."),
        rows=4,
    )
    nom_expediteur = text(_("Votre nom (facultatif)"), length=100)
    courriel_expediteur = forms.EmailField(
        label=_("Votre courriel (facultatif)"),
        required=False,
        help_text=ERASED,
    )


SECTIONS = {
    "projet": ProjetForm,
    "organismes": OrganismesForm,
    "clientele": ClienteleForm,
    "contenu": ContenuForm,
    "envoi": EnvoiForm,
}


def answers(forms_by_name: dict[str, forms.Form]) -> dict:
    """The valid answers as fields of a fiche: JSON values under the names of the model."""
    data = {name: value for form in forms_by_name.values() for name, value in form.cleaned_data.items()}
    data["clienteles"] = [code for code in enums.Clientele.values if code in {*data["public"], *data["intervenants"]}]
    data["age_mention"] = age_in_words(data["age_min"], data["age_max"], data["tous_ages"])
    data["contacts"] = contacts(data["telephone"], data["courriel"])
    return {name: data[name] for name in FIELDS if data[name] not in ("", None, [], False)}


def contacts(telephone: str, courriel: str) -> list[dict]:
    """How the service is reached, for editors until one of them read it."""
    given = ((NatureContact.TELEPHONE, telephone), (NatureContact.COURRIEL, courriel))
    return [
        {"nature": nature.value, "valeur": value, "precision": "", "visibilite": Visibilite.EDITEURS.value}
        for nature, value in given
        if value
    ]


def in_order(answers: dict) -> dict:
    """Answers in the order in which they were asked for: the database keeps none."""
    return {name: answers[name] for name in [*FIELDS, *answers] if name in answers}


FIELDS = [
    *("titre", "description", "annee", "stade", "porteur_mention", "region", "contacts", "partenaires", "financement"),
    *("financement_source", "clienteles", "autre_clientele_mention", "age_min", "age_max", "tous_ages", "age_mention"),
    *("sexe", "implications", "niveaux_risque", "objectifs", "composantes", "frequence", "pour_en_savoir_plus"),
]


def age_in_words(low: int | None, high: int | None, everyone: bool) -> str:
    """How a fiche prints an age: in French, the language of the directory's own words."""
    if everyone:
        return "Tous les âges"
    if low is not None and high is not None:
        return f"{low} à {high} ans"
    if low is not None:
        return f"{low} ans et plus"
    return f"{high} ans et moins" if high is not None else ""


def sender_email():
    return forms.EmailField(
        label=_("Votre courriel (facultatif)"),
        required=False,
        help_text=ERASED,
    )


class SignalementForm(Section):
    raisons = boxes(_("Qu'est-ce qui ne va pas, ou a changé?"), enums.Raison.choices)
    texte = text(_("Dites-nous quoi"), _("Sans nommer de personne."), rows=5)
    courriel_expediteur = sender_email()

    def clean(self):
        data = super().clean()
        if not self.errors and not (data.get("raisons") or data.get("texte")):
            self.add_error("raisons", _("Cochez une raison, ou écrivez quelques mots."))
        return data


class ProblemeForm(Section):
    """A problem of the site itself."""

    texte = text(
        _("Qu'est-ce qui vous bloque?"),
        _("Ce que vous vouliez faire, ce qui arrive, et avec quel outil s'il compte. Sans nommer de personne."),
        rows=6,
        missing=_("Écrivez ce qui vous bloque."),
    )
    page = text(_("Sur quelle page?"), _("Son titre ou son adresse, si vous le voulez."), length=300)
    courriel_expediteur = sender_email()


class VerificationForm(WithAges):
    """A fiche as its organisation may correct it."""

    stade = radios(_("Où en est le projet?"), enums.Stade.choices, missing=WITHOUT_STAGE)
    description = text(_("Description"), rows=8, length=6000)
    objectifs = LinesFormField(
        label=_("Buts et objectifs principaux"),
        help_text=_("Un objectif par ligne."),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    clienteles = boxes(_("À qui le projet s'adresse"), enums.Clientele.choices)
    age_min = age(_("Jeunes : à partir de quel âge?"))
    age_max = age(_("Jeunes : jusqu'à quel âge?"))
    tous_ages = forms.BooleanField(label=_("Tous les âges"), required=False)
    frequence = text(_("Durée et fréquence des activités"), length=200)
    partenaires = text(_("Partenaires officiels, s'il y en a"), _("Des organismes, pas des personnes."), rows=3)
    precisions = text(
        _("Coordonnées du service, ou autre précision"),
        _("Le téléphone ou le courriel d'un service, jamais d'une personne."),
        rows=3,
    )

    @classmethod
    def first_values(cls, initiative) -> dict:
        """What the fiche says now."""
        return {name: getattr(initiative, name) for name in cls.base_fields if name != "precisions"}

    def changes(self, initiative) -> dict:
        """What differs from the fiche: field → JSON value; the printed age follows the new ages."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "precisions"}
        data["clienteles"] = [code for code in enums.Clientele.values if code in data["clienteles"]]
        found = {name: value for name, value in data.items() if value != getattr(initiative, name)}
        if {"age_min", "age_max", "tous_ages"} & set(found):
            found["age_mention"] = age_in_words(data["age_min"], data["age_max"], data["tous_ages"])
        return found
