"""The index that this process has at present: made aside by one thread, put in place whole, never changed after."""

import logging
from threading import Event, Lock, Thread

from django.db import DatabaseError, connection

from initiatives.core.database.servers import Purpose, taken_for
from initiatives.core.limits import WORKSHOP, limited
from initiatives.core.versioned import data_version

from .reading import Change, Index, read_change, read_index

logger = logging.getLogger(__name__)
AT_ONCE = 1000  # fiches: more are read by a thread of its own, while the database answers
WAIT = 0.25  # seconds that a request waits for an index which another makes
_INDEX = Index()
_READING = Lock()
_ASIDE = Event()  # set while a thread of its own reads


def index_at(version: int | None) -> Index | None:
    """The index of a version that a request has read, or of a later one. None where the database answers by itself:
    without a version, past INDEX_MAX fiches, and while another thread makes it.

    No query where it is there; seven where the data changed, or those of another thread.
    """
    if version is None:
        return None
    known = _INDEX if serves(_INDEX, version) else renewed(version)
    return known if known and known.columns else None


def index_ready(version: int | None) -> Index | None:
    """The same where it is there already; none is made. No query, but one where the data changed meanwhile."""
    known = _INDEX
    return known if version is not None and known.columns and serves(known, version) else None


def serves(known: Index, version: int) -> bool:
    """Whether an index is no older than the version; one that is newer than the data themselves, or of another version
    of the same number, is of a database that was restored since."""
    return known.is_of(version) or (version < known.version <= data_version() and known.is_of(known.version))


def renewed(version: int) -> Index | None:
    """The index of this version, which this thread makes or waits for; None where that would take too long."""
    if not _READING.acquire(timeout=0 if _ASIDE.is_set() else WAIT):
        return None
    aside = False  # whether the lock is another thread's from here on
    try:
        if serves(_INDEX, version):
            return _INDEX
        # Of a database that was restored nothing is known.
        change = read_change(version, _INDEX if _INDEX.version < version else Index())
        if len(change.numeros) <= AT_ONCE:
            return put(read_index(change))
        _ASIDE.set()
        aside = True
        Thread(target=read_aside, args=[change], daemon=True).start()
    finally:
        if not aside:
            _READING.release()
    return None


def read_aside(change: Change) -> None:
    """Makes the index of many fiches, in a thread of its own that holds the lock."""
    try:
        with limited(WORKSHOP), taken_for(Purpose.READ):
            put(read_index(change))
    except DatabaseError as error:
        logger.warning("The index was not made: %s", type(error).__name__)
    finally:
        connection.close()
        _ASIDE.clear()
        _READING.release()


def put(index: Index) -> Index:
    global _INDEX
    _INDEX = index
    return index
