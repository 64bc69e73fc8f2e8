"""What a log line may hold, of Django and of gunicorn alike: no search, no address that was asked for, nothing that was
sent, no live link."""

import copy
import json
import logging
import re
import traceback
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from django.core.exceptions import ImproperlyConfigured

from repertoire.release import code_version

QUERY = re.compile(r"(\?|%3f)[^\n]*", re.IGNORECASE)
PATH = re.compile(r"(?<!\S)/\S*")
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
UNKNOWN = "inconnu"
OTHER = "AUTRE"
OURS = f"{Path(__file__).resolve().parent.parent}/"
# What this thread answers.
PRESENT: ContextVar = ContextVar("request", default=None)


def route_of(request) -> str:
    """The name of the address that was asked for, never the address: a closed list."""
    match = getattr(request, "resolver_match", None)
    return match.view_name if match and match.url_name else UNKNOWN


def method_of(request) -> str:
    """A method is a word of the visitor's too."""
    return request.method if request.method in METHODS else OTHER


def places(frames: Iterable[tuple[FrameType, int]]) -> list[str]:
    """Of the lines of code that something went through, our own: module and number, in the order given."""
    return [
        f"{frame.f_globals.get('__name__', UNKNOWN)}:{line}"[:200]
        for frame, line in frames
        if frame.f_code.co_filename.startswith(OURS) and "site-packages" not in frame.f_code.co_filename
    ]


class Discreet(logging.Formatter):
    """Cuts every line at `?`, says the name of an address instead of it, and tells an error by its place and its kind.

    What an error says may be what somebody typed: `invalid literal for int(): 'fugue'`.
    """

    def __init__(self, fmt: str | None = "%(asctime)s %(levelname)s %(message)s", datefmt: str | None = None):
        super().__init__(fmt, datefmt)

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        record.msg, record.args = PATH.sub("…", QUERY.sub("", self.told(record))), None
        record.exc_text = None  # another handler's, whole
        return super().format(record)

    def told(self, record: logging.LogRecord) -> str:
        """The message, with what it says of a request told by its name alone."""
        request = getattr(record, "request", None)
        if record.name.startswith("django.security."):  # it is what the visitor made up
            return f"{record.name.removeprefix('django.security.')}: {route_of(request)}"
        if request is not None and isinstance(record.args, tuple):
            known = {request.path: route_of(request), request.method: method_of(request)}
            record.args = tuple(known.get(value, value) if isinstance(value, str) else value for value in record.args)
        return record.getMessage()

    def formatTime(self, record, datefmt=None) -> str:  # noqa: N802
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def formatException(self, ei) -> str:  # noqa: N802
        """The errors that led to one another, the last first, each with the lines of code that it went through."""
        error, told, seen = ei[1], [], set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            # What is wrong with the configuration is our own sentence, said before anybody asked for anything.
            sentence = f": {error}" if isinstance(error, ImproperlyConfigured) else ""
            frames = "".join(traceback.format_tb(error.__traceback__))
            told.append(f"{type(error).__module__}.{type(error).__qualname__}{sentence}\n{frames}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "because of ".join(told).rstrip()


class Lines(Discreet):
    """A JSON object a line, with the number of the request and the version of the code."""

    def __init__(self):
        super().__init__("%(message)s")

    def formatException(self, ei) -> str:  # noqa: N802
        return ""  # it has its own key

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": super().format(record).rstrip("\n"),
        }
        request = getattr(record, "request", None) or PRESENT.get()
        if request is not None:
            line |= {"request": getattr(request, "numero", None), "route": route_of(request)}
        line |= getattr(record, "answer", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = super().formatException(record.exc_info)
        return json.dumps(line | {"version": code_version()}, ensure_ascii=False)


FORMATTERS = {"json": Lines, "text": Discreet}
