"""What a process keeps between requests: answers, each under the version of the data that it was made from.

From a save to here: the save's table has the trigger `version_donnees` (migration 0002), and the commit moves the
version on, with the data. The version is read before the data. So what is kept under a version is at least as new as
that version, and nobody asks for it once a newer one exists: a fiche unpublished just now cannot come back. A database
that was restored counts the same numbers anew: its moment tells a version from that of before. Nothing that holds a
search is kept.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock
from time import monotonic, time

from cachetools import LRUCache
from django.db import OperationalError, ProgrammingError, connection

from initiatives.core.database.again import once_more
from initiatives.models import VersionDonnees
from repertoire import life

PRESENT = "SELECT numero, modifiee_le FROM public.initiatives_versiondonnees"
MAX_BYTES = 32 * 1024 * 1024
OVERHEAD = 600  # bytes that an entry takes besides its body: digest, objects, places in three tables


def data_version() -> int:
    """The present version of the data, whose moment `last_change` gives. One query, which every request begins with;
    asked once more where the connection had died since it was last used. Raises what the database raises.
    """
    global _MARKS
    since = monotonic()
    numero, moment = once_more(asked)
    if _MARKS.get(numero) != moment:
        _MARKS = dict([*_MARKS.items()][-MARKS:]) | {numero: moment}
    if since >= life.last_seen()[1]:  # whoever asked later knows better
        life.saw(numero, since)
    return remembered(MOMENT, numero, lambda: (numero, moment))[0]


def asked() -> tuple[int, datetime]:
    """A database without a version is not the site's yet, or not any more: it is as good as away."""
    try:
        with connection.cursor() as cursor:
            found = cursor.execute(PRESENT).fetchone()
    except ProgrammingError as error:
        raise OperationalError(*error.args) from error.__cause__
    if found is None:
        raise OperationalError("The database has no version of the data.")
    return found


def mark(version) -> datetime | None:
    """What tells a version from another of the same number, once a backup was restored: its moment. None where this
    process did not read it of late. No query.
    """
    return _MARKS.get(version)


class Dated:
    """What was made of a version of the data, whose moment it keeps."""

    version: int

    def __post_init__(self):
        self.moment = mark(self.version)

    def is_of(self, version: int) -> bool:
        return self.version == version and self.moment == mark(version)


def last_known() -> tuple[int, datetime] | None:
    """The version that was seen last, and when it was seen to be the present one. No query.

    By any process of the server: one that was not asked since a change would show what another knows to be withdrawn.
    """
    number, since = life.last_seen()
    return (number, datetime.fromtimestamp(time() - (monotonic() - since), UTC)) if number else None


def last_change(version: int) -> datetime:
    """When the data became what they are in this version. No query after `data_version`, unless they moved on since:
    one, for the moment of the last.
    """
    present = VersionDonnees.objects.values_list("numero", "modifiee_le")
    return remembered(MOMENT, version, present.get)[1]


class Answers:
    """Bodies by key, whose first part is the version: those of another are let go when one of a new version comes, for
    nobody asks for them again; the least used when they weigh too much. Safe between threads.

    A key is kept as its digest: an address of 8 kB weighs no more than another, and none can be read in memory.
    """

    def __init__(self, max_bytes: int = MAX_BYTES):
        self.kept, self.lock = LRUCache(max_bytes, getsizeof=lambda body: len(body) + OVERHEAD), Lock()
        self.version = None

    def get(self, key) -> bytes | None:
        with self.lock:
            return self.kept.get(digest(key))

    def put(self, key, body: bytes) -> None:
        version = key[0], mark(key[0])
        with self.lock:
            if version != self.version:
                self.kept.clear()
                self.version = version
            self.kept.pop(digest(key), None)
            with suppress(ValueError):  # heavier than everything that may be kept
                self.kept[digest(key)] = body

    def clear(self) -> None:
        with self.lock:
            self.kept.clear()


def digest(key) -> bytes:
    return hashlib.sha256(repr((key, mark(key[0]))).encode()).digest()


ANSWERS = Answers()
MOMENT = "version des données"
_REMEMBERED: dict[str, tuple[tuple, object]] = {}
MARKS = 8  # versions whose moment is kept: threads are never further apart
_MARKS: dict[int, datetime] = {}  # replaced whole, for other threads read it


def remembered(name: str, version: int | None, make: Callable[[], object]):
    """What `make()` gives, made once for each version of the data; made anew without a version."""
    kept_version, value = _REMEMBERED.get(name, (None, None))
    present = version, mark(version)
    if version is None or kept_version != present:
        value = make()
        if version is not None:
            _REMEMBERED[name] = (present, value)
    return value


def forget() -> None:
    """Lets everything go: for tests, whose rollbacks give the same version to other data."""
    ANSWERS.clear()
    _REMEMBERED.clear()
    life.saw(0, 0.0)
