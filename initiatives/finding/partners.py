"""The organisations of the directory that a fiche names among its partners."""

import re
from dataclasses import dataclass

from django.db.models import OuterRef

from initiatives.core.querysets import en_dicts
from initiatives.models import Organisme


@dataclass(frozen=True)
class PartnerNames:
    """The public organisations, and their names: `proper` anywhere, `local` only in the organisation's own region."""

    organismes: dict[int, Organisme]
    pattern: re.Pattern
    proper: dict[str, str]
    local: dict[tuple[str, str], str]

    def slug(self, name: str, region: str) -> str:
        """The organisation that a name means in a fiche of this region, or an empty text."""
        return self.proper.get(name) or self.local.get((name, region), "")


def public_names() -> PartnerNames:
    """The names, acronyms and other spellings of every public organisation, with how each is reached. One query.

    Short names and other spellings (« Table régionale », « YWCA ») are said of several organisations: they count in
    the organisation's own region alone. What an organisation merged into it was called counts as its own name does.
    """
    proper, local = {}, {}
    merged = en_dicts(Organisme.objects.filter(fusionne_dans=OuterRef("pk")).order_by("pk"), "nom", "sigle")
    organismes = {row.pk: row for row in Organisme.objects.publics().joignables().annotate(anciens=merged)}
    for row in organismes.values():
        proper |= {name: row.slug for old in row.anciens for name in old.values() if name}
    for row in organismes.values():
        proper |= {name: row.slug for name in (row.nom, row.sigle) if name}
        local |= {(name, row.region_id): row.slug for name in (row.nom_court, *row.variantes) if name}
    names = sorted({*proper, *(name for name, _region in local)}, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    return PartnerNames(organismes, pattern, proper, local)


def linked_parts(text: str, region: str, names: PartnerNames) -> list[tuple[str, str]]:
    """The text cut into (words, slug of the organisation that they name or an empty text), in order. No query."""
    parts, end = [], 0
    for match in names.pattern.finditer(text):
        if slug := names.slug(match[0], region):
            parts += [(text[end : match.start()], ""), (match[0], slug)]
            end = match.end()
    return [(words, slug) for words, slug in [*parts, (text[end:], "")] if words]
