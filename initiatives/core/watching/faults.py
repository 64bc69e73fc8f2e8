"""The errors of the site, counted by their place: what an operator needs to mend them, and nothing of who met them."""

import logging
import sys
import traceback
from collections.abc import Iterator

from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.dispatch import receiver
from django.utils import timezone

from initiatives.core.database.servers import Purpose, taken_for
from initiatives.core.limits import PUBLIC, limited
from repertoire.logs import UNKNOWN, places, route_of
from repertoire.release import code_version

SEEN = """
INSERT INTO public.initiatives_panne (route, nature, endroit, version, nombre, premiere_le, derniere_le)
VALUES (%s, %s, %s, %s, 1, %s, %s)
ON CONFLICT (route, nature, endroit) WHERE reglee_le IS NULL DO UPDATE
SET nombre = initiatives_panne.nombre + 1, derniere_le = EXCLUDED.derniere_le, version = EXCLUDED.version
"""
logger = logging.getLogger(__name__)


def kind_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"[:100]


def place_of(error: BaseException) -> str:
    """The last line of our own code that an error went through: module and number."""
    return [UNKNOWN, *places(traceback.walk_tb(error.__traceback__))][-1]


def record(route: str, error: BaseException) -> None:
    """Counts an error of the site. Where the database cannot take it, the log alone has it. One query."""
    now = timezone.now()
    values = [route[:100], kind_of(error), place_of(error), code_version(), now, now]
    try:
        if connection.in_atomic_block:
            with transaction.atomic():
                write(values)
            return
        connection.close()  # it may be broken, or that of a server that is only read
        with limited(PUBLIC), taken_for(Purpose.WRITE):
            write(values)
    except (DatabaseError, InterfaceError) as failure:
        logger.error("A fault could not be noted: %s", type(failure).__name__)


def write(values: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SEEN, values)


@receiver(got_request_exception)
def note(sender, request=None, **kwargs) -> None:
    """An error that becomes a 500: Django tells it while it is being handled."""
    if error := sys.exception():
        record(route_of(request), error)


def told_of(request, stream: Iterator[bytes]) -> Iterator[bytes]:
    """A stream, whose error no page tells: its answer began well."""
    try:
        yield from stream
    except Exception as error:
        logger.exception("%s: an answer was cut short", route_of(request))
        if not isinstance(error, DatabaseError | InterfaceError):
            record(route_of(request), error)
        raise
