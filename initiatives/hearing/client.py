"""Where a request comes from, and how often. Said by the connection, or by the proxies that we were told of alone."""

import hashlib
import hmac
import ipaddress
import re
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from initiatives.models import Passage
from repertoire import fleeting

HOUR, STEP = timedelta(hours=1), 10  # minutes

# `1.2.3.4:5678` and `[::1]:5`: what some proxies write; and a zone (`fe80::1%eth0`), which says nothing to others.
WRITTEN = re.compile(r"\[(?P<six>[^\]]*)\](?::\d+)?|(?P<four>[\d.]+)(?::\d+)?|(?P<bare>.*)", re.DOTALL)
UNKNOWN = "0.0.0.0"  # noqa: S104  a connection without address, through a socket of this machine: one place, never an error


def address(request) -> str:
    """The place that a request comes from, for limits and lock-outs: an IPv4 address, or the /64 of an IPv6 one.

    With PROXY_DEPTH proxies before the server, each appends the address that it saw: ours is that many from the end.
    Whatever stands before it was written by the client and is not believed; where it is missing or is no address, the
    place is that of the connection.
    """
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    depth = settings.PROXY_DEPTH
    told = place(seen[-depth]) if 0 < depth <= len(seen) else None
    return told or place(request.META.get("REMOTE_ADDR", "")) or UNKNOWN


def place(written: str) -> str | None:
    """The place of an address as proxies write them, or None when it is none."""
    parts = WRITTEN.fullmatch(written.strip())
    try:
        found = ipaddress.ip_address(parts[parts.lastgroup].partition("%")[0])
    except ValueError:
        return None
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    # One household or one office holds a whole /64: each of its addresses would be another visitor.
    return str(ipaddress.ip_network((found, 64), strict=False).network_address)


@transaction.atomic
def may_pass(origin: str, most: int) -> bool:
    """Counts one passage from this place, unless `most` are counted already within the hour; exact, many at once too.

    A short transaction, one at a time, apart from that of what is sent. All the places of ten minutes stand in one row:
    neither an order, nor a time, nor the transaction that wrote it tells which place sent what.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('initiatives.passage'))")
    forget_passages()
    fingerprint = hmac.digest(fleeting.KEY, origin.encode(), hashlib.sha256).hex()[:16]
    if sum(row.empreintes.get(fingerprint, 0) for row in Passage.objects.all()) >= most:
        return False
    now = timezone.now()
    le = now.replace(minute=now.minute // STEP * STEP, second=0, microsecond=0)
    row, _created = Passage.objects.get_or_create(le=le)
    row.empreintes[fingerprint] = row.empreintes.get(fingerprint, 0) + 1
    row.save()
    return True


def forget_passages() -> int:
    """Erases what is an hour old; says how many rows."""
    return Passage.objects.filter(le__lte=timezone.now() - HOUR).delete()[0]
