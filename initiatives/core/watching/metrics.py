"""What each process counts of its own answers, for Prometheus: by the name of an address, never by the address.

With `PROMETHEUS_MULTIPROC_DIR` (repertoire/exporter.py) the processes of the server write in files that are summed up;
a process that takes the place of another goes on in the same file.
"""

import os

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from prometheus_client import values

from repertoire.exporter import PLACE

if place := os.environ.get(PLACE):
    values.ValueClass = values.MultiProcessValue(lambda: place)  # read by what is declared below

# isort: split
from prometheus_client import Counter, Gauge, Histogram

from repertoire.logs import UNKNOWN

ANSWERED = Counter(
    "repertoire_reponses", "Answers, by address, method and kind of status", ["route", "methode", "statut"]
)
SECONDS = Histogram(
    "repertoire_reponse_secondes",
    "Seconds until an answer is closed, by kind of address",
    ["groupe"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
GOING = Gauge("repertoire_en_cours", "Requests being answered", multiprocess_mode="livesum")
REFUSED = Counter("repertoire_sans_place", "Requests told to come back: every place was taken")
POOL = Gauge(
    "repertoire_connexions", "Connections to a server of the database", ["serveur", "etat"], multiprocess_mode="livesum"
)
WAITED = Gauge(
    "repertoire_connexions_attente_secondes",
    "Seconds waited for a connection since the process began",
    ["serveur"],
    multiprocess_mode="livesum",
)
AWAY = Gauge("repertoire_serveur_absent", "Processes that find a server away", ["serveur"], multiprocess_mode="livesum")
DOCUMENTS = ("pdf", "zip", "sqlite", "xlsx")
DATA = ("json", "csv", "atom", "metadata", "jsonld", "ttl", "datapackage", "openapi", "sitemap", "robots")


def group_of(route: str) -> str:
    """The kind of an address: few, for a histogram is heavy."""
    last = route.rpartition("-")[2]
    if route == UNKNOWN:
        return UNKNOWN
    if route.startswith("admin:"):
        return "atelier"
    if route == "initiatives":
        return "liste"
    if last in DOCUMENTS:
        return "documents"
    return "donnees" if last in DATA or route.startswith("hsds") else "pages"


def answered(route: str, method: str, status: int, seconds: float, refused: bool) -> None:
    """An answer is closed."""
    GOING.dec()
    ANSWERED.labels(route, method, f"{status // 100}xx").inc()
    SECONDS.labels(group_of(route)).observe(seconds)
    if refused:
        REFUSED.inc()
    if settings.METRICS_BIND:
        look_at_the_pools()


def look_at_the_pools() -> None:
    """How the connections of this process are, as of this answer."""
    pools = connections[DEFAULT_DB_ALIAS].pool
    for server in pools.all if pools else []:
        AWAY.labels(server.name).set(server.breaker.away)
        if kept := server.kept:
            stats = kept.get_stats()
            size, free = stats.get("pool_size", 0), stats.get("pool_available", 0)
            POOL.labels(server.name, "prises").set(size - free)
            POOL.labels(server.name, "libres").set(free)
            POOL.labels(server.name, "attendues").set(stats.get("requests_waiting", 0))
            WAITED.labels(server.name).set(stats.get("requests_wait_ms", 0) / 1000)
