"""Whether a server answers: once it failed, one thread asks it, and everybody else is told at once."""

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic, sleep

from psycopg import OperationalError

EVERY = 1.0  # seconds between two tries of a server that is away
FIRST_TRY = 0.4  # seconds that a request waits to hear whether it is, right after a failure
SILENCE = 0.5  # seconds without an answer to one request after which the next do not ask too
logger = logging.getLogger(__name__)


class AwayError(OperationalError):
    """The server is known not to answer: it was not asked."""


class Breaker:
    """`attempt` asks the server something, and raises what psycopg raises where it does not answer."""

    def __init__(self, name: str, attempt: Callable[[], None]):
        self.name, self.attempt = name, attempt
        self.away, self.lock, self.tried = False, Lock(), Event()
        self.asking: dict[int, float] = {}  # connection → since when it waits for its first answer

    def check(self) -> None:
        """Raises AwayError where the server does not answer."""
        if self.away:
            self.tried.wait(FIRST_TRY)
            self.tried.set()  # one that takes longer than that is waited for no more
            if self.away:
                raise AwayError(f"{self.name}: away")
        if any(monotonic() - since > SILENCE for since in list(self.asking.values())):
            raise AwayError(f"{self.name}: silent")

    def fail(self) -> bool:
        """The server did not answer somebody. It is tried at once, then every second; whether this is news."""
        with self.lock:
            if self.away:
                return False
            self.away = True
            self.tried.clear()
        Thread(target=self.watch, name=f"breaker-{self.name}", daemon=True).start()
        return True

    def watch(self) -> None:
        """Tries until the server answers."""
        since, told = monotonic(), False
        while True:
            try:
                self.attempt()
            except Exception as error:  # ours too (no file left to open): without this thread nobody asks any more
                if not told:
                    logger.error("The database is away (%s): %s", self.name, type(error).__name__)
                    told = True
                self.tried.set()
                sleep(EVERY)
            else:
                break
        self.away = False
        self.tried.set()
        if told:
            logger.error("The database is back (%s), after %.1f s", self.name, monotonic() - since)
