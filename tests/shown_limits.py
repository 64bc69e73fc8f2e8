"""The server of `make run` with two doors that tell the limits of the database: `python -m tests.shown_limits`."""

import sys

import django
from django.db import connection
from django.http import JsonResponse
from django.urls import path


def shown(request):
    found = {}
    with connection.cursor() as cursor:
        for name in ("statement_timeout", "lock_timeout"):
            cursor.execute(f"SHOW {name}")
            found[name] = cursor.fetchone()[0]
    return JsonResponse(found)


urlpatterns = [path("limites/", shown), path("admin/limites/", shown)]


def announce(server):
    print(*server.LISTENERS[0].sock.getsockname(), flush=True)  # noqa: T201


if __name__ == "__main__":
    django.setup()

    from django.conf import settings

    from initiatives.management.commands.serve import Server

    settings.ROOT_URLCONF = "tests.shown_limits"
    sys.argv[1:] = []  # gunicorn reads them
    Server("127.0.0.1:0", False, announce).run()
