"""A page of the site as it stands in a copy: its links relative, its forms where they work, and a line of its date."""

import os.path
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from urllib.parse import quote, urlencode, urlsplit
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, tostring  # it reads nothing here: it only writes

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from initiatives.core.addresses import absolute

from .places import SEARCH, Place, file_of, is_document, is_list, language_of, link, name_of

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# A page opened from a disk has no origin of its own: what stands beside it is « file: » to some browsers.
POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{what}-src 'self' file:" for what in ("style", "script", "img")),
        "form-action 'none'",
        "base-uri 'none'",
    ]
)
SCRIPTS = ("quitter", "copie")  # of the others, each asks the site for something
DATA = "recherche.js"  # what the search of the copy reads, beside its page
HEAD = {"link", "meta", "script"}
GONE = {"alternate", "search"}
LINE = "date-de-copie"
CHOICES = {"organismes": "region", "portrait-regions": "region"}  # the forms that choose among pages of the copy
SPACES = re.compile(r"\s+")


class SpoiltPageError(Exception):
    """A page whose marks do not close one another."""


class Reader(HTMLParser):
    """Reads a page into a tree. Raises SpoiltPageError."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tree, self.open = TreeBuilder(), []

    def handle_starttag(self, tag, attrs):
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.tree.end(tag)
        else:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        self.tree.end(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise SpoiltPageError(f"</{tag}>, line {self.getpos()[0]}")
        self.tree.end(tag)

    def handle_data(self, data):
        if self.open:
            self.tree.data(data)


def read(text: str) -> Element:
    reader = Reader()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise SpoiltPageError(f"<{reader.open[-1]}>")
    return reader.tree.close()


@dataclass(frozen=True)
class Copy:
    """What every page of a copy shares. `made_on`: its day; `documents`: whether it has the PDFs; `follow`: told every
    address that a page leads to, it says whether that one is in the copy.
    """

    made_on: date
    documents: bool
    follow: Callable[[str, str], bool]  # (the page, the address)


def rewritten(text: str, address: str, copy: Copy) -> str:
    """The page at this address as its file holds it. Raises SpoiltPageError."""
    root = read(text)
    with translation.override(language_of(urlsplit(address).path)):
        Page(address, copy).rewrite(root)
    return f"<!doctype html>\n{tostring(root, encoding='unicode', method='html')}\n"


class Page:
    """A page that is being rewritten."""

    def __init__(self, address: str, copy: Copy):
        self.address, self.copy, self.file = address, copy, file_of(address)

    def rewrite(self, root: Element) -> None:
        self.inside(root)
        head = root.find("head")
        head.insert(1, Element("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}))
        SubElement(head, "link", rel="canonical", href=absolute(self.address))

    def inside(self, parent: Element, drawn: bool = False) -> None:
        """Rewrites what is in an element; `drawn`: in a picture, where a link is not one of HTML."""
        for child in list(parent):
            kept = self.element(child, child.get("class", "").split(), drawn)
            if kept is not child:
                put(parent, child, kept)
            if kept is not None and LINE not in kept.get("class", ""):
                self.inside(kept, drawn or kept.tag == "svg")

    def element(self, item: Element, classes: list[str], drawn: bool) -> Element | None:
        """What stands in the place of an element: itself, another, or nothing."""
        if is_useless(item, classes) or ("donnees" in classes and is_list(self.address)):
            return None
        if item.tag in HEAD:
            return self.of_the_head(item)
        if item.tag == "form":
            return self.form(item, classes)
        if item.tag == "a" and "href" in item.attrib:
            return self.anchor(item, classes, drawn)
        if item.tag == "img":
            item.set("src", self.leading(link(item.get("src"), self.address).address))
        if item.get("id") == "liste-vivante":
            item.set("class", "cadre pile espace-haut")  # nothing stands beside the list any more
        return self.line() if "discretion" in classes else item

    def of_the_head(self, item: Element) -> Element | None:
        if item.get("rel") in GONE or item.get("property") == "og:url":
            return None
        if item.tag == "link":
            item.set("href", self.leading(link(item.get("href"), self.address).address))
        source = item.get("src")
        if source and source != DATA:
            if not any(f"/js/{name}." in source for name in SCRIPTS):
                return None
            item.set("src", self.leading(link(source, self.address).address))
        if source:
            item.attrib.pop("type", None)  # a browser reads no module from a disk
            item.set("defer", "")
        return item

    def form(self, item: Element, classes: list[str]) -> Element | None:
        """The copy's own form stays; one that chooses a page becomes the links to them, and that of the list the way
        to the search of the copy."""
        if DATA in item.get("data-de", ""):
            return item
        action = link(item.get("action", ""), self.address)
        name = name_of(action.address) if action.place == Place.HERE else ""
        if name in CHOICES:
            return self.choices(item, action.address, CHOICES[name])
        if not {"filtres", "chercher"} & set(classes):
            return None
        made = Element("p", {"class": "pas-imprime"})
        SubElement(made, "a", {"class": "bouton", "href": reverse(SEARCH)})
        return made

    def choices(self, form: Element, action: str, name: str) -> Element:
        """Links to what a form leads to, one for each value of its field."""
        made = Element("nav", {"class": "bloc pale", "aria-label": _("Choisir une région")})
        rows = SubElement(made, "ul", {"class": "aussi"})
        fields = [(field, field.text) for field in form.iter("option") if field.get("value")]
        fields += [(field, field.tail) for field in form.iter("input") if field.get("name") == name]
        for field, label in fields:
            address = f"{action}?{urlencode({name: field.get('value')})}"
            SubElement(SubElement(rows, "li"), "a", href=address).text = SPACES.sub(" ", label or "").strip()
        return made

    def line(self) -> Element:
        """What every page says first of the copy, where the site offers its discreet mode."""
        made = Element("aside", {"class": f"cadre {LINE}", "aria-label": _("Copie du site")})
        said = SubElement(made, "p")
        said.text = _("Copie du %(jour)s : ce qu'elle dit a pu changer. Le site :") % {"jour": day(self.copy.made_on)}
        said.text += " "
        SubElement(said, "a", {"href": absolute(self.address), "rel": "noreferrer"}).text = absolute()
        return made

    def anchor(self, item: Element, classes: list[str], drawn: bool) -> Element:
        leads = link(item.get("href"), self.address)
        if leads.place == Place.OUTSIDE:
            return item
        if leads.place == Place.SITE:
            item.set("href", absolute(leads.address))
            item.set("rel", "noreferrer")
            return said_too(item, _("(sur le site)"))
        if leads.place == Place.HERE and self.is_here(leads.address):
            item.set("href", self.leading(leads.address) + (f"#{leads.fragment}" if leads.fragment else ""))
            if "bouton" in classes and name_of(leads.address) == SEARCH:
                item[:] = []
                item.text = _("Chercher dans cette copie")
            return item
        return without_link(item, drawn)

    def is_here(self, address: str) -> bool:
        return (self.copy.documents or not is_document(address)) and self.copy.follow(self.address, address)

    def leading(self, address: str) -> str:
        """The link from this page to the file of an address, which the copy then holds."""
        self.copy.follow(self.address, address)
        return relative(self.file, file_of(address))


def is_useless(item: Element, classes: list[str]) -> bool:
    """Whether it only serves what the copy cannot do: to search on the site, to choose fiches, to order them."""
    if "choisir" in classes or (item.tag == "div" and "ligne-de-recherche" in classes):
        return True
    if item.tag == "li" and len(item) == 1 and "choisir" in item[0].get("class", ""):
        return True
    return "champ" in classes and any(field.get("form") == "filtres" for field in item.iter())


def said_too(item: Element, words: str) -> Element:
    """An element with some words after its own."""
    if len(item):
        item[-1].tail = f"{(item[-1].tail or '').rstrip()} {words}"
    else:
        item.text = f"{(item.text or '').rstrip()} {words}"
    return item


def without_link(item: Element, drawn: bool) -> Element:
    """A link that leads nowhere any more, as its words."""
    item.tag = "g" if drawn else "span"
    for name in ("href", "rel", "aria-current"):
        item.attrib.pop(name, None)
    if drawn and "aria-label" in item.attrib:
        item.set("role", "img")
    if "bouton" in item.get("class", ""):
        del item.attrib["class"]
    return item


def day(date_: date) -> str:
    return date_format(date_, "DATE_FORMAT")


def relative(here: str, there: str) -> str:
    return quote(os.path.relpath(there, os.path.dirname(here) or "."))


def put(parent: Element, child: Element, other: Element | None) -> None:
    """Another element in the place of a child, or nothing; the text that follows it stays."""
    place = list(parent).index(child)
    if other is not None:
        parent[place], other.tail = other, child.tail
        return
    parent.remove(child)
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + (child.tail or "")
    else:
        parent.text = (parent.text or "") + (child.tail or "")
