"""What every public view is wrapped in: it only reads, forgets who follows people around, and is not made twice."""

import hashlib
from functools import wraps

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_safe

from initiatives.filters import is_tracking
from initiatives.versioned import ANSWERS, code_version, data_version


def public_page(view):
    """GET and HEAD alone; any other method is a 405. An address with tracking parameters leads to itself without them.

    Exempt from CSRF, which would answer before, with a 403.
    """

    @wraps(view)
    def without_trackers(request, *args, **kwargs):
        if any(is_tracking(name) for name in request.GET):
            return HttpResponseRedirect(clean_address(request))
        return kept(request, view, args, kwargs)

    return csrf_exempt(require_safe(without_trackers))


def public_data(view):
    """The same for data: trackers are ignored, and an ETag of the data's version lets a client ask for news only."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = kept(request, view, args, kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response

    return csrf_exempt(require_safe(condition(etag_func=etag)(answer)))


def kept(request, view, args, kwargs) -> HttpResponse:
    """The answer of a view, from memory when the data did not change since. One query, and the view's own if any.

    A search is never kept, nor anything but a whole 200.
    """
    request.data_version = data_version()
    if "q" in request.GET:
        return view(request, *args, **kwargs)
    key = (request.data_version, get_language(), request.build_absolute_uri())
    body = ANSWERS.get(key)
    if body is not None:
        content_type, _separator, content = body.partition(b"\n")
        return HttpResponse(content, content_type=content_type.decode())
    response = view(request, *args, **kwargs)
    if response.status_code == 200 and not response.streaming:
        ANSWERS.put(key, response.headers["Content-Type"].encode() + b"\n" + response.content)
    return response


def etag(request, *args, **kwargs) -> str:
    """The data's version, the code's, and what was asked for. One query."""
    asked = hashlib.sha256(request.build_absolute_uri().encode()).hexdigest()[:12]
    return f'"{data_version()}-{code_version()}-{asked}"'


def clean_address(request) -> str:
    """The same address without what follows people around."""
    query = request.GET.copy()
    for name in list(query):
        if is_tracking(name):
            del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path
