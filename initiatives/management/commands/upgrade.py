"""manage.py upgrade: the migrations of a release, applied by one at a time and without making a visitor wait."""

import time
from contextlib import contextmanager

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from psycopg.errors import LockNotAvailable

KEY = 0x4D19  # any number: whoever upgrades holds it
LOCK_TIMEOUT = "2s"  # what a visitor's statement may wait too


class Command(BaseCommand):
    help = (
        "Applies the migrations of this code while the site goes on: alone (a second one waits, then is refused), and "
        "without queueing before visitors; a table that stays busy ends it with nothing half done."
    )

    def add_arguments(self, parser):
        parser.add_argument("--wait", type=int, default=60, help="seconds to wait for another upgrade (60)")
        parser.add_argument(
            "--tries", type=int, default=30, help="times that a busy table is tried, a second apart (30)"
        )

    def handle(self, *, wait, tries, **options):
        if settings.DATABASE_POOLER == "transaction":  # the lock would stay on a connection that goes to others
            raise CommandError(
                "An upgrade asks for PostgreSQL itself, without a pooler: nothing was done. DATABASE_POOLER and its "
                "address are for the processes that answer pages (see docs/operations.md, « The database »)."
            )
        with alone(wait):
            before = waiting()
            if not before:
                self.stdout.write("Nothing to migrate: the database has every migration of this code.")
                return
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
            began = time.monotonic()
            self.migrate(tries)
            seconds = time.monotonic() - began
        self.stdout.write(f"Applied in {seconds:.1f} s: {', '.join('.'.join(key) for key in before)}.")
        self.stdout.write("The code of before goes on with this database: to go back, start it again.")

    def migrate(self, tries: int) -> None:
        """Each migration is a transaction: one that finds its table busy leaves nothing, and is begun again."""
        for left in reversed(range(tries)):
            try:
                return call_command("migrate", interactive=False, verbosity=0)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
            if left:
                time.sleep(1)
        names = ", ".join(".".join(key) for key in waiting())
        raise CommandError(f"A table stays busy; nothing is half done, and these wait still: {names}. Run it again.")


@contextmanager
def alone(wait: int):
    """Holds the one place of who upgrades. Raises CommandError where another holds it after `wait` seconds."""
    until = time.monotonic() + wait
    with connection.cursor() as cursor:
        while not cursor.execute("SELECT pg_try_advisory_lock(%s)", [KEY]).fetchone()[0]:
            if time.monotonic() >= until:
                raise CommandError("Another upgrade of this database is running: nothing was done. Wait for its end.")
            time.sleep(1)
    try:
        yield
    finally:
        connection.close()  # with the connection goes the lock


def waiting() -> list[tuple[str, str]]:
    """The migrations that the database lacks, in their order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [(migration.app_label, migration.name) for migration, _backwards in plan]
