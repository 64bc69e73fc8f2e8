"""What a log line may hold, of Django and of gunicorn alike: no search, nothing that was sent, no live link."""

import copy
import logging
import re
import traceback

from django.core.exceptions import ImproperlyConfigured

QUERY = re.compile(r"(\?|%3f)[^\n]*", re.IGNORECASE)
LINK = re.compile(r"(/verification(?:/|%2f))[^/\s]+", re.IGNORECASE)


class Discreet(logging.Formatter):
    """Cuts every line at `?`, masks the link of a campaign, and tells an error by its place and its kind alone.

    What an error says may be what somebody typed: `invalid literal for int(): 'fugue'`.
    """

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        record.msg, record.args = LINK.sub(r"\1…", QUERY.sub("", record.getMessage())), None
        record.exc_text = None  # another handler's, whole
        return super().format(record)

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
