"""What a process learnt of the expressions, kept in a file for the next one: learning takes a second and a half.

The file is of the machine that wrote it, beside its static files, and holds numbers alone. What another release, other
expressions or another model would learn has another mark. Without a folder to write in, each process learns by itself.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from django.conf import settings

from repertoire.release import code_version

KEPT = settings.BASE_DIR / "var" / "appris.npz"
Learnt = tuple[np.ndarray, ...]


def once(path: Path | None, learnt_from: tuple, learn: Callable[[], Learnt]) -> Learnt:
    """What `learn()` gives, or gave to whoever learnt from the same before."""
    if path is None or not path.parent.is_dir():
        return learn()
    mark = hashlib.sha256(repr((code_version(), np.__version__, learnt_from)).encode()).hexdigest()
    known = read(path, mark)
    if known is None:
        known = learn()
        write(path, mark, known)
    return known


def read(path: Path, mark: str) -> Learnt | None:
    """What the file holds under this mark; None where it is another's, or no whole file."""
    with suppress(OSError, ValueError, KeyError, EOFError, BadZipFile), path.open("rb") as file, np.load(file) as kept:
        if str(kept["mark"]) == mark:
            return tuple(kept[f"arr_{place}"] for place in range(len(kept.files) - 1))
    return None


def write(path: Path, mark: str, known: Learnt) -> None:
    """Written aside and put in place whole: another process may read meanwhile."""
    draft = path.with_suffix(f".{os.getpid()}.npz")
    with suppress(OSError):
        np.savez(draft, *known, mark=mark)
        draft.replace(path)
