"""A copy of the site read back from its folder: every link opened as a browser opens it from a disk, every sum made."""

import hashlib
import json
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {"img": "src", "script": "src", "link": "href", "source": "src", "iframe": "src"}


class Links(HTMLParser):
    """What a page leads to, what it loads, its anchors and its words."""

    def __init__(self, text: str):
        super().__init__()
        self.leads, self.loads, self.ids, self.tags, self.words, self.canonical = [], [], set(), [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids.add(given["id"])
        if given.get("rel") == "canonical":
            self.canonical = given["href"]
        elif tag in LOADED and LOADED[tag] in given:
            self.loads.append(given[LOADED[tag]])
        if tag == "a" and "href" in given:
            self.leads.append(given["href"])

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@cache
def page(path: Path) -> Links:
    return Links(path.read_text("utf-8"))


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def broken(folder: Path) -> list[tuple[str, str]]:
    """Each link that does not open a file of the folder, or whose place in it does not exist: (page, link)."""
    found = []
    for path in pages(folder):
        for href in [*page(path).leads, *page(path).loads]:
            url = urlsplit(href)
            if url.scheme or url.netloc:
                continue
            target = (path.parent / unquote(url.path)).resolve() if url.path else path
            whole = target.is_file() and folder.resolve() in target.parents and not url.query
            if not whole or (url.fragment and target.suffix == ".html" and url.fragment not in page(target).ids):
                found.append((str(path.relative_to(folder)), href))
    return found


def untrue(folder: Path) -> list[str]:
    """What the manifest and its sums do not say as it is, by file."""
    told = json.loads((folder / "MANIFESTE.json").read_text("utf-8"))["fichiers"]
    rows = {row["chemin"]: (row["octets"], row["sha256"]) for row in told}
    sums = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    by_sum = {name: digest for digest, _two_spaces, name in (line.partition("  ") for line in sums)}
    there = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    wrong = [name for name in there.keys() ^ rows.keys() if name not in ("MANIFESTE.json", "SHA256SUMS")]
    wrong += there.keys() ^ by_sum.keys() ^ {"SHA256SUMS"}
    for name, (size, digest) in rows.items():
        body = there[name].read_bytes()
        if not (len(body) == size and hashlib.sha256(body).hexdigest() == digest == by_sum[name]):
            wrong.append(name)
    manifest = hashlib.sha256((folder / "MANIFESTE.json").read_bytes()).hexdigest()
    return wrong if by_sum["MANIFESTE.json"] == manifest else [*wrong, "MANIFESTE.json"]


if __name__ == "__main__":  # python -m tests.copies DIR: of a whole export, which the suite has no time to make
    place = Path(sys.argv[1])
    faults = [*broken(place), *untrue(place)]
    sys.stdout.write("\n".join(map(str, faults[:50])) + f"\n{len(pages(place))} pages, {len(faults)} faults\n")
