"""The index that this process has at present: made aside by one thread, put in place whole, never changed after."""

import logging
from threading import Lock, Thread

from django.db import DatabaseError, connection

from initiatives.core.limits import WORKSHOP, limited
from initiatives.core.versioned import data_version
from initiatives.models import Initiative

from .reading import Index, read_index

logger = logging.getLogger(__name__)
AT_ONCE = 1000  # fiches: more are read by a thread of its own, while the database answers
WAIT = 0.25  # seconds that a request waits for an index which another makes
_INDEX = Index()
_READING = Lock()


def index_at(version: int | None) -> Index | None:
    """The index of a version that a request has read, or of a later one. None where the database answers by itself:
    without a version, past INDEX_MAX fiches, and while another thread makes it.

    No query where it is there; five where the data changed, or those of another thread.
    """
    if version is None:
        return None
    known = _INDEX if serves(_INDEX, version) else renewed(version)
    return known if known and known.columns else None


def serves(known: Index, version: int) -> bool:
    """Whether an index is no older than the version; one that is newer than the data themselves is of a database that
    was restored since."""
    return known.version == version or (known.version > version and known.version <= data_version())


def renewed(version: int) -> Index | None:
    """The index of this version, which this thread makes or waits for; None where that would take too long."""
    small = is_small(_INDEX)
    if not _READING.acquire(timeout=WAIT if small else 0):
        return None
    if not small:
        Thread(target=read_aside, args=[version], daemon=True).start()
        return None
    try:
        return _INDEX if serves(_INDEX, version) else put(read_index(version))
    finally:
        _READING.release()


def is_small(known: Index) -> bool:
    """Whether an index is made while who asks for it waits."""
    if known.columns:
        return known.columns.everyone.bit_count() <= AT_ONCE
    return Initiative.objects.publiees().count() <= AT_ONCE


def read_aside(version: int) -> None:
    """Makes the index of a large directory, in a thread of its own that holds the lock."""
    try:
        with limited(WORKSHOP):
            put(read_index(version))
    except DatabaseError as error:
        logger.warning("The index was not made: %s", type(error).__name__)
    finally:
        connection.close()
        _READING.release()


def put(index: Index) -> Index:
    global _INDEX
    _INDEX = index
    return index
