"""Searches while somebody writes: what each answers is of the version that it read, or of a later one."""

from threading import Event
from time import sleep

import pytest
from django.db import transaction
from django.test import Client

from initiatives.core.enums import Statut
from initiatives.core.versioned import data_version
from initiatives.finding.index import present
from initiatives.models import Initiative

from .sessions import Session, committing

pytestmark = pytest.mark.django_db

READERS, WRITES, EVERY = 4, 15, 0.1
WORDS = ("zigouigoui", "zigouigouis", "zigouigoui laval", '"volet zigouigoui"')


@pytest.fixture(autouse=True)
def committed(db):
    with committing():
        yield


def test_a_fiche_published_and_unpublished_ten_times_a_second(monkeypatch):
    """It is found while it is public, and never once it is not: by words, mistyped words, a title. Fails when an index
    or a lexicon of a version before answers."""
    monkeypatch.setattr(present, "WAIT", 30)  # the index answers, not the database in its place
    fiche = Initiative.objects.create(
        titre="Volet zigouigoui", slug="zigouigoui", region_id="laval", stade="en-suspens"
    )
    public, answers, ended = {data_version(): False}, [], Event()

    def reads():
        client, place = Client(), 0
        while not ended.is_set():
            before, place = data_version(), place + 1
            found = client.get("/initiatives.json", {"q": WORDS[place % len(WORDS)]}).json()["resultats"]
            answers.append((before, data_version(), fiche.pk in [row["numero"] for row in found]))

    readers = [Session(reads) for _reader in range(READERS)]
    for reader in readers:
        reader.start()
    for turn in range(WRITES):
        with transaction.atomic():
            statut = Statut.ARCHIVEE if turn % 2 else Statut.PUBLIEE
            Initiative.objects.filter(pk=fiche.pk).update(statut=statut, description=f"Le zigouigoui {turn}")
        version = data_version()
        public[version] = not turn % 2
        sleep(EVERY)
        if turn >= WRITES - 2:  # once public and once not, until somebody was answered in between
            while (version, version) not in [answer[:2] for answer in answers] and all(map(Session.is_alive, readers)):
                sleep(0.01)
    ended.set()
    for reader in readers:
        reader.join()
    assert [reader.result for reader in readers] == [None] * READERS
    for before, after, found in answers:
        assert found in {public[version] for version in range(before, after + 1)}, (before, after)
    assert {True, False} == {found for before, after, found in answers if before == after}
