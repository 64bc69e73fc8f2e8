"""Which section of the guide each screen of the workshop shows."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from initiatives.publishing.guide import sections

# The end of the names of screens that have a section of their own, whatever they are about.
KINDS = {
    "history": "L'historique",
    "conflit": "L'historique",
    "doublons": "Doublons et fusion",
    "fusionner": "Doublons et fusion",
    "importer": "Tableurs",
    "ensemble": "Plusieurs fiches à la fois",
}
# The sections of the screens about a model, by its name; a list may have its own.
MODELS = {
    "initiative": "Une fiche",
    "initiative_changelist": "La liste des fiches",
    "revision": "Ce qui attend d'être relu",
    "import": "Tableurs",
    "organisme": "Les organismes",
    "campagne": "Campagnes de vérification",
    "desabonnement": "Campagnes de vérification",
    "proposition": "Du terrain",
    "signalement": "Du terrain",
    "texte": "Les textes des pages",
    "ligneaide": "Les lignes d'aide",
    "pointentree": "Comment joindre",
    "ressource": "Les ressources",
    "besoin": "Les besoins",
    "expression": "Les besoins",
    "classement": "Les stratégies",
    "lecture": "Les stratégies",
    "reglestrategie": "Les stratégies",
    "citation": "Les stratégies",
    "sondage": "Les listes de référence",
    "entreethesaurus": "Les listes de référence",
    "localite": "Les listes de référence",
    "region": "Les listes de référence",
    "source": "Les listes de référence",
    "panne": "L'état du service",
    "user": "Les comptes",
}
# Those about no model.
OTHERS = {
    "index": "Ce qui attend",
    "app_list": "Ce qui attend",
    "second-facteur": "Entrer",
    "statistiques": "Statistiques",
    "sans-reponse": "Statistiques",
    "password_change": "Entrer",
    "password_change_done": "Entrer",
}


@dataclass(frozen=True)
class Help:
    titre: str
    texte: SafeString


def section_of(name: str) -> str:
    """The title of the section of the screen of this name (that of its address); empty where there is none."""
    _app, _mark, rest = name.partition("_")
    model, _mark, kind = rest.partition("_")
    return OTHERS.get(name) or KINDS.get(kind) or MODELS.get(rest) or MODELS.get(model) or ""


def help_of(name: str) -> Help | None:
    """What the guide says of a screen."""
    title = section_of(name)
    return Help(title, sections()[title]) if title else None
