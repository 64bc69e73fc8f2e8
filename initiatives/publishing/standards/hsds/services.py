"""Fiches as HSDS's services."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from initiatives.core.addresses import absolute
from initiatives.core.enums import Regions, Sexe, Stade
from initiatives.publishing.dataset import source_in_words
from initiatives.publishing.rows import Fiche
from initiatives.publishing.words import colon, label

from ..identifiers import identifier
from . import attributes, contacts, places
from .organisations import id_of
from .taxonomies import Vocabulary, taxonomies

Moments = dict[int, datetime]  # when the public record of a fiche last changed, by number
STATUS = {
    Stade.EN_APPLICATION: "active",
    Stade.EN_DEVELOPPEMENT: "inactive",
    Stade.EN_SUSPENS: "temporarily closed",
}
RESTRICTED = (Sexe.FEMININ, Sexe.MASCULIN, Sexe.AUTRE)
NOTHING_SAID = {"ne s'applique pas", "non spécifié", "non spécifiée", "non applicable"}


def id_of_fiche(numero: int) -> str:
    return identifier("service", numero)


def printed(words: str) -> str:
    """Words as printed, or nothing where they say that nothing is said."""
    return "" if words.strip(" .").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold() in NOTHING_SAID else words


def moment(value) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds")


def last_modified(fiche: Fiche, changed: Moments) -> str:
    """When what it says last changed for whoever keeps a copy: it was modified, or published, or something that it
    shares with others was (a contact of its porteur)."""
    moments = [value for value in (fiche.modifiee_le, fiche.publiee_le, changed.get(fiche.numero)) if value]
    return moment(max(moments)) if moments else ""


def eligibility(fiche: Fiche) -> str:
    sexe = label(Sexe, fiche.sexe, get_language()) if fiche.sexe in RESTRICTED else ""
    said = [printed(fiche.age_mention), printed(fiche.autre_clientele_mention), sexe]
    return "; ".join(words for words in said if words)


def minimal(fiche: Fiche, changed: Moments) -> dict:
    """What is enough to know what changed. HSDS calls it `modified_date` there, and `last_modified` in its schema."""
    found = {"id": id_of_fiche(fiche.numero), "name": fiche.titre, "status": STATUS[Stade(fiche.stade)]}
    when = last_modified(fiche, changed)
    return found | ({"last_modified": when, "modified_date": when} if when else {})


def listed(fiche: Fiche, address: Callable[[str], str], changed: Moments) -> dict:
    """A service in its own fields; what nothing is said of is left out."""
    own = [holder for holder in fiche.holders if holder.role == "initiative"]
    found = {
        "id": id_of_fiche(fiche.numero),
        "name": fiche.titre,
        "status": STATUS[Stade(fiche.stade)],
        "url": address(fiche.slug),
        "description": fiche.description,
        "email": contacts.reached("service", "", own[0].contacts).get("email") if own else "",
        "eligibility_description": eligibility(fiche),
        "minimum_age": fiche.age_min,
        "maximum_age": fiche.age_max,
        "assured_date": fiche.verifiee_le.isoformat() if fiche.verifiee_le else "",
        "last_modified": last_modified(fiche, changed),
        "organization_id": id_of(fiche.porteurs[0].slug) if fiche.porteurs else "",
        "program_id": identifier("program", fiche.famille) if fiche.famille else "",
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def full(
    fiche: Fiche,
    address: Callable[[str], str],
    changed: Moments,
    organisations: dict[str, dict],
    vocabulary: Vocabulary,
) -> dict:
    """A service with all that is linked to it. `organisations`: who carries it, by slug (`organisations.basic`)."""
    found = listed(fiche, address, changed)
    link = found["id"]
    own = [holder for holder in fiche.holders if holder.role == "initiative"]
    ways = contacts.reached("service", link, own[0].contacts) if own else {}
    if fiche.porteurs and fiche.porteurs[0].slug in organisations:
        found["organization"] = organisations[fiche.porteurs[0].slug]
    if fiche.famille:
        found["program"] = program(fiche)
    if fiche.financement_source:
        funding = {"id": identifier("funding", fiche.numero), "service_id": link, "source": fiche.financement_source}
        found["funding"] = [funding]
    if printed(fiche.frequence):
        schedule = {"id": identifier("schedule", fiche.numero), "service_id": link, "description": fiche.frequence}
        found["schedules"] = [schedule]
    said = [*all_attributes(fiche, link, vocabulary), *ways.pop("attributes", [])]
    return found | ways | {"service_areas": [area(fiche, link)], "attributes": said}


def area(fiche: Fiche, link: str) -> dict:
    return {
        "id": identifier("service_area", fiche.numero, fiche.region_id),
        "service_id": link,
        "name": Regions(fiche.region_id).label,
        "uri": absolute(reverse("region", args=[fiche.region_id])),
    }


def program(fiche: Fiche) -> dict:
    """HSDS wants a description, and the source has none."""
    return {
        "id": identifier("program", fiche.famille),
        "name": fiche.famille,
        "description": gettext("Programme dont des initiatives du répertoire sont des déclinaisons."),
    }


def all_attributes(fiche: Fiche, link: str, vocabulary: Vocabulary) -> list[dict]:
    """The codes of every taxonomy, then what is said in words, in the order of the columns."""
    coded, said = [], []
    for column, place in places.placed():
        value = column.value(fiche)
        if place.taxonomy:
            codes = value if isinstance(value, list) else [value] if value else []
            made = attributes.of_terms(
                "service", link, place.link_type, taxonomies()[place.taxonomy], codes, vocabulary
            )
            coded += who_says(made, fiche) if column.name == "strategies" else made
        if place.said:
            said += in_words(fiche, link, column, value)
        if column.name == "porteurs":
            said += [co_provider(link, rank, row) for rank, row in enumerate(value[1:])]
    return coded + said


def who_says(made: list[dict], fiche: Fiche) -> list[dict]:
    """Who says of each strategy that the fiche is of it."""
    who = dict(zip(fiche.strategies, fiche.provenances, strict=True))
    return [one | {"value": who[one["taxonomy_term"]["code"]]} for one in made]


def co_provider(link: str, rank: int, row: dict) -> dict:
    return attributes.said("service", link, "co_provider", row["nom"], id_of(row["slug"]), rank)


def in_words(fiche: Fiche, link: str, column, value) -> list[dict]:
    """A column as attributes in words: one, or one for each element of a list; none where it is empty."""
    name = places.label(column)
    if column.name == "source":
        return source(fiche, link, value, name)
    if isinstance(value, list):
        lines = [line(one) for one in value]
        return [attributes.said("service", link, column.name, name, words, rank) for rank, words in enumerate(lines)]
    if value is None or value == "":
        return []
    words = str(value).lower() if isinstance(value, bool) else str(value)
    return [attributes.said("service", link, column.name, name, words)]


def line(value) -> str:
    """An element of a list in words."""
    if not isinstance(value, dict):
        return value
    if "avant" in value:
        return f"{value['champ']}{colon()}« {value['avant']} » → « {value['apres']} ». {value['motif']}"
    return ". ".join(words for words in (f"{value['nom']}{colon()}{value['telephone']}", value["note"]) if words)


def source(fiche: Fiche, link: str, value: dict | None, name: str) -> list[dict]:
    """Whom to cite, and when the facts were gathered."""
    if value is None:
        return []
    dates = [
        ("collecte_debut", gettext("Début de la collecte des faits")),
        ("collecte_fin", gettext("Fin de la collecte des faits")),
    ]
    found = [attributes.said("service", link, "source", name, source_in_words(fiche))]
    return found + [attributes.said("service", link, key, said, value[key]) for key, said in dates if value[key]]
