"""The form of a fiche as laid out: sections that fold, each with the rows of its question (contacts, porteurs)."""

from dataclasses import dataclass

from django.contrib.admin.helpers import Fieldset, InlineAdminFormSet
from django.utils.text import Truncator

from initiatives.keeping import state
from initiatives.keeping.lacking import Lack, lacks
from initiatives.models import Initiative

# Where a field of a state is on the form, when it is not a field of its own.
PLACES = {"porteurs": "liens_porteurs", "contacts": "contacts"}
# The sections that nobody has to open.
OPEN = {"nom", "joindre"}
# What is never typed while a fiche is first written.
LAST = {"suivi"}


@dataclass
class Section:
    """`code`: a name for the style; `champs`: the fields and rows that it holds; `dit`: what they say, in short."""

    code: str
    titre: str
    groupe: Fieldset
    rangees: list[InlineAdminFormSet]
    champs: set[str]
    dit: str = ""
    ouverte: bool = False


def anchor(champ: str) -> str:
    """The place of the page where a field of a state is written."""
    return f"{PLACES[champ]}-group" if champ in PLACES else f"id_{champ}"


def missing(fiche: Initiative | None) -> list[tuple[Lack, str]]:
    """What a fiche lacks, with its place on the page. Two queries at most."""
    return [(lack, anchor(lack.champ)) for lack in lacks(fiche)] if fiche else []


def sections(context: dict, fiche: Initiative | None, asked: str = "") -> list[Section]:
    """The sections of the form that `context` holds; open where something is wrong, lacks or is asked for.

    `asked`: a field of a state. No query.
    """
    lacking = {lack.champ for lack, _place in context["manques"]}
    rows = {group.formset.prefix: group for group in context["inline_admin_formsets"]}
    made, wrongs = [], context["adminform"].form.errors.keys()
    for group in context["adminform"]:
        code, *prefixes = group.classes.split()
        mine = [rows.pop(prefix) for prefix in prefixes if prefix in rows]
        names = {name for line in group for name in line.fields}
        names |= {name for name, prefix in PLACES.items() if prefix in prefixes}
        title, group.name = group.name, None  # it is the summary's
        wrong = names & wrongs or any(part.formset.total_error_count() for part in mine)
        section = Section(code, title, group, mine, names)
        section.dit = said(fiche, names) if fiche else ""
        section.ouverte = bool(wrong or names & {*lacking, asked} or code in OPEN or (not fiche and code not in LAST))
        made.append(section)
    context["autres_rangees"] = list(rows.values())
    return made


def said(fiche: Initiative, names: set[str]) -> str:
    """What these fields say, in a line. No query."""
    fields = state.fields_of(Initiative)
    words = []
    for name, field in fields.items():
        if name in names and not field.is_relation and (value := state.told_value(fiche, field)) not in (False, True):
            words.append(state.value_in_words(Initiative, name, value))
    return Truncator(" · ".join(", ".join(text.split("\n")) for text in words if text)).chars(90)
