"""The metrics, on an address of their own: a process beside gunicorn, which starts it (repertoire/exporter.py)."""

import errno
import os
import time

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from initiatives.core.watching.exported import Known
from repertoire.exporter import FOLDER


class Command(BaseCommand):
    help = "Serves Prometheus on METRICS_BIND: what the database knows and, started by gunicorn, its processes too."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--parent", type=int, help="end when this is no longer the parent process")

    def handle(self, *, parent, **options):
        if not settings.METRICS_BIND:
            raise CommandError("Set METRICS_BIND (see docs/operations.md).")
        registry = CollectorRegistry()
        if folder := os.environ.get(FOLDER):
            MultiProcessCollector(registry, folder)
        registry.register(Known())
        host, _colon, port = settings.METRICS_BIND.rpartition(":")
        try:
            # In an upgrade the release of before serves there until it ends: who has a gunicorn waits for the place.
            while parent in (None, os.getppid()):
                try:
                    start_http_server(int(port), host.strip("[]"), registry)
                    break
                except OSError as error:
                    if parent is None or error.errno != errno.EADDRINUSE:
                        raise CommandError(f"{settings.METRICS_BIND} cannot be used ({error.strerror}).") from None
                time.sleep(1)
            while parent in (None, os.getppid()):
                time.sleep(1)
        except KeyboardInterrupt:
            return
