"""Two sessions of the database at once, held by events: nothing here rests on luck or on a clock."""

from contextlib import contextmanager
from pkgutil import resolve_name
from threading import Event, Thread, current_thread
from unittest import mock

from django.apps import apps
from django.db import connection, connections, transaction

from initiatives.models import Changement, VersionDonnees


class Session(Thread):
    """Work done on a connection of its own. `result` is what it gave, or what it raised."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.connected, self.pid, self.result = work, Event(), None, None

    def run(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (self.pid,) = cursor.fetchone()
            self.connected.set()
            self.result = self.work()
        except Exception as error:  # the test says what it expected
            self.result = error
        finally:
            self.connected.set()
            connection.close()

    def waits_for(self, other) -> bool:
        """Whether the database lets it wait for a lock of the other; False once it has ended without waiting."""
        self.connected.wait()
        while self.is_alive():
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s = ANY(pg_blocking_pids(%s))", [other.pid, self.pid])
                if cursor.fetchone()[0]:
                    return True
            self.join(0.005)
        return False


@contextmanager
def stopped(work, at: str):
    """A session stopped where it first calls `at` (« package.module.function »); it goes on when the block ends."""
    function, reached, go = resolve_name(at), Event(), Event()

    def stop(*args, **kwargs):
        if current_thread() is session and not reached.is_set():
            reached.set()
            go.wait()
        return function(*args, **kwargs)

    session = Session(work)
    with mock.patch(at, stop):
        session.start()
        try:
            while not reached.wait(0.005):
                assert session.is_alive(), f"never came to {at}: {session.result!r}"
            yield session
        finally:
            go.set()
            session.join()


def race(first, second, at: str):
    """`first` is stopped at `at`, inside its lock; `second` must wait for that lock; then both end. What each gave."""
    with stopped(first, at) as one:
        two = Session(second)
        two.start()
        waited = two.waits_for(one)
    two.join()
    assert waited, f"the second did not wait for the first: {two.result!r}"
    return one.result, two.result


@contextmanager
def committing():
    """What is written inside is committed, as another session must see it; the rows added are taken away at the end.

    No table is emptied, and so nothing has to be loaded again. The test's own transaction stands aside meanwhile.
    """
    aside = connections["default"]
    connections["default"] = aside.copy()
    before, version = all_keys(), VersionDonnees.objects.values("numero", "modifiee_le").get()
    try:
        yield
    finally:
        with transaction.atomic():  # foreign keys are checked at commit
            for model, keys in all_keys().items():
                if added := keys - before[model]:
                    model._base_manager.filter(pk__in=added)._raw_delete("default")
        Changement.objects.exclude(pk__in=before[Changement]).delete()  # that those rows left was told too
        VersionDonnees.objects.update(**version)  # its moment too: what was made of it is of it still
        connection.close()
        connections["default"] = aside


def all_keys() -> dict:
    """The primary key of every row of every table."""
    models = apps.get_models(include_auto_created=True)
    return {model: set(model._base_manager.values_list("pk", flat=True)) for model in models}
