"""Which addresses of the site are in a copy of it, and the file of each."""

import hashlib
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from initiatives.core.addresses import absolute

# What each address may be asked and be in the copy: nothing, where it is not here; a list, all that a page asks of it.
ASKED = {
    "initiatives": None,
    "initiatives-pdf": {"region"},
    "organismes": {"region"},
    "portrait": {"recension"},
    "portrait-csv": {"recension"},
    "portrait-json": {"recension"},
    "portrait-regions": {"region"},
    "ressources": {"pour"},
}
NOT_OF_A_LIST = {"q", "nom", "exact", "tri", "par_page"}  # somebody's own words, or another order of the same
# What somebody sends, or asks again and again: it is where the site is.
ON_THE_SITE = {"proposer", "signaler", "signaler-site", "changements-json"}
# What only makes sense where pages are made.
NOWHERE = {
    *("selection", "selection-csv", "selection-pdf", "selection-code", "integrer", "opensearch", "merci"),
    *("hsds-service", "hsds-organization", "hsds-taxonomy", "hsds-term", "hsds-location"),
    *("verification", "verification-fiche", "verification-retirer", "verification-silence", "sitemap", "robots"),
}
# The same in a copy: a page of a list is no list, and its search is of all that is here.
SAME = {"initiatives-json": "donnees-initiatives", "porteurs": "organismes", "porteurs-json": "organismes-json"}
SEARCH = "trouver"  # its questions need the site: the search of the copy stands there
MOST = 80  # characters of a name: a path has 260 in all on some systems


class Place(Enum):
    """Where a link of a page leads."""

    HERE = "in the copy"
    SITE = "to the site that was copied"
    OUTSIDE = "elsewhere: it is left as it is"
    NOWHERE = "nowhere any more: its words stay"


@dataclass(frozen=True)
class Link:
    place: Place
    address: str = ""  # of the site, from its root
    fragment: str = ""


def link(href: str, base: str) -> Link:
    """Where a link that stands on the page at `base` leads."""
    url = urlsplit(urljoin(absolute(base), href))
    if f"{url.scheme}://{url.netloc}" != absolute():
        return Link(Place.OUTSIDE)
    place, address = placed(url.path, url.query)
    return Link(place, address, url.fragment)


@lru_cache(maxsize=20_000)
def placed(path: str, query: str) -> tuple[Place, str]:
    """Where an address of the site is in a copy; the one that it is written under."""
    if is_static(path):
        return Place.HERE, path
    with translation.override(language_of(path)):
        try:
            found = resolve(path)
        except Resolver404:
            return Place.NOWHERE, ""
        pairs = [pair for pair in sorted(parse_qsl(query)) if pair != ("page", "1")]
        name, names = found.url_name, {key for key, _value in pairs} - {"page"}
        if found.app_names or name in NOWHERE or names & {"f", "discret"}:
            return Place.NOWHERE, ""
        if name in ON_THE_SITE:
            return Place.SITE, with_query(path, pairs)
        if name == "initiatives" and names == {"porteur"} and len(pairs) == 1:
            return Place.HERE, reverse("organisme", args=[pairs[0][1]])
        allowed = ASKED.get(name, set())
        if (names - allowed) if allowed is not None else not is_kept(names):
            return Place.NOWHERE, ""
        if name in SAME:
            return Place.HERE, reverse(SAME[name])
        return Place.HERE, with_query(path, pairs)


def is_kept(names: set[str]) -> bool:
    """Whether a list of these choices is in the copy: any that a page leads to, but what grows with the organisations
    (the page of one shows its fiches), and every number of the portrait said again for the report alone.
    """
    return not (names & NOT_OF_A_LIST or "porteur" in names or ("recension" in names and len(names) > 1))


def with_query(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def language_of(path: str) -> str:
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


@lru_cache(maxsize=20_000)
def name_of(address: str) -> str:
    """What the site calls an address of the copy, as in urls.py; nothing for a file that pages are shown with."""
    path = urlsplit(address).path
    if is_static(path):
        return ""
    with translation.override(language_of(path)):
        return resolve(path).url_name


def is_static(address: str) -> bool:
    """Whether it is a file that pages are shown with, the same for every data."""
    return address.startswith(settings.STATIC_URL)


def is_list(address: str) -> bool:
    """Whether it is a list of fiches that something narrows, or a further page of one."""
    return name_of(address) == "initiatives" and "?" in address


def is_document(address: str) -> bool:
    return urlsplit(address).path.endswith(".pdf")


@lru_cache(maxsize=20_000)
def file_of(address: str) -> str:
    """The file of an address, from the root of the copy: `initiatives/par/region-laval/page-2/index.html`."""
    if is_static(address):
        return f"static/{address.removeprefix(settings.STATIC_URL)}"
    url = urlsplit(address)
    *folders, last = url.path.lstrip("/").split("/")
    pairs = parse_qsl(url.query)
    chosen = [f"{name}-{value}" for name, value in pairs if name != "page"]
    last = last or "index.html"
    name = name_of(address)
    if name == SEARCH:
        folders, last = folders[:-1], "recherche.html"
    elif name.startswith("hsds") and name != "hsds-profil":
        last = "index.json" if last == "index.html" else last if last.endswith(".json") else f"{last}.json"
    if chosen and last != "index.html":
        folders.append(last.partition(".")[0])
    if chosen:
        folders += ["par", short("_".join(chosen))]
    folders += [f"page-{value}" for name, value in pairs if name == "page"]
    return "/".join([*folders, last])


def short(name: str) -> str:
    """The name itself, or its beginning and a mark of the whole."""
    if len(name) <= MOST:
        return name
    return f"{name[: MOST - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
