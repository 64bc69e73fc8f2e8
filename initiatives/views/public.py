"""What every public view is wrapped in: it only reads, forgets who follows people around, and is not made twice."""

import hashlib
from functools import wraps
from time import time

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.core.database.again import lost, once_more
from initiatives.core.database.servers import Purpose, taken_for
from initiatives.core.versioned import ANSWERS, data_version, last_change, mark
from initiatives.finding.filters import is_tracking
from initiatives.finding.porteurs import moved
from repertoire.release import code_version

from . import errors, stale
from .context import is_typed, offered
from .packing import accepted_encoding, compressed, packed, unpacked

READ = ("GET", "HEAD")
METHODS = ", ".join((*READ, "OPTIONS"))
# What a page of another site may send here without a cookie; a browser remembers the answer for a day.
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": ", ".join(READ),
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
MAX_KEPT_BYTES = 1024 * 1024
MAX_FORM_BYTES = 150_000


def public_page(view):
    """GET and HEAD alone; any other method is a 405. An address with tracking parameters leads to itself without them.

    Exempt from CSRF, which would answer before, with a 403.
    """

    @wraps(view)
    def without_trackers(request, *args, **kwargs):
        if any(is_tracking(name) for name in request.GET):
            return HttpResponseRedirect(clean_address(request))
        return kept(request, view, args, kwargs, offered(request))

    return csrf_exempt(require_safe(without_trackers))


def public_form(view):
    """A page that also receives what somebody writes. No cookie: the form carries a signed token (tokens.py).

    Another site's form is refused where the browser tells, and so is more than a form ever weighs. Whoever comes back
    to one reads what he has just sent: where the writes go.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method == "POST":
            if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
                return errors.forbidden(request)
            if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FORM_BYTES:
                return errors.bad_request(request)
        elif any(is_tracking(name) for name in request.GET):
            return HttpResponseRedirect(clean_address(request))
        with taken_for(Purpose.WRITE if request.method == "POST" else Purpose.READ_ONES_OWN):
            request.data_version = data_version()
            return view(request, *args, **kwargs)

    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(answer))


def public_data(view):
    """The same for data: trackers are ignored, and an ETag of the data's version lets a client ask for news only.

    Any site may read them, and ask first whether it may (OPTIONS, without a query): the middleware adds the headers
    that say so to every answer, and whatever goes wrong is told as the contract's `erreurs`. A view that says how long
    it may be kept is left alone.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=PREFLIGHT)
        if request.method not in READ:
            return errors.method_refused(request, METHODS)
        response = kept(request, view, args, kwargs)
        response.headers.setdefault("Cache-Control", "no-cache")
        if request.method == "HEAD" and response.streaming:
            response.streaming_content = []  # nobody reads the rest: nothing more is asked of the database
        if is_whole(request, response):
            response.headers["Last-Modified"] = last_modified(request.data_version)
        return news_only(request, response)

    answer.is_public_data = True
    return csrf_exempt(answer)


def news_only(request, response: HttpResponse) -> HttpResponse:
    """The answer with its ETag, or the 304 that says the same to a client who has it. What is no whole 200 is left
    alone.
    """
    if not is_whole(request, response):
        return response
    response.headers["ETag"] = etag(request)
    modified = parse_http_date_safe(response.headers.get("Last-Modified", ""))
    answer = get_conditional_response(request, response.headers["ETag"], modified, response)
    if "Link" in response.headers:
        answer.headers["Link"] = response.headers["Link"]
    return answer


def last_modified(version: int) -> str:
    """When the data became what they are in this version, as HTTP says it: in whole seconds.

    While that second and the next may still bring another change, the one before is said: whoever asks again with it
    (If-Modified-Since) is never told that nothing is new when something is. No query after `data_version`.
    """
    moment = int(last_change(version).timestamp())
    return http_date(moment if time() >= moment + 2 else moment - 1)


def kept(request, view, args, kwargs, asker: str = "") -> HttpResponse:
    """The answer of a view, begun again where its connection died; where the database is away, what can be said without
    it (stale.py). Raises what the database raises. `asker`: what else than the address the answer depends on.
    """
    try:
        return once_more(lambda: present(request, view, args, kwargs, asker))
    except (OperationalError, InterfaceError):
        away = lost() or not hasattr(request, "data_version")
        response = stale.answer(request, view, args, kwargs) if away else None
        if response is None:
            raise
        return compressed(response, accepted_encoding(request))


def present(request, view, args, kwargs, asker: str) -> HttpResponse:
    """The answer of a view, from memory when the data did not change since. One query, and the view's own if any.

    A search is never kept, nor anything but a whole 200.
    """
    request.data_version = data_version()
    encoding = accepted_encoding(request)
    if is_typed(request):
        return compressed(with_present_names(request, view(request, *args, **kwargs)), encoding)
    key = (request.data_version, get_language(), asker, encoding, request.get_full_path())
    kept_answer = ANSWERS.get(key)
    if kept_answer is not None:
        return unpacked(kept_answer)
    response = compressed(with_present_names(request, view(request, *args, **kwargs)), encoding)
    if is_whole(request, response) and not response.streaming and len(response.content) <= MAX_KEPT_BYTES:
        ANSWERS.put(key, packed(response))
    return response


def with_present_names(request, response: HttpResponse) -> HttpResponse:
    """An address refused because an organisation that it names was merged into another leads to the same address with
    that other; an address is permanent. One query, where an organisation is named and refused.
    """
    if response.status_code != 400 or "porteur" not in request.GET:
        return response
    named = request.GET.getlist("porteur")
    present = moved(named)
    if not present:
        return response
    query = request.GET.copy()
    query.setlist("porteur", dict.fromkeys(present.get(slug, slug) for slug in named))
    return HttpResponsePermanentRedirect(f"{request.path}?{query.urlencode()}")


def is_whole(request, response: HttpResponse) -> bool:
    """Whether an answer says all that the data hold: a view that had to do without a part of them marks its request as
    `incomplete`, and nobody keeps what it says.
    """
    return response.status_code == 200 and not getattr(request, "incomplete", False)


def etag(request) -> str:
    """The data's version, the code's, and what was asked for, of which version of that number."""
    asked = hashlib.sha256(f"{mark(request.data_version)} {request.get_full_path()}".encode()).hexdigest()[:12]
    # Weak: the same content compressed and plain.
    return f'W/"{request.data_version}-{code_version()}-{asked}"'


def clean_address(request) -> str:
    """The same address without what follows people around."""
    query = request.GET.copy()
    for name in list(query):
        if is_tracking(name):
            del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path
