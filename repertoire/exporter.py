"""The metrics of a server with several processes: their folder, the place of each in it, the process that serves them.

The places are few and taken again: a process that begins where another ended goes on with its counts, and the folder
does not grow.
"""

import fcntl
import logging
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
PLACE = "METRICS_PLACE"
KINDS = ("counter", "histogram", "gauge_livesum")  # a file each, as prometheus_client names them
ROOM = 1024 * 1024  # bytes of a file: every address by every method and kind of status
logger = logging.getLogger("gunicorn.error")
_HELD = []  # the lock of this process, for as long as it lives
_SERVING: list[subprocess.Popen] = []


def prepare() -> None:
    """A new folder for a new server; the same after a reload."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="repertoire-metrics-")


def take_place() -> None:
    """The first place that no living process has, emptied of what is true of a living process alone."""
    folder = Path(os.environ[FOLDER])
    for number in count():
        lock = (folder / f"{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        break
    _HELD[:] = [lock]
    forget(number)
    os.environ[PLACE] = str(number)
    try:
        for kind in KINDS:
            hold_room(folder / f"{kind}_{number}.db")
    except OSError as error:
        logger.error("This process counts nothing: %s", type(error).__name__)
        del os.environ[FOLDER], os.environ[PLACE]


def sweep() -> None:
    """Away with what is true of a living process alone where a process ended: after a reload nobody takes its place."""
    with suppress(OSError):
        for path in Path(os.environ[FOLDER]).glob("*.lock"):
            with path.open("w") as lock, suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                forget(path.stem)


def forget(place: int | str) -> None:
    for file in Path(os.environ[FOLDER]).glob(f"gauge_live*_{place}.db"):
        file.unlink(missing_ok=True)


def hold_room(file: Path) -> None:
    """Takes the room of a file that will be written in memory: where the disk is full by then, that kills a process."""
    with file.open("ab") as room:
        os.posix_fallocate(room.fileno(), 0, ROOM)


def serve() -> None:
    """Starts the process that serves them, unless it lives."""
    if not _SERVING or _SERVING[0].poll() is not None:
        command = [sys.executable, "manage.py", "serve_metrics", "--parent", str(os.getpid())]
        _SERVING[:] = [subprocess.Popen(command, cwd=Path(__file__).parent.parent)]  # noqa: S603 - our own


def clear() -> None:
    """Away with the folder: its server ends."""
    folder = Path(os.environ.pop(FOLDER))
    for file in folder.iterdir():
        file.unlink(missing_ok=True)
    folder.rmdir()
