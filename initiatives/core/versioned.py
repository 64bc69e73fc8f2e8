"""What a process keeps between requests: answers, each under the version of the data that it was made from.

From a save to here: the save's table has the trigger `version_donnees` (migration 0002), and the commit moves the
version on, with the data. The version is read before the data. So what is kept under a version is at least as new as
that version, and nobody asks for it once a newer one exists: a fiche unpublished just now cannot come back. Nothing
that holds a search is kept.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock

from django.conf import settings

from initiatives.models import VersionDonnees

MAX_BYTES = 32 * 1024 * 1024


def data_version() -> int:
    """The present version of the data. One query."""
    return VersionDonnees.objects.values_list("numero", flat=True).get()


@cache
def code_version() -> str:
    """A mark of the code that makes the answers: a new release does not answer 304 for what it would say otherwise."""
    digest = hashlib.sha256()
    for folder, pattern in (
        ("initiatives", "*.py"),
        ("templates", "*.html"),
        ("templates", "*.typ"),
        ("locale", "*.mo"),
    ):
        for path in sorted(Path(settings.BASE_DIR, folder).rglob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class Answers:
    """Bodies by (version, key), the least used let go when they weigh too much. Safe between threads."""

    def __init__(self, max_bytes: int = MAX_BYTES):
        self.max_bytes, self.weight, self.kept, self.lock = max_bytes, 0, OrderedDict(), Lock()

    def get(self, key) -> bytes | None:
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def put(self, key, body: bytes) -> None:
        with self.lock:
            self.weight += len(body) - len(self.kept.pop(key, b""))
            self.kept[key] = body
            while self.weight > self.max_bytes:
                self.weight -= len(self.kept.popitem(last=False)[1])

    def clear(self) -> None:
        with self.lock:
            self.kept.clear()
            self.weight = 0


ANSWERS = Answers()
_REMEMBERED: dict[str, tuple[int, object]] = {}


def remembered(name: str, version: int | None, make: Callable[[], object]):
    """What `make()` gives, made once for each version of the data; made anew without a version."""
    kept_version, value = _REMEMBERED.get(name, (None, None))
    if version is None or kept_version != version:
        value = make()
        if version is not None:
            _REMEMBERED[name] = (version, value)
    return value


def forget() -> None:
    """Lets everything go: for tests, whose rollbacks give the same version to other data."""
    ANSWERS.clear()
    _REMEMBERED.clear()
