"""What the report says is missing, beside what the directory holds today. Sentences are ours."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums
from initiatives.core.enums import Regions, Stade

from .counting import Counts, Portrait
from .measures import MEASURES
from .pictures import Cell, Shown, show


@dataclass(frozen=True)
class Void:
    """Something that the report finds lacking: where it says so, what it says, the numbers of today and their limits.

    `regions`: the measure whose regions without any are named. `proposal`: what the questionnaire is filled with, for
    somebody who knows an initiative of the kind.
    """

    code: str
    title: Promise
    section: str
    said: Promise
    measures: tuple[str, ...]
    limits: Promise
    regions: str = ""
    proposal: dict[str, list] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """A void with its numbers: all, and in application where that is not said already; and the regions that were asked
    and have none.
    """

    void: Void
    rows: list[tuple[Shown, Shown | None]]
    without: list[tuple[str, str]]


VOIDS = (
    Void(
        "enfants",
        _("Les enfants"),
        "3.1",
        _("Selon plusieurs organismes, presque rien n'est destiné aux enfants."),
        ("moins-de-12-imprime", "enfants-seulement"),
        _("Rare, pas absent. Trois de ces fiches vont jusqu'à 17 ou 18 ans ou sont un guide."),
        "moins-de-12-imprime",
        proposal={"public": ["jeunes"], "age_max": ["11"]},
    ),
    Void(
        "garcons",
        _("Les garçons"),
        "3.1, 4",
        _("Les services restent à adapter aux garçons, et trop peu de gens sont formés pour eux."),
        ("garcons-seulement", "filles-seulement"),
        _("C'est vrai de ce qui est fait pour eux seuls; beaucoup d'autres les acceptent avec les filles."),
        "garcons-seulement",
        proposal={"public": ["jeunes"], "sexe": ["masculin"]},
    ),
    Void(
        "autochtones",
        _("Les jeunes autochtones"),
        "3.1, 4",
        _("Presque rien n'est destiné à ces jeunes, et trop peu de gens sont formés pour eux."),
        ("autochtones",),
        _(
            "Deux ateliers, d'après le texte. Des milieux autochtones approchés n'ont pas répondu, ou n'avaient rien à "
            "recenser."
        ),
        proposal={"public": ["jeunes"], "autre_clientele_mention": [enums.Theme.AUTOCHTONES.label]},
    ),
    Void(
        "lgbtq",
        _("Les jeunes LGBTQ+, trans"),
        "3.1, 4",
        _("Presque rien n'est destiné aux jeunes trans; trop peu de gens sont formés pour les personnes LGBTQ."),
        ("lgbtq",),
        _("Aucune fiche ne dit les servir; certaines nomment un partenaire qui le fait."),
        proposal={"public": ["jeunes"], "autre_clientele_mention": [enums.Theme.LGBTQ.label]},
    ),
    Void(
        "deficience",
        _("La déficience intellectuelle"),
        "3.1",
        _("Presque rien n'est destiné aux jeunes qui ont une déficience intellectuelle."),
        ("deficience-intellectuelle",),
        _("Deux fiches le disent; l'une est en suspens, l'autre en développement."),
        proposal={"public": ["jeunes"], "autre_clientele_mention": [enums.Theme.DEFICIENCE.label]},
    ),
    Void(
        "hebergement",
        _("L'hébergement"),
        "3.1, 3.2.2",
        _("L'aide actuelle en couvre très peu, et des organismes en réclament."),
        ("hebergement", "hebergement-mineurs"),
        _(
            "La modalité principale seulement. Une fiche (21) l'offre avec le travail de rue, et le rapport nomme des "
            "ressources d'hébergement qui n'ont pas de fiche."
        ),
        "hebergement",
        proposal={"public": ["jeunes"], "composantes": [enums.Modalite.HEBERGEMENT.label]},
    ),
    Void(
        "services-specialises",
        _("Les services spécialisés"),
        "3.1",
        _("Sexologie, psychothérapie, passage à l'âge adulte et loisirs sont réclamés."),
        ("sexologie", "psychotherapie", "transition", "loisirs"),
        _("D'après le texte des fiches : seulement ce qu'elles disent offrir."),
        proposal={"public": ["jeunes"]},
    ),
    Void(
        "clients-proxenetes",
        _("Les clients et les proxénètes"),
        "3.2.1",
        _("Très peu vise directement la demande : ceux qui achètent, ceux qui recrutent."),
        ("strategie-demande", "clients", "proxenetes-seulement"),
        _("La demande est classée par le rapport ou par notre règle; les clients, par une lecture du texte."),
        proposal={"implications": ["proxenete", "tierce-partie"]},
    ),
    Void(
        "mentorat",
        _("Le mentorat"),
        "3.2.2",
        _("Un seul programme est cité en exemple, pour ses mentors formés."),
        ("mentorat",),
        _("La modalité principale seulement."),
        "mentorat",
        proposal={"public": ["jeunes"], "composantes": [enums.Modalite.MENTORAT.label]},
    ),
    Void(
        "concertation",
        _("La concertation"),
        "3.1, 4",
        _("Chacun travaille de son côté, et les liens tiennent à quelques personnes."),
        ("concertation",),
        _("Une table n'est pas toute la coordination : d'autres services relient les intervenants."),
        "concertation",
        proposal={"composantes": [enums.Type.CONCERTATION.label]},
    ),
    Void(
        "ecoles",
        _("La prévention à l'école"),
        "3.1, 4",
        _("Plusieurs réclament de la prévention dans les écoles."),
        ("en-milieu-scolaire",),
        _("Le rapport dit aussi que beaucoup s'y fait. Deux programmes offerts à l'école sont classés ailleurs."),
        "en-milieu-scolaire",
        proposal={"public": ["jeunes"], "intervenants": ["scolaire"]},
    ),
    Void(
        "grand-public",
        _("Le grand public"),
        "3.1, 4",
        _("Plusieurs réclament des campagnes et des outils pour toute la population."),
        ("grand-public",),
        _("Les fiches qui nomment la population générale parmi leurs clientèles."),
        "grand-public",
        proposal={"autre_clientele_mention": [enums.Clientele.POPULATION.label]},
    ),
    Void(
        "formation",
        _("La formation des intervenants"),
        "4",
        _("Des organismes disent manquer de connaissances et de formations."),
        ("formation-intervenants",),
        _("Une formation provinciale (27) est classée dans la Capitale-Nationale, et sert partout."),
        "formation-intervenants",
        proposal={"composantes": [enums.Type.FORMATION.label]},
    ),
    Void(
        "regions",
        _("Les régions éloignées"),
        "3.1, 4",
        _("Loin des grands centres, des organismes se sentent démunis et ont peu de services."),
        ("orienter",),
        _("Une ou deux organisations y ont été sondées, et un service offert en ligne peut venir d'ailleurs."),
        "orienter",
    ),
    Void(
        "perennite",
        _("La pérennité"),
        "3.1, 3.2.2",
        _("Rien n'assure que ces projets durent : l'argent vient pour peu de temps."),
        ("stade-en-suspens",),
        _("Compatible, non prouvé : ce qui avait cessé n'a pas été sondé."),
    ),
)

BY_CODE = {void.code: void for void in VOIDS}


def held(void: Void, found: Portrait, counts: Counts, report_alone: bool = False) -> Held:
    """A void beside what is counted now. No query."""
    measures = [MEASURES[code] for code in void.measures]
    rows = [
        (
            show(Cell(one), counts, report_alone),
            None if one.stades else show(Cell(one, stade=Stade.EN_APPLICATION.value), counts, report_alone),
        )
        for one in measures
    ]
    without = []
    if void.regions:
        without = [
            (code, str(label))
            for code, label in Regions.choices
            if found.surveyed(code) and not counts.number(void.regions, code)
        ]
    return Held(void, rows, without)
