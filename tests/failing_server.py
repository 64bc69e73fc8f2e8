"""The site as gunicorn serves it, with two doors that fail: one inside Django, one where only gunicorn is left."""

from django.http import QueryDict
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from repertoire.wsgi import application as site  # first: it sets Django up

# isort: split
from repertoire import urls
from repertoire.urls import handler400, handler403, handler404, handler500  # noqa: F401


@csrf_exempt
def fails(request):
    """Fails as code does: the words that it was given are in the message, in a cause, and in a local variable."""
    word = request.GET.get("q") or request.POST["q"]
    try:
        int(word)
    except ValueError as error:
        error.add_note(word)
        raise KeyError(word, request) from error


urlpatterns = [path("panne/", fails, name="panne"), *urls.urlpatterns]


def application(environ, start_response):
    if environ["PATH_INFO"].startswith("/hors-de-django/"):
        raise ValueError(QueryDict(environ["QUERY_STRING"])["q"])
    return site(environ, start_response)
