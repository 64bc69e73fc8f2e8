"""Nothing found is never a dead end: what to leave out, and how many fiches that gives."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from .filters import InitiativeFilter
from .index import found
from .search.words import replaced

MAX_RELAXATIONS = 6


@dataclass
class Relaxation:
    """One way out: what is left out in words, the parameters without it, and how many fiches the list then holds."""

    libelle: str
    parametres: str
    nombre: int


def relaxations(filterset: InitiativeFilter) -> list[Relaxation]:
    """The ways out of an empty list that find something, the most fruitful first; none for what is off topic. One query
    or none, and those of what is understood without an unknown word."""
    meaning = filterset.understanding
    wanted = [] if meaning and meaning.off_topic else candidates(filterset)[:MAX_RELAXATIONS]
    if not wanted:
        return []
    counts = numbers_found([other for _label, other in wanted])
    ways = [
        Relaxation(label, other.data.urlencode(), count)
        for (label, other), count in zip(wanted, counts, strict=True)
        if count
    ]
    return sorted(ways, key=lambda way: -way.nombre)


def numbers_found(filtersets: list[InitiativeFilter]) -> list[int]:
    """How many fiches each of these lists holds. One query, or none from the index in the process."""
    answers = [found(filterset) for filterset in filtersets]
    if all(answers):
        return [answer.total for answer in answers]
    parts, params = [], []
    for filterset in filtersets:
        sql, values = filterset.qs.order_by().values("pk").query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS rows)")
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return list(cursor.fetchone())


def candidates(filterset: InitiativeFilter) -> list[tuple[str, InitiativeFilter]]:
    """The lists without one of the things asked for: an unknown word, each filter, the whole search."""
    ways = []
    meaning = filterset.understanding
    if meaning and meaning.unknown and meaning.concepts:
        text = replaced(meaning.text, {word.lower(): " " for word in meaning.unknown})
        ways.append((_("sans « %(mots)s »") % {"mots": " ".join(meaning.unknown)}, changed(filterset, q=text.strip())))
    for name in filterset.filters:
        if name != "q" and filterset.data.get(name):
            label = _("sans le critère « %(critere)s »") % {"critere": filterset.filters[name].label}
            ways.append((label, changed(filterset, **{name: ""})))
    if meaning and len(filterset.data) > 1:
        ways.append((_("sans les mots cherchés"), changed(filterset, q="")))
    return [(label, other) for label, other in ways if not other.errors_found()]


def changed(filterset: InitiativeFilter, **values: str) -> InitiativeFilter:
    """The same list with some parameters replaced, or left out when empty, from its first page."""
    data = filterset.data.copy()
    data.pop("page", None)
    for name, value in values.items():
        data.pop(name, None)
        if value:
            data[name] = value
    other = InitiativeFilter(data, filterset.version)
    if not {"q", "exact"} & set(values):
        other.understanding = filterset.understanding  # the same words mean the same
    return other
