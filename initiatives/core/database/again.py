"""What only reads, begun again where its connection died under it."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection


def once_more(work: Callable[[], object]):
    """What `work()` gives; begun once more, on another connection, where it died or there was none. Raises what the
    database raises: at once where the server is known to be away.
    """
    try:
        return work()
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or not lost():
            raise
        connection.close()
        return work()


def lost() -> bool:
    """Whether this thread has no connection that works."""
    return connection.connection is None or connection.connection.closed
