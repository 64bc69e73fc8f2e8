"""Whether the copy that visitors read follows: one that lost the primary answers as well as ever, what was true."""

from datetime import UTC, datetime, timedelta

import psycopg
from django.db import connection

from initiatives.core.versioned import PRESENT

LATE = timedelta(minutes=5)


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
