"""What the machine that watches the site asks: whether a process lives, and whether it may be sent visitors.

Answered before Django, whatever the host: no middleware, no session, no redirection to https. They say nothing of the
content.
"""

import json
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from threading import Lock

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from psycopg import Error
from psycopg.errors import UndefinedTable

from repertoire.life import ALIVE, READY, is_leaving
from repertoire.release import code_version

WAIT = 1.0  # seconds for the database
APPLIED = "SELECT app, name FROM public.django_migrations"
logger = logging.getLogger(__name__)


@cache
def migrations() -> frozenset[tuple[str, str]]:
    """Those that this code needs: read from the disk once a process."""
    return frozenset(MigrationLoader(None).graph.nodes)


def missing(server) -> str:
    """What this server lacks for this code to answer: nothing, the database, or migrations."""
    try:
        with server.connect() as connection:
            applied = set(connection.execute(APPLIED).fetchall())
    except UndefinedTable:
        return "migrations"
    except Error:
        server.fail()
        return "base de données"
    return "migrations" if migrations() - applied else ""


class Probes:
    """The application, with the two probes before it. `warm_up` reads what the first visitor would wait for, and says
    whether it could.
    """

    def __init__(self, application, warm_up):
        self.application, self.warm_up = application, warm_up
        self.warm = warm_up()
        self.asked: Future | None = None
        self.lock, self.asker = Lock(), ThreadPoolExecutor(1, "probe")

    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO")
        if path not in (ALIVE, READY):
            return self.application(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return answer(environ, start_response, "405 Method Not Allowed", {"etat": "méthode refusée"})
        lacking = self.lacking() if path == READY else ""
        if lacking:
            return answer(environ, start_response, "503 Service Unavailable", {"etat": "pas prêt", "cause": lacking})
        body = {"etat": "prêt", "version": code_version()} if path == READY else {"etat": "vivant"}
        return answer(environ, start_response, "200 OK", body)

    def lacking(self) -> str:
        """Why no visitor may be sent here, within a second; nothing where all is well. One asks for all who wait."""
        if is_leaving():
            return "arrêt"
        with self.lock:
            if self.asked is None or self.asked.done():
                self.asked = self.asker.submit(self.ask)
            asked = self.asked
        try:
            return asked.result(WAIT)
        except TimeoutError:
            return "base de données"

    def ask(self) -> str:
        """A database that answers what visitors read is enough: the other is for who writes."""
        try:
            for server in reversed(connections[DEFAULT_DB_ALIAS].pool.all):
                lacking = "base de données" if server.breaker.away else missing(server)
                if not lacking:
                    self.warm = self.warm or self.warm_up()
                    return "" if self.warm else "démarrage"
        except Exception as error:
            logger.error("A probe failed: %s", type(error).__name__)
            return "erreur"
        return lacking


def answer(environ, start_response, status: str, body: dict) -> list[bytes]:
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(content))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response(status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]
