"""How long the database may take: little for a visitor, more for an editor, and as long as it needs for a command.

Set on a connection when a request takes it from the pool, and only where it had others: nearly always without a query.
Not asked for at the start of a connection (`options`), which a connection pooler refuses.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.db.backends.signals import connection_created
from django.dispatch import receiver


@dataclass(frozen=True)
class Limits:
    """In milliseconds: a statement, and what it may wait for a lock; less, for a lock is no fault of the question."""

    statement: int
    lock: int

    @property
    def answer(self) -> int:
        """After how long a server that says nothing, not even that a statement was too long, is one that hangs."""
        return self.statement + 400


PUBLIC = Limits(2_000, 1_000)
WORKSHOP = Limits(15_000, 4_000)
_PRESENT: ContextVar[Limits | None] = ContextVar("limits", default=None)
SET = "SELECT set_config('statement_timeout', %s::text, false), set_config('lock_timeout', %s::text, false)"


def present() -> Limits | None:
    """The limits of this thread; none for a command."""
    return _PRESENT.get()


@contextmanager
def limited(limits: Limits):
    """What is asked of the database inside, by this thread, is held to these limits."""
    token = _PRESENT.set(limits)
    try:
        yield
    finally:
        _PRESENT.reset(token)


@receiver(connection_created)
def hold_to_limits(sender, connection, **kwargs) -> None:
    """One query where the connection had other limits, none otherwise; none behind a pooler that gives each transaction
    another connection, where the role holds them (docs/operations.md)."""
    limits, raw = present(), connection.connection
    if limits and settings.DATABASE_POOLER != "transaction" and getattr(raw, "limits", None) != limits:
        raw.execute(SET, [limits.statement, limits.lock])
        raw.limits = limits
