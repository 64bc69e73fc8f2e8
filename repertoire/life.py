"""The life of one start of the server, which its processes share: imported before they are forked."""

import mmap
import signal
import struct
from threading import Timer
from time import monotonic, sleep

# Whether a process lives, and whether it may be sent visitors (probes.py).
ALIVE, READY = "/sante/vivant/", "/sante/pret/"
_LEAVING = mmap.mmap(-1, 1)
_SEEN, SEEN = mmap.mmap(-1, 16), struct.Struct("qd")
_COPY_LEFT = mmap.mmap(-1, 1)


def leave_copy(late: bool) -> None:
    """Visitors read where is written, for the copy that they read stays behind; or they read it again."""
    _COPY_LEFT[0] = late


def copy_is_left() -> bool:
    return _COPY_LEFT[0] == 1


def saw(version: int, moment: float) -> None:
    """A process asked for the version of the data at this moment (of `monotonic`, which all of them share)."""
    _SEEN[:] = SEEN.pack(version, moment)


def last_seen() -> tuple[int, float]:
    """The version that was asked for last, by whichever process, and when; zeros before the first."""
    return SEEN.unpack(_SEEN[:])


def is_leaving() -> bool:
    """Whether the server was asked to stop: it answers still, and says to whoever sends it visitors to send no more."""
    return _LEAVING[0] == 1


def leave_slowly(arbiter, delay: int) -> None:
    """From a first SIGTERM on, gunicorn goes on for `delay` seconds, not ready any more; a second one stops it now."""
    stop = arbiter.handle_term

    def handle_term():
        if is_leaving() or not delay:
            stop()
        _LEAVING[0] = 1
        again = Timer(delay, arbiter.SIG_QUEUE.put, [signal.SIGTERM])
        again.daemon = True
        again.start()

    arbiter.handle_term = handle_term


def replace_when_ready(arbiter, patience: float, wait=sleep) -> None:
    """On SIGHUP gunicorn ends its processes as soon as the new ones are born, seconds before they answer: here those of
    before answer until the new ones do, for `patience` seconds at most.
    """
    manage = arbiter.manage_workers

    def manage_workers():
        until = monotonic() + patience
        while len(arbiter.WORKERS) > arbiter.num_workers and not all_answer(arbiter) and monotonic() < until:
            arbiter.reap_workers()
            wait(0.05)
        manage()

    arbiter.manage_workers = manage_workers


def all_answer(arbiter) -> bool:
    """Whether the processes that are to stay, the youngest, answer: a process says each second that it lives, by a
    clock that starts with the machine; before its first word its file bears the date.
    """
    youngest = sorted(arbiter.WORKERS.values(), key=lambda worker: worker.age)[-arbiter.num_workers :]
    return all(worker.tmp.last_update() <= monotonic() for worker in youngest)
