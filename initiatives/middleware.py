"""What every answer carries: the headers that leave no trace, its bounds, and an honest page when it cannot be made."""

import logging
from urllib.parse import clear_cache

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.middleware.locale import LocaleMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from psycopg.errors import QueryCanceled, ReadOnlySqlTransaction

from repertoire.logs import method_of, route_of

from .core import admission, limits
from .core.cells import seen, whole_number
from .core.database.servers import Purpose, taken_for
from .core.failing import failure
from .views import errors
from .views.context import is_data, is_embedded, leaves_no_copy

ALONE = "frame-ancestors 'none'"
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        ALONE,
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
BODILESS = (204, 304)
LISTS = ("initiatives", "initiatives-json", "initiatives-csv", "initiatives-pdf", "hsds-services", "hsds-locations")
logger = logging.getLogger(__name__)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# Data are public, and come without a cookie: a page of any site may read them, errors and « nothing new » included.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, Deprecation, ETag, Link, Retry-After, Sunset, Warning",
    "Cross-Origin-Resource-Policy": "cross-origin",
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
        for name, value in {**HEADERS, **(OPEN if is_data(request) else {})}.items():
            response.headers[name] = value
        if settings.EMBED_ORIGINS and is_embedded(request):
            framed = f"frame-ancestors {' '.join(settings.EMBED_ORIGINS)}"
            response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(ALONE, framed)
            del response.headers["X-Frame-Options"]
        if errors.in_workshop(request):
            # Under no-referrer a browser sends « Origin: null » with every form, and Django refuses it.
            response.headers["Referrer-Policy"] = "same-origin"
        if response.status_code in BODILESS:
            # RFC 9110 wants neither: no length is that of what is not sent, and nothing is of a kind.
            del response.headers["Content-Length"], response.headers["Content-Type"]
        elif request.method == "HEAD" and not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""  # gunicorn would drop it, and say so in the log each time
        page = response.headers.get("Content-Type", "").startswith("text/html")
        if page and "Location" not in response.headers:
            patch_vary_headers(response, ["Accept-Language"])  # a page offers the language that its reader likes better
        if page or response.status_code >= 400 or leaves_no_copy(request):
            response.headers["Cache-Control"] = "no-store"
        return response


class Bounds:
    """What holds a request back: the time that the database may take, which of its servers is asked, and the places of
    the request, kept until its answer is closed.

    A stream is closed when its last line is sent or when its reader goes away. An editor reads what she has just
    written: where the writes go.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.places = admission.Places()
        workshop = errors.in_workshop(request)
        purpose = Purpose.WRITE
        if request.method in ("GET", "HEAD", "OPTIONS"):
            purpose = Purpose.READ_ONES_OWN if workshop else Purpose.READ
        with limits.limited(limits.WORKSHOP if workshop else limits.PUBLIC), taken_for(purpose):
            response = self.get_response(request)
        response._resource_closers.append(request.places.leave)
        return response


class Language(LocaleMiddleware):
    """Django's, which says of every answer that it varies by Accept-Language: here the address alone chooses."""

    def process_response(self, request, response):
        response.headers.setdefault("Content-Language", get_language())
        return response


class OneGroup:
    """Answers what belongs to its own group of processes alone, so that neither takes the threads of the other."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request) if admission.in_group(request.path_info) else errors.misdirected(request)


class Sessions(SessionMiddleware):
    """Django's, which asks for the session even of an answer that failed: from a database that may be away.

    In the workshop alone: elsewhere a cookie of that name is another site's of the domain.
    """

    def process_response(self, request, response):
        if response.status_code >= 500 or not errors.in_workshop(request):
            return response
        try:
            return super().process_response(request, response)
        except (OperationalError, InterfaceError):
            return errors.database_down(request)


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
        length = whole_number(request.META.get("CONTENT_LENGTH") or "0")
        if length is None or length > limit:
            return errors.too_large(request)
        return None


class SeenTexts:
    """Takes out of whatever is sent by a form the marks that nobody sees: none of them reaches a page.

    After Django's own look at the form, which reads it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method == "POST":
            sent = request.POST.copy()
            for name, values in sent.lists():
                sent.setlist(name, [seen(value) for value in values])
            sent._mutable = False
            request.POST = sent


class Unavailable:
    """An honest page when the database does not answer, refuses to write or takes too long, or when there is no place.

    The operator is told which.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, admission.BusyError):
            request.sans_place = True
            return errors.busy(request)
        cause = exception.__cause__
        if isinstance(cause, QueryCanceled) and searches(request):
            return errors.too_broad(request)
        if not (isinstance(exception, OperationalError | InterfaceError) or isinstance(cause, ReadOnlySqlTransaction)):
            return None
        logger.error("%s %s: the database failed: %s", method_of(request), route_of(request), failure(exception))
        if isinstance(cause, ReadOnlySqlTransaction):
            return errors.read_only(request)
        if isinstance(cause, QueryCanceled) and errors.in_workshop(request):
            return errors.too_long(request)
        return errors.database_down(request)


def searches(request) -> bool:
    """Whether words are looked for in the list, as a page or as data; HSDS calls them `search`."""
    words = request.GET.get("q") or request.GET.get("search")
    return request.resolver_match.url_name in LISTS and bool(words)
