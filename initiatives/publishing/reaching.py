"""How a fiche or an organisation is reached: the chain, nearest first, as plain data. Nothing is invented, no query."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from initiatives.models import Contact, Initiative, Organisme, PointEntree


@dataclass(frozen=True)
class Holder:
    """Somebody who can be reached, and the public ways to do it, in order.

    `role`: `initiative` (the fiche itself, and `organisme` is None), `porteur`, or `parent` of the organisation `part`.
    """

    role: str
    contacts: list[Contact]
    organisme: Organisme | None = None
    part: Organisme | None = None


class Kept(list):
    """A list that several fiches have, which is not changed any more, and what was already made of it."""

    def __init__(self, rows=()):
        super().__init__(rows)
        self.made = {}

    def told(self, make: Callable[[list], object], language: str):
        """What `make` gives of it, made once in each language."""
        key = make, language
        if key not in self.made:
            self.made[key] = make(self)
        return self.made[key]


class Chain(NamedTuple):
    """Who can be reached, then whom to call in the region to be put in touch. Either may be empty."""

    holders: list[Holder]
    entry_points: list[PointEntree]


def chain(subject: Initiative | Organisme) -> Chain:
    """Its own public contacts, those of its porteurs, those of the organisations that these are part of, each once.

    For what was fetched with `joignables()`, or a fiche with `entieres()` whose porteurs were. No query; made once.
    """
    if "_chain" not in vars(subject):
        subject._chain = made(subject)
    return subject._chain


def made(subject: Initiative | Organisme) -> Chain:
    own, porteurs = ([], [subject]) if isinstance(subject, Organisme) else (subject.contacts_publics, subject.porteurs)
    return Chain(holders(own, porteurs), [PointEntree(**row) for row in subject.points_entree])


def holders(own: list[dict], porteurs: list[Organisme]) -> list[Holder]:
    """Who can be reached through a fiche's own contacts, and through those who carry it."""
    found = [Holder("initiative", as_contacts(own))]
    found += [Holder("porteur", as_contacts(row.contacts_publics), row) for row in porteurs]
    found += [Holder("parent", as_contacts(row.contacts_du_parent), row.fait_partie_de, row) for row in porteurs]
    once: dict[int | None, Holder] = {}
    for holder in found:
        if holder.contacts:
            once.setdefault(holder.organisme and holder.organisme.pk, holder)
    return list(once.values())


def as_contacts(rows: list[dict]) -> list[Contact]:
    return [Contact(**row) for row in rows]
