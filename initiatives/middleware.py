"""What every answer carries: the headers that leave no trace, and an honest page when the database does not answer."""

import logging
from urllib.parse import clear_cache

from django.conf import settings
from django.db import InterfaceError, OperationalError
from psycopg.errors import QueryCanceled

from .views.context import leaves_no_copy
from .views.errors import database_down, too_broad, too_large

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media"),
        *("fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment"),
        *("picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "usb", "xr-spatial-tracking"),
    )
)
# Classes of SQLSTATE whose messages tell of the server: connection, deadlock, resources, locks, operator, system.
OF_ITSELF = ("08", "40", "53", "55", "57", "58")
logger = logging.getLogger(__name__)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class PrivacyHeaders:
    """Headers of every answer, static files and errors included; what no browser may write to its disk is `no-store`.

    That is every page and every error, and whatever a search or the discreet mode asked for.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.META.get("QUERY_STRING"):
            clear_cache()  # Python remembers the last addresses that it split, and the words that they search
        for name, value in HEADERS.items():
            response.headers[name] = value
        if request.path.startswith(f"/{settings.ADMIN_PATH}"):
            # Under no-referrer a browser sends « Origin: null » with every form, and Django refuses it.
            response.headers["Referrer-Policy"] = "same-origin"
        page = response.headers.get("Content-Type", "").startswith("text/html")
        if page or response.status_code >= 400 or leaves_no_copy(request):
            response.headers["Cache-Control"] = "no-store"
        return response


class BodyLimit:
    """Refuses what is larger than any form of ours before a byte of it is read; files are for the import alone.

    A body whose length is not said is not read at all: WSGI gives none.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        import_page = request.resolver_match.url_name == "initiatives_initiative_importer"
        limit = settings.MAX_IMPORT_BYTES if import_page else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > limit:
            return too_large(request)
        return None


class DatabaseDown:
    """Answers 503 with the help lines when the database does not answer, 400 when a question takes it too long."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception.__cause__, QueryCanceled):
            return too_broad(request)
        if isinstance(exception, OperationalError | InterfaceError):
            logger.error("%s %s: the database failed: %s", request.method, request.path, failure(exception))
            return database_down(request)
        return None


def failure(error: Exception) -> str:
    """A failure of the database for the log: its kind and, where it speaks of itself alone, what it says.

    Never the detail, the hint or the statement: they hold values.
    """
    cause = error.__cause__ or error
    state = getattr(cause, "sqlstate", None) or ""
    name = f"{type(cause).__name__} {state}".strip()
    if state and not state.startswith(OF_ITSELF):
        return name
    sentence = cause.diag.message_primary if state else str(cause)
    return f"{name}: {(sentence or '').partition(chr(10))[0]}"
