"""Who may come in when many ask at once: whatever is asked, a thread is left for help and fiches.

What takes time asks for a place, keeps it until its answer is closed, and is told to come back where there is none.
Threads that wait are taken too: few wait, and for half a second at most.
"""

import re
from functools import wraps
from threading import BoundedSemaphore
from time import monotonic

from django.conf import settings

WAIT = 0.5  # seconds, in all the rooms together


class BusyError(Exception):
    """There is no place now."""


class Room:
    """So many places, and whether one may be waited for."""

    def __init__(self, places: int, *, waits: bool = False):
        self.free, self.waits = BoundedSemaphore(max(1, places)), waits


THREADS = settings.WEB_THREADS
HOUSE = Room(THREADS - 1)  # all but the quick pages
HALL = Room(THREADS - 2)  # slow work, waiting for a desk or at one: a search still comes in
DESKS = Room(THREADS // 2, waits=True)
# A long document takes a processor and 250 MB for half a second.
TYPESETTERS = Room(min(2, THREADS // 2), waits=True)

SEARCH = WORKSHOP = (HOUSE,)
SLOW = (HALL, HOUSE, DESKS)
DOCUMENT = (*SLOW, TYPESETTERS)
# What belongs to the group of processes « atelier », where there are two: the workshop, and every address that may ask
# for a desk. nginx sends them there by this very expression (deploy/nginx/repertoire.conf).
_DATA = r"donnees/.|organismes\.json$|hsds/[a-z_]+$"
ATELIER = rf"^/(admin/|(en/)?({_DATA})|.+\.(csv|pdf|xlsx)$)"
OF_BOTH = "/sante/"


def in_group(path: str) -> bool:
    """Whether this process answers this address."""
    group = settings.PROCESS_GROUP
    return group == "tout" or path == OF_BOTH or (group == "atelier") == bool(re.search(ATELIER, path))


class Places:
    """The places that a request holds."""

    def __init__(self):
        self.held: list[Room] = []

    def take(self, rooms: tuple[Room, ...]) -> None:
        """Takes a place in each of these rooms, in their order, unless it has one. Raises BusyError."""
        until = monotonic() + WAIT
        for room in rooms:
            if room not in self.held:
                if not room.free.acquire(timeout=max(0, until - monotonic()) if room.waits else 0):
                    raise BusyError
                self.held.append(room)

    def leave(self) -> None:
        while self.held:
            self.held.pop().free.release()


def admitted(rooms: tuple[Room, ...]):
    """A view that answers once its request has a place in each of these rooms."""

    def wrapper(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            request.places.take(rooms)
            return view(request, *args, **kwargs)

        return answer

    return wrapper
