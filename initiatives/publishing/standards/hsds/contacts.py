"""The public contacts of a record, where HSDS puts each kind."""

from collections.abc import Iterable

from initiatives.core.enums import NatureContact
from initiatives.models import Contact

from ..identifiers import identifier
from .attributes import said


def reached(entity: str, link: str, contacts: Iterable[Contact]) -> dict:
    """The fields by which a service or an organization is reached; those that would be empty are left out.

    A municipality is no place that one can go to: it stays in words."""
    by_kind: dict[str, list[Contact]] = {}
    for contact in contacts:
        by_kind.setdefault(contact.nature, []).append(contact)
    owner = {f"{entity}_id": link}
    mails, sites = by_kind.get(NatureContact.COURRIEL, []), by_kind.get(NatureContact.SITE_WEB, [])
    sites = [contact for contact in sites if contact.href]
    found = {
        "email": mails[0].valeur if mails else "",
        "phones": [phone(link, contact) | owner for contact in by_kind.get(NatureContact.TELEPHONE, [])],
        "contacts": [mail(link, row) | owner for rank, row in enumerate(mails) if rank or row.precision],
        "attributes": [
            said(entity, link, row.nature, row.get_nature_display(), words(row), rank)
            for rank, row in enumerate(by_kind.get(NatureContact.MUNICIPALITE, []))
        ],
    }
    places = [place(link, contact) for contact in by_kind.get(NatureContact.ADRESSE, [])]
    if entity == "organization":
        found["website"] = sites[0].valeur if sites else ""
        found["additional_websites"] = [site(link, contact) | owner for contact in sites[1:]]
        found["locations"] = [one | owner for one in places]
    else:
        found["additional_urls"] = [site(link, contact) | owner for contact in sites]
        found["service_at_locations"] = [at(link, one) for one in places]
    return {name: value for name, value in found.items() if value}


def key(link: str, contact: Contact) -> tuple[str, str, str]:
    return link, contact.nature, contact.valeur


def words(contact: Contact) -> str:
    return f"{contact.valeur} ({contact.precision})" if contact.precision else contact.valeur


def phone(link: str, contact: Contact) -> dict:
    found = {"id": identifier("phone", *key(link, contact)), "number": contact.valeur}
    return found | ({"description": contact.precision} if contact.precision else {})


def mail(link: str, contact: Contact) -> dict:
    found = {"id": identifier("contact", *key(link, contact)), "email": contact.valeur}
    return found | ({"title": contact.precision} if contact.precision else {})


def site(link: str, contact: Contact) -> dict:
    found = {"id": identifier("url", *key(link, contact)), "url": contact.valeur}
    return found | ({"label": contact.precision} if contact.precision else {})


def place(link: str, contact: Contact) -> dict:
    """An address as it is written: its street and its city are not told apart here, nor made up."""
    return {
        "id": identifier("location", *key(link, contact)),
        "location_type": "physical",
        "name": words(contact),
    }


def at(link: str, location: dict) -> dict:
    return {
        "id": identifier("service_at_location", link, location["id"]),
        "service_id": link,
        "location_id": location["id"],
        "location": location,
    }
