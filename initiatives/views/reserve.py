"""Pages set aside for the day when the database is away: those of the sitemap, in a file that outlives its process.

One process of the server keeps it (a lock on a file). What it holds is of one version of the data: it is thrown away
within seconds of a change, since what was withdrawn must not come back, and made again once the data are still. It says
nothing of who asked for what: the same pages are set aside whoever comes.
"""

import fcntl
import json
import logging
import os
import re
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation

from initiatives.core.database.servers import Purpose, taken_for
from initiatives.core.limits import WORKSHOP, limited
from initiatives.core.versioned import data_version, mark
from initiatives.core.watching import standby
from repertoire.release import code_version

from .inside import ask
from .packing import packed, plain, unpacked

EVERY = 2.0  # seconds between two looks at the version
STILL = 6.0  # seconds without a change before the pages are made
REST = 3  # times as long as a page took: visitors come first
MOST = 2000  # pages
AFTER_AN_ERROR = 600  # seconds without a page made
ABOUT = "about.json"
FIRST = (  # which the sitemap does not name
    *("trouver", "initiatives-json", "regions-json", "ressources-json", "ressources-csv", "portrait-json"),
    *("portrait-csv", "initiatives-atom", "catalogue-jsonld", "datapackage", "initiatives-csv-metadata", "openapi"),
)
MANY = re.compile(r"/(?:initiatives|organismes)/[\w-]+/$")  # a page each: they come after those that lead to them
PLACE = re.compile(r"<loc>[a-z]+://[^/<]+([^<]+)</loc>")
logger = logging.getLogger(__name__)


def last_known() -> tuple[int, datetime] | None:
    """The version of what is set aside by this release, and when it was last seen to be the present one."""
    file = settings.RESERVE
    with suppress(Exception):  # a file that is damaged, or not ours, says anything: it is none
        if file is None or not file.is_file():  # a pipe would be waited for
            return None
        about = told(file)
        if about["code"] == code_version():
            return int(about["version"]), datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return None


def told(file: Path) -> dict:
    """What the file says of itself. Raises whatever a damaged one makes of it."""
    with zipfile.ZipFile(file) as pages:
        return json.loads(pages.read(ABOUT))


def about(version: int, whole: bool = True) -> dict:
    """What a file of this version says of itself: its moment too, which a database that was restored has not."""
    return {"version": version, "moment": str(mark(version)), "code": code_version(), "whole": whole}


def kept(version: int, path: str) -> HttpResponse | None:
    """The page of this path that was set aside under this version, not compressed."""
    known = last_known()
    if known is None or known[0] != version:
        return None
    with suppress(Exception), zipfile.ZipFile(settings.RESERVE) as pages:  # the same of each page
        return plain(unpacked(pages.read(path)))
    return None


def addresses() -> list[str]:
    """What is set aside: the questions that lead to help, the list as data, the pages of the sitemap."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found += [reverse(name) for name in FIRST]
    return [*dict.fromkeys([*found, *PLACE.findall(ask(reverse("sitemap")).content.decode())])][:MOST]


class Keeper:
    """Looks at the version, and has the file hold its pages or none; without a file it only looks, so that no process
    shows from memory what was withdrawn since it was last asked.
    """

    def __init__(self, file: Path | None, wait=sleep, clock=monotonic):
        self.file, self.wait, self.clock = file, wait, clock
        self.about, self.since = {}, 0.0
        self.glanced, self.rested = float("-inf"), float("-inf")

    def glance(self) -> None:
        """Looks whether the copy that is read follows, while pages are made too."""
        if self.clock() - self.glanced >= EVERY:
            self.glanced = self.clock()
            standby.watch()

    def look(self) -> None:
        """One look: throws away what is past; makes what is missing, once the data are still. Raises what the database
        raises.
        """
        self.glance()
        version = data_version()
        if self.file is None:
            return
        if about(version) != self.about:
            self.about, self.since = about(version), self.clock()
        present = told(self.file) if last_known() else None
        if present == self.about:
            os.utime(self.file)
            return
        if present != about(version, whole=False):
            self.file.unlink(missing_ok=True)
        if self.clock() - self.since >= STILL and self.clock() >= self.rested:
            found = addresses()
            first = [path for path in found if not MANY.search(path)]
            if self.make(about(version, whole=False), first):
                self.make(self.about, found)

    def make(self, said: dict, paths: list[str]) -> bool:
        """Sets these pages aside, unless the data change or go meanwhile; whether they did not."""
        draft = self.file.with_suffix(".part")
        with zipfile.ZipFile(draft, "w") as pages:
            pages.writestr(ABOUT, json.dumps(said))
            for path in paths:
                self.glance()
                began = self.clock()
                response = ask(path, "br")
                if response.status_code == 200 and not response.streaming:
                    pages.writestr(path, packed(response))
                if response.incomplete or about(data_version()) != self.about:
                    return False
                connection.close()
                self.wait(REST * (self.clock() - began))
        draft.replace(self.file)
        return True

    def run(self) -> None:
        """Without end: what goes wrong is tried again. An error of our own will come again: only the pages wait."""
        with taken_for(Purpose.READ), limited(WORKSHOP):
            while True:
                try:
                    self.look()
                except (DatabaseError, InterfaceError, OSError) as error:
                    logger.debug("Pages were not set aside: %s", type(error).__name__)
                except Exception:
                    if self.clock() >= self.rested:
                        logger.exception("Pages were not set aside.")
                        self.rested = self.clock() + AFTER_AN_ERROR
                finally:
                    connection.close()
                self.wait(EVERY)


def keep(file: Path | None) -> None:
    """Keeps the file, in a thread of this process, as soon as no other process does; none: only looks."""
    Thread(target=alone, args=[file], name="reserve", daemon=True).start()


def alone(file: Path | None) -> None:
    """Only looks where the file cannot be written."""
    if file is None:
        return Keeper(None).run()
    try:
        file.parent.mkdir(exist_ok=True)
        with file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until the other process ends
            return Keeper(file).run()
    except OSError as error:
        logger.warning("No page can be set aside: %s", type(error).__name__)
    return Keeper(None).run()
