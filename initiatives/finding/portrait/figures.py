"""The report's own figures, as printed, each with what the directory counts today and why they differ.

Sentences are ours. A figure of `measures` is counted live; one of `fiches` was read in those fiches by us, and says
what they say; the others are quoted, for nothing here can count them.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from initiatives.core.enums import IssueSondage
from initiatives.core.versioned import remembered
from initiatives.models import Initiative

from .counting import Counts, Portrait
from .measures import MEASURES
from .pictures import Cell, Shown, show

OUT_OF_55 = _(
    "Le rapport écrit « des 57 », mais aucun compte sur 57 ne donne ce pourcentage; seul 55 donne les trois "
    "(n = 55 selon notre calcul). Cité tel qu'imprimé."
)


@dataclass(frozen=True)
class Figure:
    """A figure of the report. `printed`: as it prints it; `said`: what it counts, in our words; `of`: the measure that
    a share is taken of; `read`: what the fiches named say, in their words; `why`: what tells both apart.
    """

    code: str
    section: Promise | str
    printed: Promise | str
    said: Promise
    measures: tuple[str, ...] = ()
    of: str = ""
    issue: tuple[int, ...] = ()
    fiches: tuple[int, ...] = ()
    read: Promise | str = ""
    why: Promise | str = ""

    @property
    def kind(self) -> str:
        """Counted here (`compte`), read in a fiche (`lecture`), or quoted alone (`citation`)."""
        if self.measures or self.issue:
            return "compte"
        return "lecture" if self.read else "citation"


@dataclass(frozen=True)
class Today:
    """A figure with what the directory says today: numbers, each with its list, and a share where it is one."""

    figure: Figure
    cells: list[Shown]
    words: str
    total: Shown | None = None
    rule: Promise | str = ""


FIGURES = (
    Figure(
        "organismes-57",
        _("2.2; Annexe A"),
        "57",
        _("Organismes et organisations qui ont participé à la recension."),
        issue=(IssueSondage.SONDE,),
        why=_("Égal. Cinq d'entre eux ne portent aucune fiche; quinze porteurs de fiches n'ont pas été sondés."),
    ),
    Figure(
        "annexe-a-autres",
        _("Annexe A"),
        "—",
        _("Milieux approchés qui n'étaient pas disponibles, qui n'ont pas répondu, ou qui n'avaient rien à recenser."),
        issue=(IssueSondage.NON_DISPONIBLE, IssueSondage.SANS_RETOUR, IssueSondage.RIEN_A_RECENSER),
        why=_("Le rapport les nomme sans les compter."),
    ),
    Figure(
        "initiatives-160",
        "2.2",
        "160",
        _("Initiatives recensées."),
        ("toutes",),
        why=_("L'annexe C en décrit 152 : huit de moins, et le rapport ne dit pas lesquelles."),
    ),
    Figure(
        "collecte",
        "2.3",
        _("mars 2020 à janvier 2021"),
        _("Quand les faits ont été recueillis."),
        read=_("de mars 2020 à janvier 2021"),
        why=_("Égal : chaque fiche du rapport le dit."),
    ),
    Figure(
        "en-application-73,1",
        "3.1",
        _("73,1 %"),
        _("Part des initiatives qui sont en application."),
        ("stade-en-application",),
        of="toutes",
        why=_("La même règle, sur 152 fiches au lieu de 160; 117 sur 160 font exactement 73,1 %."),
    ),
    Figure(
        "financement-72,7",
        "3.1",
        _("72,7 %"),
        _("Part des organismes interrogés qui disent manquer de ressources financières."),
        why=OUT_OF_55,
    ),
    Figure(
        "services-56,4",
        "3.1",
        _("56,4 %"),
        _("Part des organismes qui parlent de services spécialisés à offrir : hébergement, sexologie, psychothérapie…"),
        why=OUT_OF_55,
    ),
    Figure(
        "concertation-61,8",
        "3.1",
        _("61,8 %"),
        _("Part des organismes qui parlent de difficultés de concertation et de partenariat."),
        why=OUT_OF_55,
    ),
    Figure(
        "huit-organismes",
        "3.1",
        "8",
        _("Organismes selon qui les collaborations tiennent à des personnes."),
        why=_("Le rapport ne les nomme pas : rien ici ne peut les compter."),
    ),
    Figure(
        "proxenetisme-2",
        "3.2.1",
        "2",
        _("Initiatives destinées uniquement à qui pourrait s'impliquer dans le proxénétisme."),
        ("proxenetisme-garcons", "proxenetes-seulement"),
        why=_(
            "Égal selon la première règle, trouvée après avoir vu les deux nommées (55 et 105); mais 105 parle aussi "
            "aux victimes, et une seule dit « Proxénète » sans rien d'autre."
        ),
    ),
    Figure(
        "clients-1",
        "3.2.1",
        "1",
        _("Initiative qui s'adresse aux clients."),
        ("action-sans-clientele", "clients"),
        why=_(
            "Égal selon la première règle, trouvée après coup, qui ne retient que la fiche nommée (149). À lire les "
            "textes, la 111 vise aussi les acheteurs; le rapport ne la compte pas."
        ),
    ),
    Figure(
        "atelier-90",
        "3.2.1",
        _("90 minutes"),
        _("Durée d'un atelier pour les garçons."),
        fiches=(105,),
        why=_("La fiche ne donne pas la durée."),
    ),
    Figure(
        "trois-roles",
        "3.2.1",
        "3",
        _("Rôles que cet atelier présente aux garçons."),
        fiches=(105,),
        read=_("victime, proxénète, futur client"),
        why=_("Égal."),
    ),
    Figure(
        "jeunes-114",
        "3.2.2",
        _("114 sur 160"),
        _("Initiatives destinées à des jeunes."),
        ("jeunes",),
        of="toutes",
        why=_(
            "Les huit fiches absentes n'y suffisent pas : 105 et 8 font 113. Au moins une des 152 a donc été comptée "
            "« jeunes » sans que sa case le dise."
        ),
    ),
    Figure(
        "12-25",
        "3.2.2",
        "—",
        _("La tranche de 12 à 25 ans serait bien couverte, dans plusieurs régions."),
        ("12-25-imprime", "dans-12-25"),
        why=_("Le rapport ne chiffre pas. « 12 à 25 ans » est imprimé dans cinq régions."),
    ),
    Figure(
        "victimes-47",
        "3.2.2",
        "47",
        _("Parmi celles qui sont pour les jeunes, celles qui sont faites pour les victimes seulement."),
        ("victimes-seulement", "mineurs-victimes-seulement"),
        why=_(
            "Plus de fiches que le rapport, sur moins de fiches : ce n'est pas la même règle. La seconde donne 47; "
            "trouvée en cherchant, l'égalité peut être un hasard."
        ),
    ),
    Figure(
        "ecoles-15",
        "3.2.2",
        "15",
        _("Projets qui se passent surtout dans des écoles primaires et secondaires."),
        ("en-milieu-scolaire",),
        why=_("Égal. Mais une est au cégep (96) et une forme le personnel (109)."),
    ),
    Figure(
        "pas-11",
        "3.2.2",
        _("11 ateliers"),
        _("Longueur d'un programme pour adolescents."),
        fiches=(59,),
        read=_("pendant 11 semaines"),
        why=_("La fiche compte des semaines."),
    ),
    Figure(
        "pas-2",
        "3.2.2",
        _("2 animateurs"),
        _("Qui anime ce programme."),
        fiches=(59,),
        why=_("La fiche ne le dit pas."),
    ),
    Figure(
        "gtbt-5-17",
        "3.2.2",
        _("5 à 17 ans; 5 jours"),
        _("Âge et durée d'un programme d'ateliers."),
        fiches=(98,),
        read=_("5 à 17 ans, 5 jours"),
        why=_("Égal; mais la fiche dit « garçons » là où le rapport dit « jeunes »."),
    ),
    Figure(
        "selfie-9",
        "3.2.2",
        _("9 rencontres"),
        _("Longueur d'un programme en centre de réadaptation."),
        fiches=(15,),
        read=_("10 semaines"),
        why=_("La fiche dit une fois par semaine pendant dix semaines."),
    ),
    Figure(
        "mia-9",
        "3.2.2",
        _("9 ateliers"),
        _("Longueur d'un autre de ces programmes."),
        fiches=(137,),
        read=_("9 ateliers"),
        why=_("Égal."),
    ),
    Figure(
        "cendrillon-7",
        "3.2.2",
        _("7 étapes"),
        _("Étapes que présente un outil sur l'engagement dans la prostitution."),
        fiches=(58,),
        read=_("7 étapes"),
        why=_("Égal."),
    ),
    Figure(
        "fugueuse-10",
        "3.2.2",
        _("10 activités"),
        _("Activités d'un guide d'accompagnement."),
        fiches=(57,),
        read=_("10 activités"),
        why=_("Égal."),
    ),
    Figure(
        "appartiens-2h",
        "3.2.2",
        _("environ 2 heures"),
        _("Durée de chaque rencontre d'un programme."),
        fiches=(119,),
        read=_("120 minutes au plus"),
        why=_("Égal."),
    ),
    Figure(
        "quete-14-18",
        "3.2.2",
        _("14 à 18 ans"),
        _("Âge de qui suit un programme de prévention."),
        fiches=(118,),
        read=_("14 à 25 ans"),
        why=_("La fiche va jusqu'à 25 ans."),
    ),
    Figure(
        "quete-6",
        "3.2.2",
        _("6 par groupe"),
        _("Taille des groupes de ce programme."),
        fiches=(118,),
        why=_("La fiche ne le dit pas."),
    ),
    Figure(
        "spheres-12-24",
        "3.2.2",
        _("12 à 24 ans"),
        _("Âge de qui est suivi par deux équipes spécialisées."),
        fiches=(54, 113),
        read=_("12 à 24 ans"),
        why=_("Égal pour les deux."),
    ),
    Figure(
        "grand-prix-2019",
        "3.2.3",
        "2019",
        _("Année d'une campagne de sensibilisation."),
        fiches=(67,),
        read="2015",
        why=_("La fiche donne l'année de création, le rapport celle d'une édition."),
    ),
    Figure(
        "expo-9",
        "3.2.3",
        _("9 concepts de 2 photos"),
        _("Contenu d'une exposition."),
        fiches=(150,),
        why=_("La fiche ne le dit pas."),
    ),
    Figure(
        "mobilis-2",
        "3.2.3",
        _("2 conseillères"),
        _("Qui accompagne les intervenants dans un programme de la Montérégie."),
        fiches=(136,),
        read=_("deux conseillères"),
        why=_("Égal."),
    ),
    Figure(
        "tourisme-2",
        "3.2.3",
        "2",
        _("Projets qui forment l'industrie du tourisme."),
        ("formation-sans-clientele",),
        why=_("Égal : les fiches 146 et 148."),
    ),
    Figure(
        "tables",
        "4",
        _("4 nommées"),
        _("Tables de concertation citées en exemple."),
        ("concertation",),
        why=_("Le rapport n'en nomme que quatre; l'annexe en décrit plus."),
    ),
)


def today(figure: Figure, found: Portrait, counts: Counts, report_alone: bool = False) -> Today:
    """A figure beside what is counted now. No query."""
    measures = [MEASURES[code] for code in figure.measures]
    cells = [show(Cell(one), counts, report_alone) for one in measures]
    total = show(Cell(MEASURES[figure.of]), counts, report_alone) if figure.of else None
    words = str(figure.read)
    if figure.issue:
        words = " · ".join(str(found.of_issue(issue)) for issue in figure.issue)
    elif total and cells:
        words = share(cells[0].number, total.number)
    return Today(figure, cells, words, total)


def share(part: int, whole: int) -> str:
    """« 73,7 % », as the language writes it."""
    text = f"{100 * part / whole:.1f}" if whole else "0"
    return f"{text}%" if get_language() == "en" else text.replace(".", ",") + "\N{NO-BREAK SPACE}%"


FICHES = sorted({numero for figure in FIGURES for numero in figure.fiches})


def slugs(version: int | None) -> dict[int, str]:
    """The addresses of the public fiches that figures were read in. One query, once for a version."""
    rows = Initiative.objects.publiees().filter(numero__in=FICHES)
    return remembered("portrait, fiches lues", version, lambda: dict(rows.values_list("numero", "slug")))
