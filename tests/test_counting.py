"""What all writers share is counted at commit: nobody waits for a long writer, and the counts are those of the data."""

from collections import Counter

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction

from initiatives.core.versioned import data_version
from initiatives.models import Besoin, Combinaison, Initiative, Mot, RegleBesoin

from .sessions import committing

pytestmark = pytest.mark.django_db
# Neither pages nor counts nor files show these; a save there changes nothing for the public.
NOT_SHOWN = {
    *("Campagne", "Envoi", "Desabonnement"),  # who is asked
    *("Proposition", "Signalement", "Passage"),  # what the field sends, before an editor decides
    *("Version", "Revision", "Import", "Decision", "Geste", "PaireEcartee"),  # what editors did
    *("FusionFiches", "FusionOrganismes", "PaireOrganismes"),
    *("Mot", "Combinaison", "VersionDonnees", "Changement"),  # made from the rest, by the same commit
    *("Execution", "Panne"),  # what is watched
}


def counts_of_the_database():
    words = dict(Mot.objects.values_list("mot", "nombre"))
    combinations = Counter(
        {tuple(map(str, row[1:])): row[0] for row in Combinaison.objects.values_list("nombre", *FACETS)}
    )
    return words, combinations


FACETS = [field.name for field in Combinaison._meta.concrete_fields if field.name not in ("empreinte", "nombre")]


def counts_one_by_one():
    public = Initiative.objects.publiees()
    words = Counter(word for (row,) in public.values_list("mots") for word in row)
    return dict(words), Counter(tuple(map(str, row)) for row in public.values_list(*FACETS))


@pytest.fixture
def committed(db):
    """What is written is committed; the fiches are what they were once the test ends."""
    columns = ("titre", "statut", "slug")
    with committing():
        fiches = list(Initiative.objects.only(*columns))
        yield
        Initiative.objects.bulk_update(fiches, columns)


@pytest.fixture
def elsewhere(committed):
    """A second session on the same database, its transaction open."""
    other = connection.copy()
    other.set_autocommit(False)
    yield other
    other.rollback()
    other.close()


def retitle(session, numero, titre):
    with session.cursor() as cursor:
        cursor.execute("SET lock_timeout = 1000")  # a wait is a failure, said by the database
        cursor.execute("UPDATE initiatives_initiative SET titre = %s WHERE numero = %s", [titre, numero])


def test_a_long_writer_holds_nobody_up(elsewhere):
    """Fails when words, combinations or the version are written by the statement and not by the commit."""
    before = data_version()
    retitle(elsewhere, 1, "Prévention hébergement essai")
    retitle(connection, 2, "Prévention hébergement essai")
    assert data_version() == before + 1
    retitle(elsewhere, 3, "Prévention hébergement essai")
    elsewhere.commit()
    assert data_version() == before + 2
    assert counts_of_the_database() == counts_one_by_one()
    assert Mot.objects.get(mot="essai").nombre == 3


def test_two_writers_in_opposite_order_both_end(elsewhere):
    retitle(elsewhere, 1, "Un mot quetzal et un mot zibeline")
    with transaction.atomic():
        retitle(connection, 2, "Un mot zibeline et un mot quetzal")
        retitle(connection, 4, "quetzal")
    retitle(elsewhere, 3, "quetzal")
    elsewhere.commit()
    assert dict(Mot.objects.filter(mot__in=["quetzal", "zibeline"]).values_list("mot", "nombre")) == {
        "quetzal": 4,
        "zibeline": 2,
    }


def test_what_is_rolled_back_is_not_counted(elsewhere):
    before, counts = data_version(), counts_of_the_database()
    retitle(elsewhere, 1, "Quetzal")
    elsewhere.rollback()
    assert (data_version(), counts_of_the_database()) == (before, counts)


@pytest.mark.usefixtures("committed")
def test_many_statements_move_the_version_once():
    before = data_version()
    with transaction.atomic():
        for numero in range(1, 30):
            Initiative.objects.filter(numero=numero).update(statut="archivee", slug=f"essai-{numero}")
        assert data_version() == before
    assert data_version() == before + 1
    assert counts_of_the_database() == counts_one_by_one()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM initiatives_a_compter")
        assert cursor.fetchone() == (0,)


def test_every_table_shown_in_public_moves_the_version():
    models = apps.get_app_config("initiatives").get_models(include_auto_created=True)
    shown = {model._meta.db_table for model in models if model.__name__ not in NOT_SHOWN}
    shown -= {"initiatives_envoi_initiatives"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_name = 'version_donnees'"
        )
        assert {name for (name,) in cursor.fetchall()} == shown
        cursor.execute("SELECT tgtype FROM pg_trigger WHERE tgname = 'version_donnees'")
        # A bit each: insert 4, delete 8, update 16, truncate 32.
        assert {kind & 60 for (kind,) in cursor.fetchall()} == {60}


def test_a_rule_is_not_changed_while_a_fiche_is_written(elsewhere):
    """Neither would see the other: the fiche would keep the needs of the rule before. Fails without either lock of
    migration 0002, KEPT and CHANGED."""
    need = Besoin.objects.get(slug="dormir")
    retitle(elsewhere, 1, "Essai")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    with pytest.raises(OperationalError, match="lock"):
        RegleBesoin.objects.create(besoin=need, modalites=["mentorat"])
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")
    elsewhere.rollback()
    assert need.regles.count() == 1
