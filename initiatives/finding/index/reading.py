"""The index of a version, read from the database: of the fiches that changed since the one before, and of no other."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from initiatives.models import Besoin, Initiative, Organisme, Region

from ..porteurs import by_name, carrying
from .bits import bits_of
from .columns import Columns
from .lexemes import Lexemes
from .tsquery import UnanswerableError

# The public fiches in the server's own order of the titles, each with a mark that every write of its row changes: the
# transaction that wrote it, and its place. What hangs on a fiche (words, porteurs, needs) is written in its row.
MARKS = """
SELECT i.numero, i.xmin::text || i.ctid::text FROM public.initiatives_initiative i
WHERE i.numero IN ({public}) ORDER BY i.titre_tri, i.numero
"""
ROW = (
    *("numero", "region", "types", "clienteles", "stade", "implications", "lieu", "modalite", "cible", "sexe"),
    *("age_min", "age_max", "tous_ages", "porteurs_ids", "besoins", "annee", "organismes", "vecteur"),
)
ROWS = """
SELECT i.numero, i.region_id, i.types, i.clienteles, i.stade, i.implications, i.lieu, i.modalite, i.cible, i.sexe,
    i.age_min, i.age_max, i.tous_ages, i.porteurs_ids, i.besoins, i.annee,
    ARRAY(SELECT p.organisme_id FROM public.initiatives_porteur p WHERE p.initiative_id = i.numero
        ORDER BY p.rang, p.id),
    i.recherche::text
FROM public.initiatives_initiative i WHERE i.numero IN ({public}) AND i.numero = ANY(%s) ORDER BY i.numero
"""
CHUNK = 1000  # fiches read at a time: all of their words as text would weigh several times the index
# A number far from the others would make every set as wide as itself.
SPREAD = 8


@dataclass
class Index:
    """What a version of the data holds. Nothing in it changes once it is made; `columns` is None where an index cannot
    answer, and the database does."""

    version: int = -1
    columns: Columns | None = None
    lexemes: Lexemes | None = None
    marks: dict[int, str] = field(default_factory=dict)
    organismes: dict[int, Organisme] = field(default_factory=dict)  # those that carry a public fiche
    organismes_of: dict[int, list[int]] = field(default_factory=dict)  # number of a fiche → its own, in order
    porteurs: list[tuple[int, str, str]] = field(default_factory=list)  # (id, slug, name), by name
    besoins: list[Besoin] = field(default_factory=list)

    def porteurs_of(self, numero: int) -> list[Organisme]:
        return [self.organismes[pk] for pk in self.organismes_of[numero] if pk in self.organismes]


@dataclass
class Change:
    """From one index to the next: the marks of every fiche in the order of the titles, and the fiches to be read."""

    version: int
    known: Index
    marks: dict[int, str] = field(default_factory=dict)
    numeros: list[int] = field(default_factory=list)
    refused: bool = False


def read_change(version: int, known: Index) -> Change:
    """What changed since an index, and is to be read. Two queries; one past INDEX_MAX fiches."""
    public = Initiative.objects.publiees()
    if public.count() > settings.INDEX_MAX:
        return Change(version, known, refused=True)
    if known.columns is None:
        known = Index()
    with connection.cursor() as cursor:
        sql, params = public.order_by().values("pk").query.sql_with_params()
        cursor.execute(MARKS.format(public=sql), params)
        marks = dict(cursor.fetchall())
    refused = bool(marks) and max(marks) > SPREAD * (len(marks) + 1000)
    return Change(version, known, marks, [n for n, mark in marks.items() if known.marks.get(n) != mark], refused)


def read_index(change: Change) -> Index:
    """The index after a change: of its version, or of a later one. Three queries, and one for a thousand fiches."""
    if change.refused:
        return Index(change.version)
    known = change.known
    gone = bits_of(n for n, mark in known.marks.items() if change.marks.get(n) != mark)
    columns, lexemes = (known.columns or Columns()).changed(gone, []), (known.lexemes or Lexemes({})).without(gone)
    organismes_of = {n: of for n, of in known.organismes_of.items() if not gone >> n & 1}
    numeros = sorted(change.numeros)
    for start in range(0, len(numeros), CHUNK):
        rows = rows_of(numeros[start : start + CHUNK])
        try:
            lexemes = lexemes.joined(Lexemes.read((row["numero"], row["vecteur"]) for row in rows))
        except UnanswerableError:
            return Index(change.version)
        columns = columns.changed(0, rows)
        organismes_of |= {row["numero"]: row["organismes"] for row in rows}
    # One that is no longer public since its mark was read has none in this index.
    marks = {n: mark for n, mark in change.marks.items() if n in organismes_of}
    columns.titles, columns.regions = list(marks), regions()
    organismes = {row.pk: row for row in carrying()}
    return Index(
        change.version,
        columns,
        lexemes,
        marks,
        organismes,
        organismes_of,
        by_name((row.pk, row.slug, row.nom) for row in organismes.values()),
        list(Besoin.objects.all()),
    )


def rows_of(numeros: list[int]) -> list[dict]:
    """What the index keeps of these fiches, of those that are public, by number. One query."""
    with connection.cursor() as cursor:
        sql, params = Initiative.objects.publiees().order_by().values("pk").query.sql_with_params()
        cursor.execute(ROWS.format(public=sql), [*params, numeros])
        return [dict(zip(ROW, row, strict=True)) for row in cursor.fetchall()]


def regions() -> list[list[str]]:
    """The regions in their order, those of the same place together. One query."""
    found: dict[int, list[str]] = {}
    for code, place in Region.objects.order_by("ordre").values_list("pk", "ordre"):
        found.setdefault(place, []).append(code)
    return list(found.values())
