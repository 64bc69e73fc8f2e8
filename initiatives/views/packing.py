"""How an answer is kept and sent: whole as one piece of memory, and compressed as its reader likes best."""

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import partial

import brotli
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

ENCODINGS = {"br": partial(brotli.compress, quality=4), "gzip": partial(gzip.compress, compresslevel=6, mtime=0)}
PLAIN = {"br": brotli.decompress, "gzip": gzip.decompress}
# Data repeat themselves so much that less work leaves three to six hundredths more.
OF_DATA = ENCODINGS | {"br": partial(brotli.compress, quality=2)}
QUALITY = re.compile(r"q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")
# Texts, and what is written in JSON or XML under a name of its own.
COMPRESSIBLE = re.compile(r"text/|image/svg\+xml|application/(?:[\w.-]+\+)?(?:json|x-ndjson|xml)\b")


def packed(response: HttpResponse) -> bytes:
    """An answer as a memory keeps it."""
    return json.dumps(dict(response.headers)).encode() + b"\n" + response.content


def unpacked(kept_answer: bytes) -> HttpResponse:
    headers, _separator, content = kept_answer.partition(b"\n")
    return HttpResponse(content, headers=json.loads(headers))


def accepted_encoding(request) -> str:
    """The compression that the client likes best, ours first among equals; none where it likes the plain answer better.

    What is compressed here holds no secret, so guesses learn nothing.
    """
    liked = {}
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _semicolon, weight = (piece.strip() for piece in part.partition(";"))
        number = QUALITY.fullmatch(weight or "q=1")
        liked[name] = float(number[1]) if number else 0.0
    others = liked.get("*", 0.0)
    best = max(ENCODINGS, key=lambda encoding: liked.get(encoding, others))
    weight = liked.get(best, others)
    return best if weight and weight >= liked.get("identity", 0.0) else ""


def compressed(response: HttpResponse, encoding: str) -> HttpResponse:
    """The same answer, smaller; a stream piece by piece. What is compressed by nature is left as it is."""
    if not COMPRESSIBLE.match(response.headers["Content-Type"]):
        return response
    patch_vary_headers(response, ["Accept-Encoding"])
    if encoding and response.streaming:
        response.streaming_content = in_pieces(response.streaming_content, STREAMS[encoding]())
        response.headers["Content-Encoding"] = encoding
    elif encoding and len(response.content) > 500:
        encodings = OF_DATA if response.headers["Content-Type"] == "application/json" else ENCODINGS
        response.content = encodings[encoding](response.content)
        response.headers["Content-Encoding"] = encoding
    return response


class Gzip:
    """Compresses pieces one by one: what is given by `piece` can be read at once."""

    def __init__(self):
        self.packer = zlib.compressobj(level=6, wbits=31)

    def piece(self, content: bytes) -> bytes:
        return self.packer.compress(content) + self.packer.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self.packer.flush()


class Brotli:
    """The same."""

    def __init__(self):
        self.packer = brotli.Compressor(quality=4)

    def piece(self, content: bytes) -> bytes:
        return self.packer.process(content) + self.packer.flush()

    def end(self) -> bytes:
        return self.packer.finish()


STREAMS = {"br": Brotli, "gzip": Gzip}


def in_pieces(pieces: Iterable[bytes], packer: Gzip | Brotli) -> Iterator[bytes]:
    """Each piece compressed as soon as it is there, so that the first leaves at once."""
    for content in pieces:
        yield packer.piece(content)
    yield packer.end()


def plain(response: HttpResponse) -> HttpResponse:
    """The same answer, not compressed."""
    encoding = response.headers.get("Content-Encoding")
    if encoding:
        response.content = PLAIN[encoding](response.content)
        del response.headers["Content-Encoding"]
    return response
