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
_LACKED = None  # the oldest change that the copy was seen to lack, and lacks still: (number, moment)


def behind() -> timedelta | None:
    """For how long the server of the reads lacks a change: 0 where it has the last, or is that of the writes; None
    where one of the two does not answer, which is told elsewhere. A query to each, on a connection apart.

    The change is the oldest that this process saw it lack: others that follow make it no younger. One that has more
    than was written follows another past: the writes were restored to a moment before.
    """
    global _LACKED
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
    if None in found:
        return None
    read, written = found
    if read == written:
        _LACKED = None
        return timedelta(0)
    lacked = _LACKED
    if lacked is None or not read[0] < lacked[0] <= written[0]:
        _LACKED = lacked = written
    return datetime.now(UTC) - lacked[1]


def is_late() -> bool:
    late = behind()
    return late is not None and late > LATE


def watch() -> None:
    """Has visitors leave a copy that stays behind, and come back once it follows; nothing where nobody knows."""
    late = behind()
    if late is not None and (late > TOO_LATE) != life.copy_is_left():
        life.leave_copy(late > TOO_LATE)
        logger.error("The copy stays behind: it is left." if life.copy_is_left() else "The copy follows again.")
