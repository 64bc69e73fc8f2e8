"""Fiches as the public columns read them: the raw rows of one statement, and what many fiches share, read once for a
version of the data."""

import json
from collections import namedtuple
from functools import cache, cached_property

from django.db import connection
from django.utils.translation import get_language

from initiatives.core.versioned import remembered
from initiatives.models import Correction, Initiative, Organisme, PointEntree, Source

from . import reaching
from .reaching import Kept

FIELDS = (
    *("numero", "slug", "titre", "porteur_mention", "region_id", "annee", "annee_mention", "stade", "stade_mention"),
    *("types", "types_connus", "cible", "cible_mention", "clienteles", "autre_clientele_mention", "age_min", "age_max"),
    *("age_mention", "sexe", "implications", "description", "lieu", "frequence", "objectifs", "modalite"),
    *("partenaires", "partenaires_tronques", "langue", "verifiee_le"),
    *("strategies", "strategie", "provenances", "pour_qui", "mentions"),
    *("tous_ages", "besoins", "famille", "langue_objectifs", "financement", "financement_source", "niveaux_risque"),
    *("composantes", "pour_en_savoir_plus", "modifiee_le", "publiee_le", "a_verifier_le", "rubriques"),
)
NAMED = ("id", "slug", "nom", "sigle", "nom_court")
SHARED = ("source_id", "organismes_ids", "contacts_publics")
REPAIRED = ("champ", "avant", "apres", "motif")
REGION = FIELDS.index("region_id")
ORGANISMES = len(FIELDS) + SHARED.index("organismes_ids")
MAX_PORTEURS = 2000  # lists kept: a large directory has more, made again


class Fiche(namedtuple("Fiche", (*FIELDS, "source", "corrections", "porteurs", "holders", "entry_points", "language"))):
    """What the columns read of a fiche: no model is made for each row of a long list. `porteurs`, `holders` and
    `entry_points` are Kept; `language`: of who reads it."""

    __slots__ = ()
    fiche_du_rapport = Initiative.fiche_du_rapport

    @property
    def chain(self) -> reaching.Chain:
        return reaching.Chain(self.holders, self.entry_points)


class Shared:
    """The sources, the ways in and the organisations of a version of the data, each read when a fiche first needs it:
    at least as new as the version, and never changed after."""

    def __init__(self):
        self.organismes: dict[int, Organisme] = {}
        self.porteurs: dict[tuple[int, ...], tuple[Kept, Kept]] = {}
        self.points_of: dict[str, Kept] = {}

    @cached_property
    def sources(self) -> dict[int, Source]:
        """One query."""
        return Source.objects.in_bulk()

    @cached_property
    def corrections(self) -> dict[int, list[dict]]:
        """What was repaired, of the few fiches where something was. One query."""
        repaired: dict[int, list[dict]] = {}
        for numero, *said in Correction.objects.order_by("pk").values_list("initiative", *REPAIRED):
            repaired.setdefault(numero, []).append(dict(zip(REPAIRED, said, strict=True)))
        return repaired

    @cached_property
    def points(self) -> list[PointEntree]:
        """One query."""
        return list(PointEntree.objects.affiches())

    def read_organismes(self, rows: list[tuple]) -> None:
        """Those that carry these fiches and are not known yet. One query, or none."""
        missing = {pk for row in rows for pk in row[ORGANISMES]}.difference(self.organismes)
        if missing:
            found = raw(organismes_statement(), "id = ANY(%s)", list(missing))
            self.organismes |= {row[0]: organisme(row) for row in found}

    def points_in(self, region: str) -> Kept:
        """Those of a region, then those of every region."""
        known = self.points_of[region] = Kept(row for row in self.points if row.region_id in (region, None))
        return known

    def porteurs_of(self, ids: tuple[int, ...]) -> tuple[Kept, Kept]:
        """These organisations, and who can be reached through them."""
        known = self.porteurs.get(ids)
        if known is None:
            if len(self.porteurs) >= MAX_PORTEURS:
                self.porteurs = {}
            rows = Kept(self.organismes[pk] for pk in ids if pk in self.organismes)
            known = self.porteurs[ids] = rows, Kept(reaching.holders([], rows))
        return known

    def fiche(self, row: tuple, language: str) -> Fiche:
        """A row of the statement as the columns read it."""
        source, ids, contacts = row[len(FIELDS) :]
        porteurs, holders = self.porteurs_of(tuple(ids))
        if contacts:
            holders = Kept(reaching.holders(as_dicts(contacts), porteurs))
        points = self.points_of.get(row[REGION]) or self.points_in(row[REGION])
        document, repaired = self.sources.get(source), self.corrections.get(row[0], [])
        return Fiche._make((*row[: len(FIELDS)], document, repaired, porteurs, holders, points, language))


def organisme(row: tuple) -> Organisme:
    """A row of the statement as `joignables` gives it, with the columns that are read."""
    *own, contacts, of_parent = row
    parent = own[len(NAMED) :]
    made = Organisme(**dict(zip(NAMED, own, strict=False)))
    if parent[0] is not None:
        made.fait_partie_de = Organisme(**dict(zip(NAMED, parent, strict=True)))
    made.contacts_publics, made.contacts_du_parent = as_dicts(contacts), as_dicts(of_parent)
    return made


def as_dicts(contacts: list[str]) -> list[dict]:
    return [json.loads(contact) for contact in contacts]


# The SQL that reads every public fiche, and every organisation, and its parameters: written once a process.
@cache
def statement() -> tuple[str, tuple]:
    return Initiative.objects.publiees().order_by().en_colonnes().values_list(*FIELDS, *SHARED).query.sql_with_params()


@cache
def organismes_statement() -> tuple[str, tuple]:
    parent = [f"fait_partie_de__{name}" for name in NAMED]
    rows = Organisme.objects.order_by().joignables()
    return rows.values_list(*NAMED, *parent, "contacts_publics", "contacts_du_parent").query.sql_with_params()


def raw(statement: tuple[str, tuple], condition: str, value) -> list[tuple]:
    """The rows of a statement that satisfy a condition. One query."""
    sql, params = statement
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) AS lignes WHERE {condition}", [*params, value])  # noqa: S608
        return cursor.fetchall()


def read(condition: str, value, version: int | None) -> list[Fiche]:
    """The public fiches of a condition on their columns, in no order. One query; and one each, when they are first
    needed in a version, for the sources, the corrections, the ways in, and the organisations not read yet."""
    shared, language = remembered("lignes publiques", version, Shared), get_language()
    rows = raw(statement(), condition, value)
    shared.read_organismes(rows)
    return [shared.fiche(row, language) for row in rows]


def fiches(numeros: list[int], version: int | None) -> list[Fiche]:
    """The public fiches of these numbers, in their order; one gone meanwhile is left out. Queries: those of `read`."""
    known = {fiche.numero: fiche for fiche in read("numero = ANY(%s)", numeros, version)} if numeros else {}
    return [known[numero] for numero in numeros if numero in known]


def of_slug(slug: str, version: int | None) -> Fiche | None:
    """The public fiche of an address. Queries: those of `read`."""
    return next(iter(read("slug = %s", slug, version)), None)
