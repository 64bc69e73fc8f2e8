"""Fills the database from the fixtures: creates what is missing, by natural key, and never overwrites."""

from collections import Counter

from django.apps import apps
from django.core import serializers
from django.db import connection, transaction
from django.utils import timezone

from initiatives.core.enums import Statut
from initiatives.keeping import history
from initiatives.models import Initiative

from .build import FIXTURES, read_json
from .needs import load_needs

FILES = [
    "regions.json",
    "sources.json",
    "lignes_aide.json",
    "points_entree.json",
    "organismes.json",
    "initiatives.json",
    "brouillons.json",
    "ressources.json",
    "sondages.json",
    "thesaurus.json",
    "localites.json",
    "regles_strategie.json",
    "citations.json",
    "lectures_du_texte.json",
    "classements.json",
]
# Rows that belong to a fiche are created with it and never again: an editor may have removed them since.
BELONGS_TO_A_FICHE = {
    "initiatives.porteur",
    "initiatives.correction",
    "initiatives.lecture",
    "initiatives.classement",
}
# Rows that are one thing together: created where there is none of them, and never again.
TOGETHER = {"initiatives.reglestrategie"}
KEYS = {"initiatives.initiative": "numero", "initiatives.sondage": "rang", "initiatives.citation": "rang"}


def key_of(row: dict):
    """The natural key of a fixture row, as `existing_keys` gives it."""
    return row.get("pk") or row["fields"].get("slug") or row["fields"].get("rang")


def existing_keys(model) -> set:
    """The natural keys in the database: one query."""
    return set(model.objects.values_list(KEYS.get(model._meta.label_lower, "slug"), flat=True))


def missing_rows(rows: list[dict], new_fiches: set[int]) -> list[dict]:
    """The rows whose key is not in the database, with what belongs to a missing fiche, of this file or of one before:
    these are added to `new_fiches`. One query a model."""
    known, missing = {}, []
    for row in rows:
        label = row["model"]
        if label in BELONGS_TO_A_FICHE:
            if fiche_of(row) in new_fiches:
                missing.append(row)
            continue
        if label in TOGETHER:
            if label not in known:
                known[label] = apps.get_model(label).objects.exists()
            missing += [] if known[label] else [row]
            continue
        if label not in known:
            known[label] = existing_keys(apps.get_model(label))
        if key_of(row) not in known[label]:
            missing.append(row)
            if label == "initiatives.initiative":
                new_fiches.add(row["pk"])
    return missing


def fiche_of(row: dict) -> int:
    """The number of the fiche that a row belongs to."""
    return row["fields"]["initiative"][0] if "initiative" in row["fields"] else row["pk"]


@transaction.atomic
def load_directory() -> Counter:
    """Creates the missing rows of every fixture, all or nothing. Returns how many of each model were created.

    Safe to run twice and from two processes at once: the second waits for the first, then finds nothing missing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('repertoire.load_directory'))")
    created, deferred, new_fiches, now = Counter(), [], set(), timezone.now()
    for name in FILES:
        rows = missing_rows(read_json(FIXTURES / name), new_fiches)
        for loaded in serializers.deserialize("python", rows, handle_forward_references=True):
            if isinstance(loaded.object, Initiative):
                loaded.object.creee_le = now
                if loaded.object.statut == Statut.PUBLIEE:
                    loaded.object.publiee_le = now
            loaded.save()
            if loaded.deferred_fields:
                deferred.append(loaded)
            created[loaded.object._meta.label_lower] += 1
    for loaded in deferred:  # regions name one another as neighbours
        loaded.save_deferred_fields()
    created += load_needs()
    move_numero_sequence()
    history.record_missing()
    return created


def move_numero_sequence() -> None:
    """The next new fiche takes the number after the highest ever given; migration 0002 made it 153 at least."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT setval('initiatives_initiative_numero_seq', highest)
            FROM (SELECT max(numero) AS highest FROM initiatives_initiative) AS given
            WHERE highest >= 153 AND highest > (
                SELECT coalesce(last_value, 0) FROM pg_sequences
                WHERE sequencename = 'initiatives_initiative_numero_seq'
            )
            """
        )
