"""The index of a version, read from the database: of the fiches that changed since the one before, and of no other."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from initiatives.core.versioned import Dated
from initiatives.models import Besoin, Initiative, Organisme, Region

from ..porteurs import by_name
from .bits import bits_of
from .columns import Columns
from .lexemes import Lexemes
from .tsquery import UnanswerableError

# The public fiches, each with a mark that every write of its row changes: the transaction that wrote it, and its place.
# What hangs on a fiche (words, porteurs, needs) is written in its row. As two values: many rows are slow to read.
MARKS = """
SELECT array_agg(i.numero), string_agg(i.xmin::text || i.ctid::text, ' ') FROM public.initiatives_initiative i
WHERE i.numero IN ({public})
"""
# In the server's own order of the titles.
TITLES = """
SELECT array_agg(i.numero ORDER BY i.titre_tri, i.numero) FROM public.initiatives_initiative i
WHERE i.numero IN ({public})
"""
ORGANISMES = "SELECT o.id, o.xmin::text || o.ctid::text FROM public.initiatives_organisme o WHERE o.id = ANY(%s)"
SHOWN = ("slug", "titre", "langue", "region_id", "stade")  # of a fiche beside another, as querysets.proches gives it
ROW = (
    *("numero", "region", "types", "clienteles", "stade", "implications", "lieu", "modalite", "cible", "sexe"),
    *("age_min", "age_max", "tous_ages", "porteurs_ids", "besoins", "annee", "organismes", "vecteur"),
    *("famille", "slug", "titre", "langue", "region_id"),
    *("strategies", "strategie", "pour_qui", "mentions", "rubriques", "source"),
)
ROWS = """
SELECT i.numero, i.region_id, i.types, i.clienteles, i.stade, i.implications, i.lieu, i.modalite, i.cible, i.sexe,
    i.age_min, i.age_max, i.tous_ages, i.porteurs_ids, i.besoins, i.annee,
    ARRAY(SELECT p.organisme_id FROM public.initiatives_porteur p WHERE p.initiative_id = i.numero
        ORDER BY p.rang, p.id),
    i.recherche::text, i.famille, i.slug, i.titre, i.langue, i.region_id,
    i.strategies, i.strategie, i.pour_qui, i.mentions, i.rubriques, s.slug
FROM public.initiatives_initiative i LEFT JOIN public.initiatives_source s ON s.id = i.source_id
WHERE i.numero IN ({public}) AND i.numero = ANY(%s) ORDER BY i.numero
"""
CHUNK = 1000  # fiches read at a time: all of their words as text would weigh several times the index
# A number far from the others would make every set as wide as itself.
SPREAD = 8


@dataclass
class Index(Dated):
    """What a version of the data holds. Nothing in it changes once it is made; `columns` is None where an index cannot
    answer, and the database does."""

    version: int = -1
    columns: Columns | None = None
    lexemes: Lexemes | None = None
    marks: dict[int, str] = field(default_factory=dict)
    organismes: dict[int, Organisme] = field(default_factory=dict)  # those that carry a public fiche
    organismes_marks: dict[int, str] = field(default_factory=dict)
    organismes_of: dict[int, list[int]] = field(default_factory=dict)  # number of a fiche → its own, in order
    shown: dict[int, tuple[str, ...]] = field(default_factory=dict)  # number of a fiche → SHOWN
    porteurs: list[tuple[int, str, str]] = field(default_factory=list)  # (id, slug, name), by name
    besoins: list[Besoin] = field(default_factory=list)

    def porteurs_of(self, numero: int) -> list[Organisme]:
        return [self.organismes[pk] for pk in self.organismes_of[numero] if pk in self.organismes]


@dataclass
class Change:
    """From one index to the next: the marks of every fiche, all in the order of the titles, and those to be read."""

    version: int
    known: Index
    marks: dict[int, str] = field(default_factory=dict)
    titles: list[int] = field(default_factory=list)
    numeros: list[int] = field(default_factory=list)
    refused: bool = False


def read_change(version: int, known: Index) -> Change:
    """What changed since an index, and is to be read. Three queries; one past INDEX_MAX fiches."""
    public = Initiative.objects.publiees()
    if public.count() > settings.INDEX_MAX:
        return Change(version, known, refused=True)
    if known.columns is None:
        known = Index()
    with connection.cursor() as cursor:
        sql, params = public.order_by().values("pk").query.sql_with_params()
        cursor.execute(MARKS.format(public=sql), params)
        numeros, marks = cursor.fetchone()
        cursor.execute(TITLES.format(public=sql), params)
        (titles,) = cursor.fetchone()
    marks = dict(zip(numeros or [], (marks or "").split(), strict=True))
    refused = bool(marks) and max(marks) > SPREAD * (len(marks) + 1000)
    changed = [numero for numero, mark in marks.items() if known.marks.get(numero) != mark]
    return Change(version, known, marks, titles or [], changed, refused)


def read_index(change: Change) -> Index:
    """The index after a change: of its version, or of a later one. Three queries, one for a thousand fiches, and one
    where an organisation changed."""
    if change.refused:
        return Index(change.version)
    known = change.known
    left = known.marks.keys() & change.numeros | known.marks.keys() - change.marks.keys()
    gone, organismes_of, shown = bits_of(left), dict(known.organismes_of), dict(known.shown)
    columns, lexemes = known.columns or Columns(), known.lexemes or Lexemes({})
    for numero in left:
        organismes_of.pop(numero, None)
        shown.pop(numero, None)
    numeros = sorted(change.numeros)
    for start in range(0, len(numeros) or 1, CHUNK):  # once at least, for what goes
        rows = rows_of(numeros[start : start + CHUNK]) if numeros else []
        try:
            lexemes = lexemes.changed(gone, Lexemes.read((row["numero"], row["vecteur"]) for row in rows))
        except UnanswerableError:
            return Index(change.version)
        columns, gone = columns.changed(gone, rows), 0
        organismes_of |= {row["numero"]: row["organismes"] for row in rows}
        shown |= {row["numero"]: tuple(row[name] for name in SHOWN) for row in rows}
    # One that is no longer public since its mark was read has none in this index.
    marks = change.marks
    if marks.keys() != organismes_of.keys():
        marks = {numero: mark for numero, mark in marks.items() if numero in organismes_of}
    columns.titles = change.titles
    if marks.keys() != set(change.titles):
        # One published since is not yet in this index; one whose place was not read is the last.
        columns.titles = list(dict.fromkeys([*(numero for numero in change.titles if numero in marks), *marks]))
    columns.regions = regions()
    return Index(
        change.version,
        columns,
        lexemes,
        marks,
        **organismes(columns, known),
        organismes_of=organismes_of,
        shown=shown,
        besoins=list(Besoin.objects.all()),
    )


def organismes(columns: Columns, known: Index) -> dict:
    """The organisations of an index: those of the one before that did not change are not read. One query, and another
    where some did."""
    with connection.cursor() as cursor:
        cursor.execute(ORGANISMES, [list(columns.values["porteur"])])
        marks = dict(cursor.fetchall())
    if marks == known.organismes_marks:
        return {"organismes": known.organismes, "organismes_marks": marks, "porteurs": known.porteurs}
    same = {pk: row for pk, row in known.organismes.items() if marks.get(pk) == known.organismes_marks[pk]}
    fresh = Organisme.objects.in_bulk(marks.keys() - same.keys())
    rows = same | fresh
    porteurs = by_name((row.pk, row.slug, row.nom) for row in rows.values())
    return {"organismes": rows, "organismes_marks": {pk: marks[pk] for pk in rows}, "porteurs": porteurs}


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
