"""Whether the copy that visitors read follows: one that lost the primary answers as well as ever, what was true."""

import logging
from datetime import UTC, datetime, timedelta

import psycopg
from django.db import connection

from initiatives.core.versioned import PRESENT
from repertoire import life

TOO_LATE = timedelta(seconds=10)  # it is read no more: what was withdrawn is there still
LATE = timedelta(minutes=5)  # somebody is told
logger = logging.getLogger(__name__)


def behind() -> timedelta | None:
    """For how long the server of the reads lacks the last change: 0 where it has it, or is that of the writes; None
    where one of the two does not answer, which is told elsewhere. A query to each, on a connection apart.

    One that has more than was written follows another past: the writes were restored to a moment before.
    """
    servers = connection.pool
    if servers is None or servers.reads is servers.writes:
        return timedelta(0)
    found = []
    try:
        for server in (servers.reads, servers.writes):  # in this order: what is written between makes no difference
            with server.connect() as asked:
                found.append(asked.execute(PRESENT).fetchone())
    except psycopg.Error:
        return None
    read, written = found
    return timedelta(0) if read == written else datetime.now(UTC) - written[1]


def is_late() -> bool:
    late = behind()
    return late is not None and late > LATE


def watch() -> None:
    """Has visitors leave a copy that stays behind, and come back once it follows; nothing where nobody knows."""
    late = behind()
    if late is not None and (late > TOO_LATE) != life.copy_is_left():
        life.leave_copy(late > TOO_LATE)
        logger.error("The copy stays behind: it is left." if life.copy_is_left() else "The copy follows again.")
