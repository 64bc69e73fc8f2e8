"""The words of the field in plain ones: on the glossary, in the facet so named, and under a fiche that says them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.models import Initiative


@dataclass(frozen=True)
class Term:
    """A word and what it means. `facet`, `value`: which facet of the list it names, or which of its values."""

    slug: str
    word: Promise
    meaning: Promise
    facet: str = ""
    value: str = ""


TERMS = [
    Term(
        "activite-sociale",
        _("Activité sociale ou récréative"),
        _("Cuisiner, bouger, créer ensemble : un moment où l'on est avec d'autres, sans devoir parler de soi."),
        *("modalite", "activite-sociale"),
    ),
    Term(
        "clientele",
        _("Clientèle"),
        _("Les personnes pour qui l'initiative est faite. Sur ce site : « Pour qui »."),
    ),
    Term(
        "concertation",
        _("Concertation"),
        _(
            "Des organismes qui se réunissent pour s'entendre sur quoi faire et qui le fait. Une table de concertation "
            "ne reçoit pas de personnes à aider."
        ),
        *("type", "concertation"),
    ),
    Term(
        "en-developpement",
        _("En développement"),
        _("En préparation quand la fiche a été écrite ou vérifiée : appelez avant de compter dessus."),
        *("stade", "en-developpement"),
    ),
    Term(
        "en-suspens",
        _("En suspens"),
        _("Arrêtée pour un temps quand la fiche a été écrite ou vérifiée : appelez avant de compter dessus."),
        *("stade", "en-suspens"),
    ),
    Term("fiche", _("Fiche"), _("La page qui décrit une initiative.")),
    Term(
        "gestion-de-cas",
        _("Gestion de cas"),
        _("Une même personne vous suit : elle écoute, vous accompagne, et fait le lien avec les autres."),
        *("modalite", "gestion-de-cas"),
    ),
    Term(
        "implication",
        _("Implication"),
        _("La place du jeune dans l'exploitation : qui la subit, qui en profite, qui y a pris part autrement."),
        "implication",
    ),
    Term(
        "initiative",
        _("Initiative"),
        _("Ce qu'on fait contre l'exploitation sexuelle des mineurs : un service, un atelier, une formation."),
    ),
    Term(
        "mentorat",
        _("Mentorat, pair-aidance"),
        _("L'aide de quelqu'un qui est passé par là, ou qui montre le chemin."),
        *("modalite", "mentorat"),
    ),
    Term(
        "modalite",
        _("Modalité"),
        _("La façon d'aider : un suivi, un hébergement, des ateliers. Sur ce site : « Sorte d'aide »."),
    ),
    Term(
        "porteur",
        _("Porteur"),
        _("L'organisme qui offre l'initiative et qui en répond. Sur ce site : « Qui l'offre »."),
    ),
    Term(
        "proxenete",
        _("Proxénète"),
        _("Qui pousse une autre personne à donner du sexe contre quelque chose, et qui en profite."),
        *("implication", "proxenete"),
    ),
    Term(
        "referencement",
        _("Référencement"),
        _("On vous dirige vers le bon service, parfois en appelant avec vous."),
        *("modalite", "referencement"),
    ),
    Term(
        "sensibilisation",
        _("Sensibilisation"),
        _("Faire connaître le problème, ses signes et les façons d'agir."),
        *("type", "sensibilisation"),
    ),
    Term(
        "stade",
        _("Stade"),
        _("Où en est l'initiative : en application, en développement ou en suspens. Sur ce site : « État »."),
    ),
    Term(
        "tierce-partie",
        _("Tierce partie"),
        _("Qui y a pris part autrement : en présentant quelqu'un, en conduisant, en surveillant, en prêtant un lieu."),
        *("implication", "tierce-partie"),
    ),
    Term(
        "travail-de-rue",
        _("Travail de rue"),
        _("Des personnes qui vont là où vous êtes, dehors, en ligne ou dans un parc, et vous parlent à votre rythme."),
        *("modalite", "travail-de-rue"),
    ),
]


def of_facet(name: str) -> Term | None:
    """The word that a facet is named by, where everyday words have none. No query."""
    return next((term for term in TERMS if term.facet == name and not term.value), None)


def said_by(initiative: Initiative) -> list[Term]:
    """The words of the field that a fiche says, in the order of `TERMS`. No query."""
    says = {
        "modalite": [initiative.modalite],
        "type": initiative.types,
        "stade": [initiative.stade],
        "implication": initiative.implications,
    }
    return [term for term in TERMS if (term.value or term.slug == "implication") and wanted(term, says)]


def wanted(term: Term, says: dict[str, list[str]]) -> bool:
    said = says.get(term.facet, [])
    return term.value in said if term.value else bool(said)
