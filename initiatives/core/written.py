"""Statements written once: Django takes longer to write the largest of them than PostgreSQL to answer."""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from types import SimpleNamespace

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet


def mark(kind: type | list, place: int):
    """A value that stands for one of this kind: `str`, `int`, or a list of one of them (`[str]`)."""
    if isinstance(kind, list):
        return [mark(kind[0], place)]
    return f"\N{WHITE SQUARE} {place}" if kind is str else -1_000_000 - place


class Written:
    """What a queryset asks, its SQL written once in a process, and asked for other values each time.

    `make(*values)` gives the queryset for values of these kinds, in which nothing but they may differ from one call to
    the next: no condition of Python's on them. It fetches nothing aside (no `prefetch_related`).
    """

    def __init__(self, make: Callable[..., QuerySet], *kinds: type | list):
        self.make, self.kinds = make, kinds

    @cached_property
    def statement(self):
        marks = [mark(kind, place) for place, kind in enumerate(self.kinds)]
        queryset = self.make(*marks)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        # For each parameter, the place of the value that it stands for.
        places = [marks.index(param) if param in marks else None for param in params]
        if missing := set(range(len(marks))).difference(places):
            raise ValueError(f"No parameter stands for the values {sorted(missing)}.")
        return queryset, compiler, sql, list(zip(params, places, strict=True))

    def rows(self, *values) -> list:
        """What the queryset of these values holds. One query."""
        queryset, written, sql, params = self.statement
        # A database's own integers stay of their width.
        given = tuple(param if place is None else type(param)(values[place]) for param, place in params)
        # Django's own reading of the rows, by a compiler of this thread that has nothing left to write.
        compiler, query = copy(written), copy(queryset.query)
        compiler.connection, compiler.as_sql = connections[DEFAULT_DB_ALIAS], lambda: (sql, given)
        query.get_compiler = lambda using: compiler
        asked = SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _fields=queryset._fields, _known_related_objects={})
        return list(queryset._iterable_class(asked))
