"""The contacts of a fiche in one cell: « telephone : 514… : publique : poste 2 », apart by a bar or a line."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from initiatives.core.cells import SEPARATOR
from initiatives.core.enums import NatureContact, Visibilite
from initiatives.models import Contact

from .columns import Names, in_each_language

BETWEEN = " : "


def names_of(choices) -> Names:
    also = [("public", Visibilite.PUBLIQUE.value), ("réservée", Visibilite.EDITEURS.value)]
    return Names([(code, code) for code, _label in choices], in_each_language(choices), also, loose=True)


def contacts_cell(contacts: list[dict]) -> str:
    """The contacts of a state as a cell holds them."""
    return SEPARATOR.join(
        BETWEEN.join(part for part in (row["nature"], row["valeur"], row["visibilite"], row["precision"]) if part)
        for row in contacts
    )


def contacts_in_words(contacts: list[dict]) -> str:
    """The same, its kinds and visibilities in words."""
    natures, visibilities = dict(NatureContact.choices), dict(Visibilite.choices)
    return contacts_cell(
        [
            row | {"nature": str(natures[row["nature"]]), "visibilite": str(visibilities[row["visibilite"]])}
            for row in contacts
        ]
    )


def contacts_of(text: str) -> list[dict]:
    """The contacts that a cell means, each of its own kind. Raises ValidationError with all that is wrong."""
    natures, visibilities = names_of(NatureContact.choices), names_of(Visibilite.choices)
    found, wrong = [], []
    for part in [part.strip() for part in re.split(r"[|\r\n]", text) if part.strip()]:
        # A value may hold colons (https://): it ends where a visibility is named.
        pieces = part.split(":")
        nature = natures.find(pieces[0])
        end = next((place for place in range(2, len(pieces)) if visibilities.find(pieces[place])), None)
        if nature is None or end is None:
            wrong.append(f"« {part[:60]} » : {form_of()}")
            continue
        row = {
            "nature": nature,
            "valeur": ":".join(pieces[1:end]).strip(),
            "precision": ":".join(pieces[end + 1 :]).strip(),
            "visibilite": visibilities.find(pieces[end]),
        }
        try:
            Contact(**row).clean_fields(exclude=["initiative", "organisme"])
            Contact(**row).clean()
        except ValidationError as error:
            wrong.append(f"« {row['valeur'][:60]} » : {' '.join(error.messages)}")
        found.append(row)
    if wrong:
        raise ValidationError(wrong)
    return found


def form_of() -> str:
    """How a contact is written."""
    words = {
        "natures": " · ".join(map(str, NatureContact.labels)),
        "visibilites": " · ".join(map(str, Visibilite.labels)),
    }
    words["exemple"] = BETWEEN.join(
        map(str, (NatureContact.TELEPHONE.label, "418 555-0100", Visibilite.PUBLIQUE.label))
    )
    return (
        _(
            "Nature : valeur : visibilité. Exemple : « %(exemple)s ». Natures : %(natures)s. "
            "Visibilités : %(visibilites)s."
        )
        % words
    )
