"""The words to say to whoever answers, made from what is known: who is looked for, where, for what kind of help."""

import re
from functools import lru_cache

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from initiatives.core.enums import Modalite, NatureContact, Regions, Type
from initiatives.models import Initiative, Organisme

from .reaching import Chain

# Grammar asks of each region its own preposition, and « dans la Capitale-Nationale » is said by nobody.
WHERE = {
    Regions.BAS_SAINT_LAURENT: gettext_lazy("dans le Bas-Saint-Laurent"),
    Regions.SAGUENAY: gettext_lazy("au Saguenay-Lac-Saint-Jean"),
    Regions.CAPITALE_NATIONALE: gettext_lazy("dans la région de Québec"),
    Regions.MAURICIE: gettext_lazy("en Mauricie et au Centre-du-Québec"),
    Regions.ESTRIE: gettext_lazy("en Estrie"),
    Regions.MONTREAL: gettext_lazy("à Montréal"),
    Regions.OUTAOUAIS: gettext_lazy("en Outaouais"),
    Regions.ABITIBI: gettext_lazy("en Abitibi-Témiscamingue"),
    Regions.COTE_NORD: gettext_lazy("sur la Côte-Nord"),
    Regions.NORD_DU_QUEBEC: gettext_lazy("dans le Nord-du-Québec"),
    Regions.GASPESIE: gettext_lazy("en Gaspésie"),
    Regions.CHAUDIERE_APPALACHES: gettext_lazy("en Chaudière-Appalaches"),
    Regions.LAVAL: gettext_lazy("à Laval"),
    Regions.LANAUDIERE: gettext_lazy("dans Lanaudière"),
    Regions.LAURENTIDES: gettext_lazy("dans les Laurentides"),
    Regions.MONTEREGIE: gettext_lazy("en Montérégie"),
}
# A kind of help that says nothing (« autre », « sans objet ») is not here.
WHAT = {
    Modalite.ATELIERS: gettext_lazy("pour un atelier"),
    Modalite.TRAVAIL_DE_RUE: gettext_lazy("pour du travail de rue"),
    Modalite.GESTION_DE_CAS: gettext_lazy("pour un suivi"),
    Modalite.SOUTIEN_AUX_PARENTS: gettext_lazy("pour du soutien aux parents"),
    Modalite.ACTIVITE_SOCIALE: gettext_lazy("pour une activité sociale ou récréative"),
    Modalite.HEBERGEMENT: gettext_lazy("pour de l'hébergement"),
    Modalite.PLATEFORME_WEB: gettext_lazy("pour du matériel en ligne"),
    Modalite.MENTORAT: gettext_lazy("pour du mentorat"),
    Modalite.REFERENCEMENT: gettext_lazy("pour une référence vers un service"),
    Modalite.TEMOIGNAGES: gettext_lazy("pour des témoignages de survivantes"),
    Type.OUTIL: gettext_lazy("pour un outil"),
    Type.FORMATION: gettext_lazy("pour une formation"),
    Type.SENSIBILISATION: gettext_lazy("pour un programme de sensibilisation"),
    Type.RECHERCHE: gettext_lazy("pour un projet de recherche"),
    Type.CONCERTATION: gettext_lazy("pour une table de concertation"),
    Type.PREVENTION: gettext_lazy("pour un projet de prévention"),
    Type.INTERVENTION: gettext_lazy("pour un projet d'intervention"),
    Type.PREVENTION_INTERVENTION: gettext_lazy("pour un projet de prévention et d'intervention"),
    Type.SOUTIEN_CONSEILS: gettext_lazy("pour du soutien et des conseils"),
}
SAID_AT_ONCE = 60  # letters
PAUSE = re.compile(r" [(:–-]")
# The first words of names that are said with an article: « joindre le CISSS », and yet « joindre PIPQ ».
ARTICLES = {
    "le ": """
        calacs calas cavac centre cisss ciusss comité cpivas ministère phare programme projet regroupement réseau
        rqcalacs service spal spvl spvm spvq y
    """.split(),
    "la ": "direction fondation maison régie table ywca".split(),
    "l'": "alliance association université uqam".split(),
}


def to_say(subject: Initiative | Organisme, chain: Chain, language: str = "") -> str:
    """« Appelez le 211 et dites : je cherche à joindre PIPQ, à Québec, pour un atelier : « Titre de la fiche ». »
    Whatever is not known, or is in the name already, is left out. `language`: the active one, where it is known. No
    query, the porteurs being known.
    """
    language = language or get_language()
    call = called(chain.entry_points[0].telephone if chain.entry_points else "", language)
    if isinstance(subject, Organisme):
        organisme, kind = subject, ("", "")
    else:
        # A porteur that is only printed is not said: its words may name a person.
        organisme, kind = subject.porteurs[0] if subject.porteurs else None, what(subject, language)
    title = short_title(subject)
    name = organisme.nom_bref if organisme else title
    said, folded = reached(name, organisme is not None, language)
    if place := where(subject, organisme, chain, folded, language):
        said = f"{said}, {place}"
    # « la Table de concertation de Lanaudière, pour une table de concertation »
    words, told = kind
    if words and told not in folded:
        said = f"{said}, {words}"
    if title and title.casefold() not in folded:
        titled, quoted = forms(language)
        said = titled % {"dit": said, "titre": title if "«" in title else quoted % {"titre": title}}
    return f"{call} {said}."


# What is the same for many is made once, in each language; it says nothing but what it is given.
@lru_cache(maxsize=4)
def forms(_language: str) -> tuple[str, str]:
    return _("%(dit)s : %(titre)s"), _("« %(titre)s »")


@lru_cache(maxsize=256)
def called(telephone: str, _language: str) -> str:
    return _("Appelez le %(numero)s et dites :") % {"numero": telephone} if telephone else _("Dites :")


@lru_cache(maxsize=4096)
def reached(name: str, of_organisme: bool, _language: str) -> tuple[str, str]:
    """« je cherche à joindre la Maison d'Haïti », or an initiative by its title; and the name case-folded."""
    who = with_article(name) if of_organisme else _("l'initiative « %(titre)s »") % {"titre": name}
    return _("je cherche à joindre %(qui)s") % {"qui": who}, name.casefold()


def short_title(subject: Initiative | Organisme) -> str:
    """The title of a fiche as somebody says it on the phone: a long one without what follows its first pause; nothing
    for an organisation.
    """
    title = getattr(subject, "titre", "")
    return title if len(title) <= SAID_AT_ONCE else PAUSE.split(title)[0]


def with_article(name: str) -> str:
    first = re.split(r"[\s-]", name.casefold())[0]
    article = next((article for article, words in ARTICLES.items() if first in words), "")
    return f"{'the ' if article and get_language() == 'en' else article}{name}"


def where(subject: Initiative | Organisme, organisme: Organisme | None, chain: Chain, name: str, language: str) -> str:
    """« à Québec » where a town is among the public contacts of either, else « en Outaouais »; nothing that the name
    says, nor for an organisation of the whole of Québec. `name`: case-folded.
    """
    near = [row for holder in chain.holders if holder.organisme in (None, organisme) for row in holder.contacts]
    if town := next((row.valeur for row in near if row.nature == NatureContact.MUNICIPALITE), "") if near else "":
        return "" if town.casefold() in name else in_town(town)
    place, said = of_region(subject.region_id, language)
    return "" if place in name else said


@lru_cache(maxsize=64)
def of_region(code: str | None, _language: str) -> tuple[str, str]:
    """A region's name, case-folded, and « en Outaouais »; nothing twice without one."""
    return (str(Regions(code).label).casefold(), str(WHERE[code])) if code else ("", "")


def in_town(town: str) -> str:
    """« à Québec », « au Bic », « aux Escoumins »."""
    if get_language() == "en":
        return f"in {town}"
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if town.startswith(article):
            return contracted + town.removeprefix(article)
    return f"à {town}"


def what(initiative: Initiative, language: str) -> tuple[str, str]:
    """The kind of help, or the only type, and what of it a name may say already; nothing where there are several."""
    types, kind = initiative.types, in_words(initiative.modalite, language)
    return in_words(types[0], language) if len(types) == 1 and not kind[0] else kind


@lru_cache(maxsize=128)
def in_words(code: str, _language: str) -> tuple[str, str]:
    words = str(WHAT.get(code, ""))
    return words, words.split(" ", 2)[-1].casefold()
