"""Each request has a number of its own, and leaves one line: what was asked by its name, and how it was answered."""

import logging
from secrets import token_hex
from time import monotonic

from django.conf import settings

from repertoire.logs import PRESENT, method_of, route_of

from . import faults, metrics

logger = logging.getLogger("repertoire.acces")


class Told:
    """The number is made here, never taken from the visitor: in the header, on the error page, in every line.

    The line is written when the answer is closed: a stream, at its last line or when its reader goes away.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.numero = token_hex(5)
        if request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        began = monotonic()
        PRESENT.set(request)
        metrics.GOING.inc()
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.numero
        if response.streaming and not hasattr(response, "file_to_stream"):
            response.streaming_content = faults.told_of(request, response.streaming_content)
        response._resource_closers.append(lambda: end(request, response.status_code, monotonic() - began))
        return response


def end(request, status: int, seconds: float) -> None:
    """The answer is closed."""
    answer = {
        "method": method_of(request),
        "route": route_of(request),
        "status": status,
        "ms": round(seconds * 1000),
    }
    logger.info("%(method)s %(route)s %(status)s, %(ms)s ms", answer, extra={"answer": answer, "request": request})
    metrics.answered(answer["route"], answer["method"], status, seconds, getattr(request, "sans_place", False))
    PRESENT.set(None)
