"""The columns of a spreadsheet of fiches, and how what an editor types is recognised: code or label, any writing."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from initiatives.core.cells import FORMULA_STARTS, neutralised
from initiatives.core.slugs import plain_slug
from initiatives.keeping import state
from initiatives.models import Initiative

FIELDS = {name: field for name, field in state.fields_of(Initiative).items() if name != "fusionnee_dans"}
COLUMNS = ["numero", *FIELDS, "porteurs", "contacts"]
# What the rules say of a fiche: it leaves with it, and is not changed there.
NEEDS = "besoins"
# What the fiche was when it left: what an editor changed is told from what somebody else published since.
VERSION = "version"
# Its own apostrophe is protected too, so that what leaves comes back the same.
APOSTROPHE = ("'",)
# What may be left out of a name: « milieu scolaire » for « En milieu scolaire ».
SMALL = set("a au aux d dans de des du en et l la le les ou par un une the of in and or".split())


class RefusedError(Exception):
    """The file cannot be read at all; the message says why."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in a cell; without a column, in the line."""

    ligne: int
    colonne: str
    raison: str

    @property
    def libelle(self) -> str:
        return label_of(self.colonne) if self.colonne else _("Toute la ligne")


def label_of(name: str) -> str:
    """What a column is called on screen."""
    if name == VERSION:
        return _("Version lue (à laisser)")
    return state.label_of(Initiative, name)


def protect(text: str) -> str:
    """The text as a cell holds it: never a formula."""
    return neutralised(text, APOSTROPHE)


def unprotect(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].startswith((*FORMULA_STARTS, *APOSTROPHE)) else text


def folded(text: str) -> str:
    """A name without accents, capitals and punctuation."""
    return plain_slug(text, len(text) + 1)


def loosened(text: str) -> str:
    """The same without its small words and its plurals."""
    return "-".join(word.rstrip("sx") for word in folded(text).split("-") if word not in SMALL)


class Names:
    """Values by what they are called: a spelling is the surest name's that has it; shared by equals, nobody's."""

    def __init__(self, *levels: Iterable[tuple[str, str]], loose: bool = False):
        """`levels`: (spelling, value), the surest names first. `loose`: small words and plurals do not count."""
        self.sure: dict[str, str] = {}
        self.shared: dict[str, list[str]] = {}
        self.ways = (str.strip, folded, loosened) if loose else (str.strip, folded)
        for way in self.ways:
            for level in levels:
                self.add([(way(spelling), value) for spelling, value in level])

    def add(self, pairs: list[tuple[str, str]]) -> None:
        found: dict[str, list[str]] = {}
        for spelling, value in pairs:
            if spelling and spelling not in self.sure and spelling not in self.shared:
                found.setdefault(spelling, []).append(value)
        for spelling, values in found.items():
            values = list(dict.fromkeys(values))
            if len(values) == 1:
                self.sure[spelling] = values[0]
            else:
                self.shared[spelling] = values

    def find(self, text: str) -> str | None:
        """The value that a text names; None for none, or for several."""
        return next((self.sure[key] for key in (way(text) for way in self.ways) if key in self.sure), None)

    def several(self, text: str) -> list[str]:
        """The values that share this name."""
        return next((self.shared[key] for key in (way(text) for way in self.ways) if key in self.shared), [])


def in_each_language(pairs: Iterable[tuple[str, object]]) -> list[tuple[str, str]]:
    """(label, value) of each pair (value, label), in each language of the site."""
    found, pairs = [], list(pairs)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found += [(str(label), value) for value, label in pairs]
    return found


@cache
def headings() -> Names:
    """The columns by what a heading may call them."""
    labels = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels += [(label_of(name), name) for name in [*COLUMNS, NEEDS, VERSION]]
    return Names([(name, name) for name in [*COLUMNS, NEEDS, VERSION]], labels, loose=True)


def choices_of(name: str) -> list[tuple[str, object]]:
    """(code, label) of what a column may hold; nothing where it is no closed list of the code's own."""
    field = FIELDS.get(name)
    if field is None:
        return []
    return list((field.target_field if field.is_relation else getattr(field, "base_field", field)).choices or [])


@cache
def codes(name: str) -> Names | None:
    """The codes of a closed list by what they may be called; None for a column that is none."""
    choices = choices_of(name)
    return Names([(code, code) for code, _label in choices], in_each_language(choices), loose=True) if choices else None
