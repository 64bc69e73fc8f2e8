"""What every public view is wrapped in: it only reads, and it forgets who follows people around."""

from functools import wraps

from django.http import HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from initiatives.filters import is_tracking


def public_data(view):
    """GET and HEAD alone; any other method is a 405. Exempt from CSRF, which would answer before, with a 403."""
    return csrf_exempt(require_safe(view))


def public_page(view):
    """The same, and an address with tracking parameters leads to the same address without them."""

    @wraps(view)
    def without_trackers(request, *args, **kwargs):
        if any(is_tracking(name) for name in request.GET):
            return HttpResponseRedirect(clean_address(request))
        return view(request, *args, **kwargs)

    return public_data(without_trackers)


def clean_address(request) -> str:
    """The same address without what follows people around."""
    query = request.GET.copy()
    for name in list(query):
        if is_tracking(name):
            del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path
