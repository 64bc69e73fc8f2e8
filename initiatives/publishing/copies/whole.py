"""A copy of the whole site, made from its own pages: each is asked for as a visitor would, and each link followed."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from initiatives.core.addresses import absolute
from initiatives.core.database.servers import Purpose, taken_for
from initiatives.core.versioned import data_version, last_change
from initiatives.publishing.standards import packages
from repertoire.release import code_version

from . import words
from .folder import Folder
from .pages import DATA, Copy, day, rewritten
from .places import SEARCH, file_of, is_list, is_static, link, name_of, with_query

READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
LOCATION = re.compile(r"<loc>([^<]+)</loc>")
# What no page leads to, and a program looks for.
UNLINKED = ("organismes-json", "regions-json", "datapackage", "initiatives-csv-metadata")
IN_PAGES = {"hsds-services", "hsds-organizations", "hsds-taxonomies", "hsds-terms", "hsds-locations"}
EVERY = 250  # files between two words of progress
READ_ME = {"fr-ca": "LISEZ-MOI.txt", "en": "README.txt"}


class CopyError(Exception):
    """An address that the site does not answer as it should."""


@contextmanager
def one_moment():
    """What is read inside is all of one moment, whatever editors save meanwhile, and nothing can be written.

    The connection may be one to a server that only copies: it is left at the end.
    """
    connection.close()
    try:
        with taken_for(Purpose.READ), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(READ_ONLY)
            yield
    finally:
        connection.close()


def export(
    place: Path,
    ask: Callable[..., HttpResponse],
    search_page: Callable,
    made_at: datetime,
    documents: bool = True,
    tell: Callable[[str], None] = lambda line: None,
    wanted: Callable[[str], bool] = lambda address: True,
) -> dict:
    """Writes the copy, and gives what its manifest says of it. `ask`: gives the answer at an address, of a view where
    one is given; `search_page`: that of the page that searches; `documents`: with the PDFs;
    `wanted`: whether an address is to be in it, where it could.

    Raises NotOursError and CopyError, in a sentence; nothing is left of it then.
    """
    folder = Folder(place)
    try:
        with one_moment():
            whole = Whole(folder, ask, search_page, made_at, documents, tell, wanted)
            about = whole.write()
        about = folder.finish(about)
    finally:
        folder.abandon()
    return about


class Whole:
    """What is known of the copy while it is made: the addresses found, and those still to ask for."""

    def __init__(self, folder: Folder, ask, search_page, made_at: datetime, documents: bool, tell, wanted):
        self.wanted = wanted
        self.folder, self.ask, self.search_page, self.made_at, self.tell = folder, ask, search_page, made_at, tell
        self.copy = Copy(timezone.localtime(made_at).date(), documents, self.follow)
        self.known, self.pages, self.lists = set(), deque(), deque()

    def follow(self, here: str, address: str) -> bool:
        """Whether an address to which a page leads is in the copy. A list leads to its own further pages alone: the
        lists of the lists have no end.
        """
        if address in self.known:
            return True
        if not self.wanted(address):
            return False
        if is_list(address) and is_list(here) and without_page(here) != without_page(address):
            return False
        self.known.add(address)
        (self.lists if is_list(address) else self.pages).append(address)
        return True

    def write(self) -> dict:
        """Everything but the manifest, of which it gives the head."""
        version = data_version()
        for address in self.first():
            self.follow("/", address)
        while self.pages or self.lists:
            # Which lists there are is known once every other page has been read.
            self.take(self.pages.popleft() if self.pages else self.lists.popleft())
            if len(self.folder.files) % EVERY == 0:
                self.tell(f"{len(self.folder.files)} files, {len(self.pages) + len(self.lists)} addresses to ask for")
        about = self.about(version)
        for code, _label in settings.LANGUAGES:
            with translation.override(code):
                self.search_data()
                text = render_to_string("copie/lisez-moi.txt", about | {"jour": day(self.copy.made_on)})
                self.folder.write(READ_ME[code], [text.encode()], "text/plain")
        if data_version() != version:  # asked last: a connection that died on the way says it here
            raise CopyError("The data changed under the export.")
        return about

    def first(self) -> Iterator[str]:
        """The home, the pages of the sitemap, and what no page leads to, in every language."""
        for code, _label in settings.LANGUAGES:
            with translation.override(code):
                yield reverse("accueil")
                for place in LOCATION.findall(self.answer(reverse("sitemap")).content.decode()):
                    yield link(unescape(place), "/").address
                yield from map(reverse, UNLINKED)

    def take(self, address: str) -> None:
        """Writes the file of an address. Raises CopyError.

        An answer is not closed: Django would let the connection go, and its moment with it.
        """
        name = file_of(address)
        if is_static(address):
            self.folder.write(name, [static_file(address).read_bytes()])
            return
        if name_of(address) in IN_PAGES:
            self.folder.write(name, [self.every_page(address)], "application/json")
            return
        response = self.answer(address)
        media = response.headers["Content-Type"]
        pieces = response.streaming_content if response.streaming else [response.content]
        if media.startswith("text/html"):
            pieces = [rewritten(b"".join(pieces).decode(), address, self.copy).encode()]
        self.folder.write(name, pieces, media)

    def answer(self, address: str) -> HttpResponse:
        view = self.search_page if name_of(address) == SEARCH else None
        try:
            response = self.ask(address, view=view)
        except Exception as error:
            raise CopyError(f"{address} cannot be made ({type(error).__name__}): nothing was written.") from error
        if response.status_code != 200 or "Warning" in response.headers:
            raise CopyError(f"{address} answers {response.status_code}: nothing was written.")
        return response

    def every_page(self, address: str) -> bytes:
        """A list of HSDS in one page."""
        page, contents = {"last_page": False}, []
        while not page["last_page"]:
            pairs = [("page", str(page["page_number"] + 1))] if contents else []
            page = json.loads(self.answer(with_query(address, pairs)).content)
            contents += page["contents"]
        whole = {"total_pages": 1, "page_number": 1, "size": len(contents), "first_page": True, "contents": contents}
        return json.dumps(page | whole, ensure_ascii=False).encode()

    def search_data(self) -> None:
        counted = json.loads(self.answer(with_query(reverse("initiatives-json"), [("par_page", "1")])).content)
        names = {
            facet: {value["valeur"]: value["libelle"] for value in values}
            for facet, values in counted["facettes"].items()
        }
        response = self.answer(reverse("donnees-initiatives"))
        fiches = json.loads(b"".join(response.streaming_content))["resultats"]
        folder = file_of(reverse(SEARCH)).rpartition("/")[0]
        self.folder.write(f"{folder}/{DATA}".lstrip("/"), [words.script(fiches, names)], "text/javascript")

    def about(self, version: int) -> dict:
        with translation.override(settings.LANGUAGE_CODE):
            return {
                "titre": packages.title(),
                "site": absolute(),
                "faite_le": self.made_at.isoformat(timespec="seconds"),
                "version_des_donnees": version,
                "donnees_du": last_change(version).isoformat(timespec="seconds"),
                "code": code_version(),
                "licences": [allowed["title"] for allowed in packages.licences(packages.sources())],
                "pdf": self.copy.documents,
            }


def without_page(address: str) -> str:
    url = urlsplit(address)
    return with_query(url.path, [pair for pair in parse_qsl(url.query) if pair[0] != "page"])


def static_file(address: str) -> Path:
    """The file that the site sends at this address: its source, or what was collected under a name of its own."""
    name = address.removeprefix(settings.STATIC_URL)
    return Path(finders.find(name) or staticfiles_storage.path(name))
