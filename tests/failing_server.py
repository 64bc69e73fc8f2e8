"""The site as gunicorn serves it, with two doors that fail: one inside Django, one where only gunicorn is left."""

from django.db import connection, transaction
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
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


# What the database refuses, with the word that was asked for where it is told.
STATEMENTS = {
    "lente": "SET LOCAL statement_timeout = '50ms'; SELECT pg_sleep(30) WHERE %s <> ''",
    "doublon": "INSERT INTO initiatives_mot (mot, nombre) VALUES (%s, 1), (%s, 1)",
    "nombre": "SELECT %s::text::integer",
    "coupee": "SELECT pg_terminate_backend(pg_backend_pid()) WHERE %s <> ''",
    "croisee": (
        "SET LOCAL deadlock_timeout = '50ms'; "
        "SELECT pg_advisory_xact_lock(%s), pg_sleep(0.3), pg_advisory_xact_lock(%s) WHERE %s <> ''"
    ),
}


def refused(request, name):
    """A statement that fails; « croisee » with the one that asks for the same locks the other way round."""
    word = request.GET["q"]
    order = [1, 2] if "un" in request.GET else [2, 1]
    with transaction.atomic(), connection.cursor() as cursor:
        *before, statement = STATEMENTS[name].split("; ")
        for first in before:
            cursor.execute(first)
        cursor.execute(statement, {"croisee": [*order, word]}.get(name, [word] * statement.count("%s")))
    return HttpResponse("ok")


def stream(request):
    """An answer that begins well."""

    def pieces():
        yield b"debut"
        raise ValueError(request.GET["q"])

    return StreamingHttpResponse(pieces())


urlpatterns = [
    path("panne/", fails, name="panne"),
    path("flux/", stream, name="flux"),
    path("base/<slug:name>/", refused, name="base"),
    *urls.urlpatterns,
]


def application(environ, start_response):
    if environ["PATH_INFO"].startswith("/hors-de-django/"):
        raise ValueError(QueryDict(environ["QUERY_STRING"])["q"])
    return site(environ, start_response)
