"""The texts of the pages that editors may change: what they wrote, and else what was delivered (templates/textes/)."""

from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language

from initiatives.core.texts import PLACES
from initiatives.core.versioned import remembered
from initiatives.core.written import Written
from initiatives.models import Texte

EDITED = Written(Texte.objects.all)
FRENCH, ENGLISH = "fr-ca", "en"


@dataclass(frozen=True)
class Shown:
    """What a page shows: `langue` is the text's own where it is not the page's."""

    text: str
    langue: str = ""


def delivered(code: str, language: str) -> str:
    """The text as delivered, without a query; empty for a note of a region, which is the editors' alone."""
    return "" if PLACES[code].page == "region" else _delivered(code, language)


@cache
def _delivered(code: str, language: str) -> str:
    with translation.override(language):
        return render_to_string(f"textes/{code}.txt").strip()


def edited(version: int | None) -> dict[str, tuple[str, str]]:
    """What editors wrote, French and English, by code. One query, none when remembered; nothing without a version.

    Raises what the database raises.
    """
    if version is None:
        return {}
    return remembered("textes", version, lambda: {row.code: (row.texte_fr, row.texte_en) for row in EDITED.rows()})


def shown(code: str, version: int | None) -> Shown:
    """What a page in the active language shows there. One query, none when remembered nor without a version."""
    return chosen(code, *edited(version).get(code, ("", "")), get_language())


def chosen(code: str, french: str, english: str, language: str) -> Shown:
    """The text of one language among what was written and what was delivered. No query.

    An English text that nobody wrote is the delivered one; where none is delivered, the French one.
    """
    if language != ENGLISH:
        return Shown(french or delivered(code, FRENCH))
    text = english or delivered(code, ENGLISH)
    return Shown(text) if text or not french else Shown(french, "fr-CA")
