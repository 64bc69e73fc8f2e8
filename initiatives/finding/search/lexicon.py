"""The lexicon that this process has at present, under the version of the data that it was read for."""

from threading import Lock

from initiatives.core.versioned import data_version

from .collection import Lexicon
from .reading import read_lexicon

WAIT = 1.0  # seconds that a search waits for a lexicon which another reads; then it reads its own
_LEXICON = Lexicon()
_READING = Lock()


def lexicon(version: int | None = None) -> Lexicon:
    """The lexicon of this version, or of the present one: one query. Those of `read_lexicon` more when the data
    changed, in one thread while others wait, not for ever."""
    version, known = data_version() if version is None else version, _LEXICON
    if known.is_of(version):
        return known
    if not _READING.acquire(timeout=WAIT):
        return read_lexicon(version, known)
    try:
        return _LEXICON if _LEXICON.is_of(version) else put(read_lexicon(version, _LEXICON))
    finally:
        _READING.release()


def put(known: Lexicon) -> Lexicon:
    global _LEXICON
    _LEXICON = known
    return known
