"""What several threads do at once: a start, stems, the lexicon."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event, Lock

import pytest
import snowballstemmer
from django.conf import settings

from initiatives.core.versioned import data_version
from initiatives.finding.search import lexicon
from initiatives.finding.search.words import plain, stem
from initiatives.models import Mot

from .production import database_address

pytestmark = pytest.mark.django_db
THREADS = 4


def cold_start(paths: list[str], **environment) -> dict:
    """What a fresh process answers when all of this is asked of it at once."""
    command = [sys.executable, "-m", "tests.cold_start"]
    result = subprocess.run(  # noqa: S603
        command,
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"DATABASE_URL": database_address(), "DJANGO_SETTINGS_MODULE": "repertoire.settings"}
        | environment,
        input="\n".join(paths),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(result.stdout)


SEARCHES = [
    "/initiatives/?q=hébergementz+xqvzbnt",
    "/en/initiatives/?q=prostitutionz",
    "/initiatives/?q=formatoinz+-tatouagez&foo=1",
    '/initiatives.json?q="gangz+xqvzb"',
    "/initiatives.json?q=tatouagez&region=laval",
    "/initiatives.csv?q=adolescentez",
    "/initiatives.csv?q=policierz+or+scolairez",
    "/initiatives.json?q=travialz&exact=1",
]


def test_the_first_searches_after_a_start_are_all_answered():
    """No word of them is kept by the process, whether known, mistyped or unknown."""
    threads = str(len(SEARCHES) + 1)  # one is left for help
    assert cold_start(SEARCHES, WEB_THREADS=threads) == {
        "lexicon": data_version(),
        "words": 1,
        "statuses": [200, 200, 400, 200, 200, 200, 200, 200],
        "left": [],
    }


def test_threads_find_the_stems_that_one_finds(monkeypatch):
    """Those of the fiches and words made from them; each thread is interrupted as often as can be."""
    roots = Mot.objects.order_by("mot").values_list("mot", flat=True)
    words = [f"{root}{ending}" for root in roots for ending in ("", "issements", "atrices")]
    own = snowballstemmer.stemmer("french")
    alone = [plain(own.stemWord(word)) for word in words]
    barrier = Barrier(THREADS)

    def stems(_thread):
        barrier.wait()
        return [stem(word) for word in words]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            together = list(pool.map(stems, range(THREADS)))
    finally:
        sys.setswitchinterval(interval)
    assert together == [alone] * THREADS


class WatchedLock:
    """A lock that tells when somebody waits for it."""

    def __init__(self):
        self.lock, self.waited_for = Lock(), Event()

    def acquire(self, timeout):
        if self.lock.acquire(blocking=False):
            return True
        self.waited_for.set()
        return self.lock.acquire(timeout=timeout)

    def release(self):
        self.lock.release()


def test_the_lexicon_is_read_once_for_all_who_wait(monkeypatch, loaded_lexicon):
    """The first thread is held while it reads; the second finds the same lexicon, without a reading of its own."""
    reads, lock = [], WatchedLock()

    def read(version, before):
        reads.append(version)
        assert lock.waited_for.wait(10)
        return replace(loaded_lexicon, version=version)

    monkeypatch.setattr(lexicon, "WAIT", 30)
    monkeypatch.setattr(lexicon, "_READING", lock)
    monkeypatch.setattr(lexicon, "_LEXICON", lexicon.Lexicon())
    monkeypatch.setattr(lexicon, "data_version", lambda: 7)
    monkeypatch.setattr(lexicon, "read_lexicon", read)
    with ThreadPoolExecutor(2) as pool:
        first, second = (pool.submit(lexicon.lexicon) for _thread in range(2))
        assert first.result() is second.result()
    assert reads == [7]


def test_who_has_waited_enough_for_the_lexicon_reads_her_own(monkeypatch, loaded_lexicon):
    """Of the version that was asked for, never the one before; what the other thread reads is put in place by it."""
    monkeypatch.setattr(lexicon, "WAIT", 0.01)
    monkeypatch.setattr(lexicon, "_LEXICON", replace(loaded_lexicon, version=0))
    with lexicon._READING:
        assert lexicon.lexicon() == loaded_lexicon
    assert lexicon._LEXICON.version == 0
    assert lexicon.lexicon() == lexicon._LEXICON == loaded_lexicon


def test_what_a_search_knows_is_read_before_the_first_request():
    found = cold_start(["/robots.txt"])
    assert found == {"lexicon": data_version(), "words": 1, "statuses": [200], "left": []}


def test_a_start_without_a_database_is_a_start():
    found = cold_start(["/aide/"], DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing", DATABASE_TIMEOUT="1")
    assert found == {"lexicon": -1, "words": 1, "statuses": [503], "left": []}
