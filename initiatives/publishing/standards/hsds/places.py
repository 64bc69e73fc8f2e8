"""Where each public column goes in HSDS, said once: services, taxonomies and the page of the profile derive from it."""

import re
from dataclasses import dataclass
from functools import cache

from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from initiatives.models import Initiative
from initiatives.publishing.dataset import COLUMNS, Column


@dataclass(frozen=True)
class Place:
    """Where a column goes. Any of: `where`, HSDS's own name for it; `taxonomy`, the list whose terms its codes are,
    each an attribute of type `link_type`; `said`, an attribute {label, value} whose type is the column's name, one
    for each line. `field`: of the model, where it has another name; `note`: what changes on the way.
    """

    where: str = ""
    taxonomy: str = ""
    link_type: str = ""
    said: bool = False
    field: str = ""
    note: Promise | str = ""


SAID = Place(said=True)
PLACES = {
    "numero": Place("service.id", said=True, note=_("L'identifiant en est tiré, et ne change jamais.")),
    "slug": Place("service.url", note=_("La fin de l'adresse.")),
    "url": Place("service.url"),
    "titre": Place("service.name"),
    "porteurs": Place(
        "service.organization_id, service.organization",
        note=_("Le premier; les autres sont des attributs de type co_provider. Absent si la source ne nomme personne."),
    ),
    "porteur_mention": SAID,
    "region": Place("service.service_areas[]", "region", "service_area", note=_("Sans polygone.")),
    "annee": SAID,
    "annee_mention": SAID,
    "stade": Place(
        "service.status",
        "stade",
        "development_stage",
        note=_("active, inactive (en développement) ou temporarily closed (en suspens); le code exact est le terme."),
    ),
    "stade_mention": SAID,
    "types": Place(taxonomy="type", link_type="service_type"),
    "types_connus": SAID,
    "cible": Place(taxonomy="cible", link_type="focus"),
    "cible_mention": SAID,
    "clienteles": Place(taxonomy="clientele", link_type="audience"),
    "autre_clientele_mention": Place("service.eligibility_description", said=True),
    "age_min": Place("service.minimum_age"),
    "age_max": Place("service.maximum_age"),
    "age_mention": Place(
        "service.eligibility_description", said=True, note=_("« Ne s'applique pas » n'y est pas répété.")
    ),
    "sexe": Place(
        "service.eligibility_description", "sexe", "eligibility", note=_("En mots seulement s'il restreint l'accès.")
    ),
    "implications": Place(taxonomy="implication", link_type="eligibility"),
    "description": Place("service.description"),
    "lieu": Place(taxonomy="lieu", link_type="delivery_setting"),
    "frequence": Place("service.schedules[].description", note=_("« Non spécifié » n'y est pas répété.")),
    "objectifs": SAID,
    "modalite": Place(taxonomy="modalite", link_type="delivery_method"),
    "partenaires": SAID,
    "partenaires_tronques": SAID,
    "langue": Place(
        said=True, note=_("La langue de la fiche, et non celle du service : service.languages reste vide.")
    ),
    "source": Place(said=True, note=_("La citation; puis collecte_debut et collecte_fin, quand les faits datent.")),
    "contacts": Place(
        "phones[], email, additional_urls[], contacts[], service_at_locations[]",
        note=_("Ceux de l'initiative sur le service, ceux d'un organisme sur l'organisme. Aucun lieu n'est inventé."),
    ),
    "points_entree": Place(said=True, note=_("Ils servent toute la région : ce ne sont pas des contacts du service.")),
    "a_dire": SAID,
    "strategies": Place(taxonomy="strategie", link_type="strategy"),
    "strategie_principale": Place(said=True, field="strategie"),
    "strategies_provenance": Place("attribute.value", note=_("Sur l'attribut de chaque stratégie.")),
    "pour_qui": Place(taxonomy="pour-qui", link_type="eligibility"),
    "mentions": Place(taxonomy="mention", link_type="mention"),
    "tous_ages": Place(said=True, note=_("Alors ni minimum_age ni maximum_age.")),
    "besoins": Place(taxonomy="besoin", link_type="need"),
    "famille": Place("service.program, service.program_id"),
    "langue_objectifs": SAID,
    "financement": Place(taxonomy="financement", link_type="funding_status"),
    "financement_source": Place("service.funding[].source"),
    "niveaux_risque": Place(taxonomy="niveau-risque", link_type="eligibility"),
    "composantes": SAID,
    "pour_en_savoir_plus": SAID,
    "corrections": SAID,
    "licence": Place(said=True, note=_("service.licenses parle des permis d'exercice : il reste vide.")),
    "modifiee_le": Place("service.last_modified", note=_("La publication, pour une fiche qui n'a pas changé depuis.")),
    "publiee_le": SAID,
    "verifiee_le": Place("service.assured_date", note=_("assurer_email reste vide : personne n'est nommé.")),
    "a_verifier_le": SAID,
    "rubriques": Place(taxonomy="rubrique", link_type="report_heading"),
}
# The same for an organisation, whose columns are here alone.
OF_ORGANISATIONS = {
    "slug": Place("organization.id", note=_("L'identifiant en est tiré, et ne change jamais.")),
    "nom": Place("organization.name"),
    "sigle": Place("organization.alternate_name", note=_("À défaut, le nom court.")),
    "categorie": Place(
        "organization.description",
        "categorie",
        "organization_type",
        note=_("La description est exigée, et la source n'en donne pas : elle dit la catégorie et la région."),
    ),
    "region": Place("organization.description", "region", "service_area"),
    "fait_partie_de": Place("organization.parent_organization_id"),
    "url": Place("organization.uri"),
    "contacts": Place("phones[], email, website, additional_websites[], contacts[], locations[]"),
    "initiatives": Place("organization.services[]"),
}


def placed() -> list[tuple[Column, Place]]:
    """Every public column with its place, in the order of the contract. A column without one is a KeyError."""
    return [(column, PLACES[column.name]) for column in COLUMNS]


def label(column: Column) -> str:
    """What a column is called, in the active language."""
    return named(column.name, get_language())


@cache
def named(name: str, _language: str) -> str:
    try:
        field = Initiative._meta.get_field(PLACES[name].field or name)
    except FieldDoesNotExist:
        field = None
    called = getattr(field, "verbose_name", "")  # what is linked to a fiche has none
    return capfirst(str(called)) if called else said_by_its_help(name)


def said_by_its_help(name: str) -> str:
    """The first part of what a column says of itself."""
    said = next(str(column.help) for column in COLUMNS if column.name == name)
    return re.split(r"[.;:,]", said)[0].strip()
