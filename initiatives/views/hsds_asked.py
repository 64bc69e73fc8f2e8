"""What a request asks of HSDS's lists: read as the parameters are declared, and refused with the reason."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.core.cells import whole_number
from initiatives.finding.filters import InitiativeFilter, ParameterError, is_tracking, unreadable
from initiatives.publishing.standards.hsds.parameters import (
    ASKED,
    EVERY,
    LONGEST_NUMBER,
    MAX_PER_PAGE,
    MAX_SEARCH,
    PER_PAGE,
)
from initiatives.publishing.standards.hsds.taxonomies import Taxonomy, Vocabulary, of_id

NOTHING = Q(pk__in=[])
FLAGS = {"true": True, "false": False}


@dataclass
class Asked:
    """The parameters given, each with its values once they are read; and what is wrong with them."""

    given: dict[str, list] = field(default_factory=dict)
    errors: list[ParameterError] = field(default_factory=list)

    def one(self, name: str, default=None):
        return self.given[name][0] if name in self.given else default

    @property
    def in_lines(self) -> bool:
        return self.one("format") == "ndjson"

    @property
    def page(self) -> int:
        return self.one("page", 1)

    @property
    def per_page(self) -> int:
        return self.one("per_page", PER_PAGE)

    def refuse(self, name: str, value: str, message: str) -> None:
        self.errors.append(ParameterError(name, value, message))

    def past_the_last(self, pages: int) -> ParameterError:
        message = ngettext("La liste n'a que %(pages)s page.", "La liste n'a que %(pages)s pages.", pages)
        return ParameterError("page", str(self.page), message % {"pages": pages})


def asked(query: QueryDict, path: str) -> Asked:
    """What an address asks of `path`, one of `ASKED`. A blank value is an absent one. No query."""
    found = Asked()
    for name in query:
        values = list(dict.fromkeys(value.strip() for value in query.getlist(name) if value.strip()))
        if not values or is_tracking(name):
            continue
        if name not in ASKED[path]:
            found.refuse(name, values[0], _("Ce paramètre n'existe pas."))
        elif len(values) > 1 and not EVERY[name].many:
            found.refuse(name, values[-1], _("Ce paramètre n'accepte qu'une valeur."))
        else:
            for value in values:
                read, message = READ.get(name, flag)(value)
                if message:
                    found.refuse(name, value, message)
                else:
                    found.given.setdefault(name, []).append(read)
    return found


def number(least: int, most: int) -> Callable:
    def read(value: str) -> tuple[int | None, str]:
        found = whole_number(value)
        if found is None or not least <= found <= most:
            return None, _("Un nombre entier de %(least)s à %(most)s est attendu.") % {"least": least, "most": most}
        return found, ""

    return read


def flag(value: str) -> tuple[bool | None, str]:
    found = FLAGS.get(value.lower())
    return found, _("true ou false est attendu.") if found is None else ""


def identifier(value: str) -> tuple[str, str]:
    try:
        return str(UUID(value)), ""
    except ValueError:
        return "", _("Cette valeur n'existe pas.")


def text(value: str) -> tuple[str, str]:
    if len(value) > MAX_SEARCH or "\0" in value:
        return "", _("Une recherche a au plus %(n)s caractères.") % {"n": MAX_SEARCH}
    spoilt = unreadable("search", [value])
    return value, spoilt[0].message if spoilt else ""


def known_format(value: str) -> tuple[str, str]:
    return value, "" if value in ("json", "ndjson") else _("json ou ndjson est attendu.")


def moment(value: str) -> tuple[datetime | None, str]:
    """A day is its first moment here. « + » was read as a space where the address did not write it %2B."""
    try:
        day = parse_date(value)
        found = (
            datetime.combine(day, time()) if day else parse_datetime(value.replace(" ", "+") if "T" in value else value)
        )
        if found is not None:
            return make_aware(found, get_current_timezone()) if is_naive(found) else found, ""
    except (ValueError, OverflowError):
        pass
    return None, _("Une date est attendue, comme 2026-11-29 ou 2026-11-29T08:00:00-05:00.")


READ = {
    "page": number(1, LONGEST_NUMBER),
    "per_page": number(1, MAX_PER_PAGE),
    "search": text,
    "format": known_format,
    "taxonomy_term_id": identifier,
    "taxonomy_id": identifier,
    "organization_id": identifier,
    "parent_id": identifier,
    "modified_after": moment,
}


def terms_asked(found: Asked, vocabulary: Vocabulary, model: type) -> Q:
    """What has every term and a term of every taxonomy asked for: nothing has those that do not exist, or are of
    another kind of record."""
    wanted = Q()
    for value in found.given.get("taxonomy_term_id", []):
        taxonomy, code = vocabulary.of_term(value) or (None, "")
        wanted &= taxonomy.holds(code) if on(taxonomy, model) else NOTHING
    for value in found.given.get("taxonomy_id", []):
        taxonomy = of_id(value)
        wanted &= taxonomy.holds_any() if on(taxonomy, model) else NOTHING
    return wanted


def on(taxonomy: Taxonomy | None, model: type) -> bool:
    """Whether a record of this model may have terms of a taxonomy."""
    return taxonomy is not None and (taxonomy.model is model or taxonomy.code == "region")


def searched(found: Asked, version: int | None):
    """The public fiches that a search finds, the nearest first; all of them by number without one."""
    query = QueryDict(mutable=True)
    if "search" in found.given:
        query["q"] = found.one("search")
    filterset = InitiativeFilter(query, version)
    for error in filterset.errors_found():
        found.refuse("search", error.valeur, error.message)
    return filterset.qs if not found.errors else filterset.queryset.none()
