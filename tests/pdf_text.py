"""Reads back what a PDF made here shows: just enough of the format for tests, with nothing to install."""

import re
import zlib

# Fonts chosen, lines begun, and strings, whose balanced parentheses come as they are; the rest of a page is drawing.
TOKEN = re.compile(rb"/(f\d+) [\d.]+ Tf|\b(BT)\b|/[A-Z]\w+\s*\([^()]*\)|(\()")
INSIDE = re.compile(rb"\\.|[()]", re.DOTALL)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def objects(pdf: bytes) -> dict[int, bytes]:
    """The file's objects, by number."""
    start = int(re.search(rb"startxref\s+(\d+)", pdf).group(1))
    entries = re.findall(rb"(\d{10}) \d{5} ([nf])", pdf[start:])
    places = {number: int(place) for number, (place, kind) in enumerate(entries) if kind == b"n"}
    ends = sorted([*places.values(), start])
    return {number: pdf[place : ends[ends.index(place) + 1]] for number, place in places.items()}


def stream(body: bytes) -> bytes:
    """What an object's stream holds, decompressed."""
    head, _keyword, rest = body.partition(b"stream\n")
    content = rest.rpartition(b"\nendstream")[0]
    return zlib.decompress(content) if b"/FlateDecode" in head else content


def characters(cmap: bytes) -> dict[int, str]:
    """What each glyph of a font stands for."""

    def text(digits: bytes) -> str:
        return bytes.fromhex(digits.decode()).decode("utf-16-be")

    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        pairs = re.findall(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block)
        found |= {int(glyph, 16): text(digits) for glyph, digits in pairs}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for low, high, digits in re.findall(rb"<([0-9a-fA-F]+)>\s*" * 3, block):
            for step in range(int(high, 16) - int(low, 16) + 1):
                found[int(low, 16) + step] = chr(ord(text(digits)) + step)
    return found


def pdf_text(pdf: bytes) -> str:
    """The text of every page, in order, its spaces made plain."""
    found, said = objects(pdf), []
    kids = re.search(rb"/Kids\s*\[([^\]]*)\]", next(body for body in found.values() if b"/Type/Pages" in body)).group(1)
    pages = [found[int(number)] for number in re.findall(rb"(\d+) 0 R", kids)]
    glyphs = {}
    for page in pages:
        resources = found[int(re.search(rb"/Resources (\d+) 0 R", page).group(1))]
        fonts = {}
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources):
            if number not in glyphs:
                cmap = re.search(rb"/ToUnicode (\d+) 0 R", found[int(number)]).group(1)
                glyphs[number] = characters(stream(found[int(cmap)]))
            fonts[name] = glyphs[number]
        content = stream(found[int(re.search(rb"/Contents (\d+) 0 R", page).group(1))])
        font, at = {}, 0
        while token := TOKEN.search(content, at):
            name, begins, opens = token.groups()
            at = token.end()
            if name:
                font = fonts[name]
            elif begins:
                said.append("\n")
            elif opens:
                end = closing(content, at)
                codes = ESCAPE.sub(unescape, content[at:end])
                said += [font[int.from_bytes(codes[place : place + 2])] for place in range(0, len(codes), 2)]
                at = end + 1
    return " ".join("".join(said).split())


def closing(content: bytes, at: int) -> int:
    """Where the string that begins at `at` ends."""
    depth = 1
    while depth:
        found = INSIDE.search(content, at)
        at = found.end()
        depth += {b"(": 1, b")": -1}.get(found.group(), 0)
    return at - 1


def unescape(match: re.Match) -> bytes:
    code = match.group(1)
    return bytes([int(code, 8)]) if code[:1].isdigit() else ESCAPES.get(code, code)
