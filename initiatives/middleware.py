"""What every answer carries: the headers that leave no trace, and an honest page when the database does not answer."""

from urllib.parse import clear_cache

from django.conf import settings
from django.db import InterfaceError, OperationalError
from psycopg.errors import QueryCanceled

from .views.errors import database_down, too_broad

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


class PrivacyHeaders:
    """Headers of every answer, static files and errors included. Pages are never kept: HTML is `no-store`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.META.get("QUERY_STRING"):
            clear_cache()  # Python remembers the last addresses that it split, and the words that they search
        if request.path.startswith(f"/{settings.ADMIN_PATH}"):
            # Under no-referrer a browser sends « Origin: null » with every form, and Django refuses it.
            response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers["Cache-Control"] = "no-store"
        return response


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
            return database_down(request)
        return None
