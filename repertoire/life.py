"""The life of one start of the server, which its processes share: imported before they are forked."""

import mmap
import signal
from threading import Timer

# Whether a process lives, and whether it may be sent visitors (probes.py).
ALIVE, READY = "/sante/vivant/", "/sante/pret/"
_LEAVING = mmap.mmap(-1, 1)


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
