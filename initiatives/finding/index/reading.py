"""The index of a version, read from the database."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from initiatives.models import Besoin, Initiative, Organisme

from ..porteurs import by_name, carrying
from .columns import Columns, read_columns
from .lexemes import Lexemes
from .tsquery import UnanswerableError

COLUMNS = (
    *("numero", "region", "types", "clienteles", "stade", "implications", "lieu", "modalite", "cible", "sexe"),
    *("age_min", "age_max", "tous_ages", "porteurs_ids", "besoins", "annee", "ordre", "place_titre"),
    *("organismes", "vecteur"),
)
# One statement: what it reads is of one moment. The places of the titles are those of the server's own order.
ROWS = """
SELECT i.numero, i.region_id, i.types, i.clienteles, i.stade, i.implications, i.lieu, i.modalite, i.cible, i.sexe,
    i.age_min, i.age_max, i.tous_ages, i.porteurs_ids, i.besoins, i.annee, r.ordre,
    row_number() OVER (ORDER BY i.titre_tri, i.numero),
    ARRAY(SELECT p.organisme_id FROM public.initiatives_porteur p WHERE p.initiative_id = i.numero
        ORDER BY p.rang, p.id),
    i.recherche::text
FROM public.initiatives_initiative i JOIN public.initiatives_region r ON r.slug = i.region_id
WHERE i.numero IN ({public}) ORDER BY i.numero
"""
# A number far from the others would make every set as wide as itself.
SPREAD = 8


@dataclass
class Index:
    """What a version of the data holds. Nothing in it changes once it is made; `columns` is None where an index cannot
    answer, and the database does."""

    version: int = -1
    columns: Columns | None = None
    lexemes: Lexemes | None = None
    porteurs: list[tuple[int, str, str]] = field(default_factory=list)  # (id, slug, name), by name
    porteurs_of: dict[int, list[Organisme]] = field(default_factory=dict)  # number of a fiche → its own, in order
    besoins: list[Besoin] = field(default_factory=list)


def read_index(version: int) -> Index:
    """The index of this version, or of a later one. Four queries; one past INDEX_MAX fiches."""
    public = Initiative.objects.publiees()
    if public.count() > settings.INDEX_MAX:
        return Index(version)
    with connection.cursor() as cursor:
        sql, params = public.order_by().values("pk").query.sql_with_params()
        cursor.execute(ROWS.format(public=sql), params)
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    if rows and rows[-1]["numero"] > SPREAD * (len(rows) + 1000):
        return Index(version)
    try:
        lexemes = Lexemes((row["numero"], row.pop("vecteur")) for row in rows)
    except UnanswerableError:
        return Index(version)
    organismes = {row.pk: row for row in carrying()}
    return Index(
        version,
        read_columns(rows),
        lexemes,
        by_name((row.pk, row.slug, row.nom) for row in organismes.values()),
        {row["numero"]: [organismes[pk] for pk in row["organismes"] if pk in organismes] for row in rows},
        list(Besoin.objects.all()),
    )
