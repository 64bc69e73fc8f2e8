"""Every number of the portrait, declared once, as parameters of the list: what it counts is what that list holds.

Page, pictures, JSON, CSV and tests read it here.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from initiatives.core import enums

from ..filters import Facet, InitiativeFilter

Pairs = tuple[tuple[str, str], ...]

PRACTITIONERS = (
    *(enums.Clientele.SANTE, enums.Clientele.POLICE, enums.Clientele.JUSTICE),
    *(enums.Clientele.SCOLAIRE, enums.Clientele.COMMUNAUTAIRE),
)
# The kinds of help to which a person can be sent.
DIRECT = (
    *(enums.Modalite.GESTION_DE_CAS, enums.Modalite.TRAVAIL_DE_RUE, enums.Modalite.SOUTIEN_AUX_PARENTS),
    *(enums.Modalite.HEBERGEMENT, enums.Modalite.MENTORAT, enums.Modalite.REFERENCEMENT, enums.Modalite.TEMOIGNAGES),
)
ACTIONS = [enums.Type.PREVENTION, enums.Type.INTERVENTION, enums.Type.PREVENTION_INTERVENTION]


@dataclass(frozen=True)
class Measure:
    """A number: its code (a public contract, in JSON and CSV), its name, and the parameters of the list that holds it.

    `rule` says in words what is counted, `limits` what it may not be made to say.
    """

    code: str
    label: Promise
    parameters: Pairs = ()
    rule: Promise | str = ""
    limits: Promise | str = ""
    short: Promise | str = ""  # its name where there is no room

    @property
    def told(self) -> Promise | str:
        """Its rule, in words; that of its parameters where it has none of its own."""
        return self.rule or BY_ITS_LIST

    @property
    def stades(self) -> list[str]:
        """Those that it is of, where its parameters say."""
        return [value for name, value in self.parameters if name == "stade"]

    def condition(self) -> Q:
        """What a fiche must satisfy: the conditions of the list itself. No query: no parameter names a row. Raises
        ValueError where the list would refuse them.
        """
        asked = QueryDict(mutable=True)
        for name, value in self.parameters:
            asked.appendlist(name, value)
        filterset = InitiativeFilter(asked)
        if errors := filterset.errors_found():
            raise ValueError(f"{self.code}: {errors}")
        found = Q(*filterset.conditions().values())
        for name in asked:
            item = filterset.filters[name]
            if not isinstance(item, Facet):
                found &= item.condition(filterset.form.cleaned_data[name])
        return found


def of(name: str, *values: str) -> Pairs:
    return tuple((name, str(value)) for value in values)


def each(name: str, enum, codes=None) -> list[Measure]:
    """A measure for each value of a closed list, named as the list names it."""
    return [Measure(f"{name}-{code}", enum(code).label, of(name, code)) for code in codes or enum.values]


BY_ITS_LIST = _("Toutes les fiches de la liste que demandent ses paramètres.")
BY_MAIN = _("La modalité principale de la fiche. Elle n'en a qu'une : ce qu'elle offre aussi n'est pas compté ici.")
BY_AGE = _("Accepte quelqu'un de cet âge; « Tous les âges » compris.")
BY_WORDS = _("Lecture du texte des fiches : seulement celles dont les mots disent que ces personnes sont servies.")

WHOLE = [
    Measure("toutes", _("Toutes les initiatives")),
    *each("stade", enums.Stade),
]
NEEDS = [
    Measure("hebergement", _("Hébergement"), of("modalite", "hebergement"), BY_MAIN),
    Measure("suivi", _("Suivi"), of("modalite", "gestion-de-cas"), BY_MAIN),
    Measure("soutien-aux-parents", _("Soutien aux parents"), of("modalite", "soutien-aux-parents"), BY_MAIN),
    Measure("travail-de-rue", _("Travail de rue"), of("modalite", "travail-de-rue"), BY_MAIN),
    Measure("ateliers", _("Ateliers"), of("modalite", "ateliers"), BY_MAIN),
    Measure(
        "formation-intervenants",
        _("Formation d'intervenants"),
        of("type", "formation") + of("clientele", *PRACTITIONERS),
        _("Le genre « Formation », et au moins un milieu d'intervention parmi les clientèles."),
        _("Deux formations destinées à l'industrie du tourisme ne nomment aucune clientèle : elles n'y sont pas."),
        short=_("Formation"),
    ),
    Measure("mentorat", _("Mentorat"), of("modalite", "mentorat"), BY_MAIN),
    Measure(
        "concertation",
        _("Concertation"),
        of("type", "concertation"),
        _("Le genre « Table de concertation »."),
        _("Une table n'est pas toute la coordination : un service qui relie les intervenants est classé ailleurs."),
    ),
]
PUBLICS = [
    Measure(
        "garcons-seulement",
        _("Garçons seulement"),
        of("pour-qui", "garcons-seulement"),
        _("Le sexe accepté est « Masculin », et lui seul."),
        _("Beaucoup d'autres acceptent aussi les garçons : « Tous les sexes »."),
    ),
    Measure("filles-seulement", _("Filles seulement"), of("pour-qui", "filles-seulement")),
    Measure(
        "moins-de-12-imprime",
        _("Moins de 12 ans, âge imprimé"),
        of("pour-qui", "moins-de-12-imprime"),
        _("Un âge de moins de 12 ans est imprimé sur la fiche."),
        _("Le filtre « Moins de 12 ans » de la liste en donne plus : il compte aussi « Tous les âges »."),
    ),
    Measure("tous-les-ages", _("Tous les âges"), of("pour-qui", "tous-les-ages"), _("« Tous les âges » est imprimé.")),
    Measure("12-17", _("12 à 17 ans"), of("age", "12-17"), BY_AGE),
    Measure("18-25", _("18 à 25 ans"), of("age", "18-25"), BY_AGE),
    Measure("proxenetes", _("Proxénètes, entre autres"), of("implication", "proxenete")),
    Measure("proxenetes-seulement", _("Proxénètes seulement"), of("pour-qui", "proxenetes-seulement")),
    Measure("parents", _("Parents"), of("clientele", "parents")),
    Measure(
        "intervenants",
        _("Intervenants"),
        of("clientele", *PRACTITIONERS),
        _("Santé et services sociaux, police, justice, école ou réseau communautaire parmi les clientèles."),
    ),
]
READINGS = [
    Measure(theme.value, theme.label, of("mention", theme), BY_WORDS)
    for theme in (
        *(enums.Theme.LGBTQ, enums.Theme.DEFICIENCE, enums.Theme.AUTOCHTONES, enums.Theme.CULTURES),
        *(enums.Theme.CLIENTS, enums.Theme.SEXOLOGIE, enums.Theme.PSYCHOTHERAPIE, enums.Theme.TRANSITION),
        enums.Theme.LOISIRS,
    )
]
OTHERS = [
    Measure(
        "hebergement-mineurs",
        _("Hébergement qui accepte des mineurs"),
        of("modalite", "hebergement") + of("age", "12-17"),
    ),
    Measure("jeunes", _("Jeunes"), of("clientele", "jeunes"), _("La case « Jeunes » est cochée.")),
    Measure("grand-public", _("Population générale"), of("clientele", "population-generale")),
    Measure(
        "en-milieu-scolaire", _("En milieu scolaire"), of("lieu", "scolaire"), _("Le lieu est « En milieu scolaire ».")
    ),
    Measure(
        "victimes-seulement",
        _("Jeunes, victimes seulement"),
        of("pour-qui", "victimes-seulement") + of("clientele", "jeunes"),
        _("La case « Jeunes » est cochée, et « Victime » est la seule implication."),
        _("Le filtre « Victimes seulement » ne demande pas cette case : seul, il peut en donner plus."),
    ),
    Measure(
        "orienter",
        _("Où adresser quelqu'un"),
        of("stade", "en-application") + of("modalite", *DIRECT),
        _(
            "En application, et dont la modalité principale est directe : suivi, travail de rue, soutien aux parents, "
            "hébergement, mentorat, référencement ou témoignages."
        ),
        _("Sans les ateliers, ni ce qui sert d'outil ou de formation aux intervenants."),
    ),
    Measure(
        "proxenetisme-garcons",
        _("Garçons seulement, proxénètes visés, hors développement"),
        of("pour-qui", "garcons-seulement")
        + of("implication", "proxenete")
        + of("stade", "en-application", "en-suspens"),
        _("Garçons seulement, « Proxénète » parmi les implications, pas « En développement »."),
    ),
    Measure(
        "action-sans-clientele",
        _("Prévention ou intervention sans clientèle inscrite"),
        of("pour-qui", "personne-nommee") + of("type", *ACTIONS),
        _("Un genre de prévention ou d'intervention, et aucune clientèle inscrite."),
    ),
    Measure(
        "formation-sans-clientele",
        _("Formation sans clientèle inscrite"),
        of("pour-qui", "personne-nommee") + of("type", "formation"),
        _("Le genre « Formation », et aucune clientèle inscrite."),
    ),
    Measure(
        "mineurs-victimes-seulement",
        _("Jeunes seule clientèle, victimes seules, mineurs acceptés"),
        of("pour-qui", "mineurs-victimes-seulement"),
        _("Jeunes et nulle autre clientèle, victimes et nulle autre implication, des mineurs acceptés."),
    ),
    Measure(
        "12-25-imprime",
        _("« 12 à 25 ans » imprimé"),
        of("pour-qui", "12-25-imprime"),
        _("L'âge minimal est 12 ans et l'âge maximal, 25."),
    ),
    Measure(
        "dans-12-25",
        _("Tranche d'âge comprise entre 12 et 25 ans"),
        of("pour-qui", "dans-12-25"),
        _("Un âge minimal d'au moins 12 ans et un âge maximal d'au plus 25."),
    ),
    Measure(
        "enfants-seulement",
        _("Enfants seulement"),
        of("pour-qui", "enfants-seulement"),
        _("Personne de plus de 12 ans."),
    ),
]
STRATEGIES = [
    *(
        Measure(f"principale-{one}", one.label, of("strategie-principale", one), _("Une seule stratégie par fiche."))
        for one in enums.Strategie
    ),
    *(
        Measure(f"strategie-{one}", one.label, of("strategie", one), _("Une fiche peut en servir plusieurs."))
        for one in enums.Strategie
    ),
]
BY_REPORT = _("Le rapport la nomme là, sûrement ou probablement, et elle agit directement. Ce sont des exemples.")
HEADINGS = [Measure(f"rubrique-{one}", one.label, of("rubrique", one), BY_REPORT) for one in enums.SousRubrique]


def years() -> list[Measure]:
    """When they began, five years at a time; what began before the first and what gives no year are told too."""
    bands = [(first, first + 4) for first in range(1980, 2020, 5)]
    found = [Measure("annees-avant-1980", _("avant 1980"), of("annee_max", 1979), short="<1980")]
    for first, last in bands:
        name = f"{first}\N{EN DASH}{last}"
        asked = of("annee_min", first) + of("annee_max", last)
        found.append(Measure(f"annees-{first}", name, asked, short=str(first)))
    return [
        *found,
        Measure(
            "annees-2020",
            _("2020 et après"),
            of("annee_min", 2020),
            limits=_("La recension s'est terminée en janvier 2021 : cette période y est incomplète."),
            short="2020+",
        ),
        Measure(
            "annee-inconnue",
            _("inconnue ou à venir"),
            of("annee", "inconnue"),
            _("Aucune année n'est imprimée, ou « À venir »."),
            short="?",
        ),
    ]


YEARS = years()
MEASURES: dict[str, Measure] = {
    measure.code: measure
    for group in (WHOLE, NEEDS, PUBLICS, READINGS, OTHERS, STRATEGIES, HEADINGS, YEARS)
    for measure in group
}


def table() -> str:
    """The measures as docs/portrait.md prints them, in French."""
    with override("fr-ca"):
        lines = ["| Mesure | Ce qu'elle compte | Paramètres de la liste | Règle | Limites |", "|---|---|---|---|---|"]
        for one in MEASURES.values():
            asked = f"`{urlencode(one.parameters)}`" if one.parameters else "tout"
            lines.append(f"| `{one.code}` | {one.label} | {asked} | {one.told} | {one.limits} |")
    return "\n".join(lines) + "\n"
