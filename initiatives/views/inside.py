"""A public page as the site itself asks for it: as an anonymous visitor would, without a server between."""

from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.http.request import validate_host
from django.urls import resolve
from django.utils import translation

from initiatives.core import admission
from initiatives.core.addresses import absolute


def accepted(host: str) -> str:
    """The name of the site; another of its names where a proxy alone is asked by that one."""
    return host if validate_host(host, settings.ALLOWED_HOSTS) else settings.ALLOWED_HOSTS[0].lstrip(".")


def ask(address: str, encoding: str = "", view: Callable | None = None) -> HttpResponse:
    """The answer of the view at an address, in the language that it says; of `view` in its place where one is given.
    Its `incomplete` says whether the view had to do without a part of the data. Raises what the view raises.
    """
    home, asked = urlsplit(absolute()), urlsplit(address)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": asked.path,
            "QUERY_STRING": asked.query,
            "SERVER_NAME": accepted(home.hostname),
            "SERVER_PORT": str(home.port or {"https": 443, "http": 80}[home.scheme]),
            "HTTP_ACCEPT_ENCODING": encoding,
            "wsgi.url_scheme": home.scheme,
            "wsgi.input": BytesIO(),
        }
    )
    request.places = admission.Places()
    language = translation.get_language_from_path(asked.path) or settings.LANGUAGE_CODE
    with translation.override(language):
        request.resolver_match = found = resolve(asked.path)
        try:
            answer = (view or found.func)(request, *found.args, **found.kwargs)
            answer.incomplete = getattr(request, "incomplete", False)
            return answer
        finally:
            request.places.leave()
