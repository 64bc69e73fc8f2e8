"""The servers behind the database's addresses, and which of them a request takes its connection from."""

from contextlib import contextmanager, suppress
from contextvars import ContextVar
from enum import Enum
from threading import Lock, Thread
from time import monotonic

import psycopg
from psycopg_pool import ConnectionPool

from initiatives.core.limits import Limits, present
from repertoire import life

from .breaker import Breaker

FIRST_ANSWER = 1.5  # seconds for the first statement on a connection that was taken: it never asks for much
IDLE = 5.0  # seconds after which a connection may have died without anybody knowing
ENDED = ("FATAL", "PANIC")  # the severity of what ends a connection, or a server
TRIED = {"connect_timeout": 2}  # the least that libpq takes


class Purpose(Enum):
    """What a connection is taken for."""

    WRITE = "écrire"
    READ = "lire"
    READ_ONES_OWN = "lire ce que l'on vient d'écrire"


_PURPOSE: ContextVar[Purpose] = ContextVar("purpose", default=Purpose.WRITE)


@contextmanager
def taken_for(purpose: Purpose):
    """The connections that this thread takes inside are for this; for writing, where nobody says."""
    token = _PURPOSE.set(purpose)
    try:
        yield
    finally:
        _PURPOSE.reset(token)


class Connection(psycopg.Connection):
    """A connection that waits for an answer as long as its request may, and lets a server go that gives none.

    The server's own limits do not help against one that hangs.
    """

    server: "Server | None" = None
    bound: float | None = None  # seconds for an answer
    proven = True  # whether it answered since it was taken
    used = 0.0  # when it was last taken

    def wait(self, gen, *args, **options):
        if self.bound is None:
            return self.told(gen, *args, **options)
        if self.proven or self.server is None:
            return self.told(gen, *args, **options | {"timeout": self.bound})
        asking = self.server.breaker.asking
        asking[id(self)] = monotonic()
        try:
            answer = self.told(gen, *args, **options | {"timeout": min(FIRST_ANSWER, self.bound)})
        finally:
            del asking[id(self)]
        self.proven = True
        return answer

    def answers(self) -> bool:
        """Whether it can be used. One that was taken a moment ago is believed to; another is asked for nothing."""
        idle, self.used = monotonic() - self.used, monotonic()
        if idle < IDLE:
            return True
        try:
            ConnectionPool.check_connection(self)  # which begins no transaction
        except psycopg.OperationalError:
            return False
        return True

    def told(self, gen, *args, **options):
        """What the server answers. Where it does not, or says that it goes, it is said to have failed."""
        try:
            return super().wait(gen, *args, **options)
        except psycopg.OperationalError as error:
            if error.sqlstate is None or error.diag.severity_nonlocalized in ENDED:
                self.close()
                if self.server and self.bound is not None:
                    self.server.fail()
            raise


class Server:
    """One address: its pool, thrown away whole when the server fails, and its breaker."""

    def __init__(self, name: str, parameters: dict, options: dict, configure):
        self.name, self.parameters, self.options, self.configure = name, parameters, options, configure
        self.breaker, self.lock, self.kept = Breaker(name, self.attempt), Lock(), None

    @property
    def pool(self) -> ConnectionPool:
        with self.lock:
            if self.kept is None:
                self.kept = ConnectionPool(
                    kwargs=self.parameters,
                    configure=self.prepare,
                    connection_class=Connection,
                    name=self.name,
                    open=True,
                    **self.options,
                )
            return self.kept

    def prepare(self, connection: Connection) -> bool:
        changed = self.configure(connection)
        connection.server, connection.used = self, monotonic()
        return changed

    def take(self) -> Connection:
        """A connection, bound to the limits of the request; a command, which has none, waits as long as it must.

        Raises psycopg.OperationalError where there is none.
        """
        limits = present()
        if limits is None:
            connection = self.pool.getconn()
            connection.bound = None
            return connection
        connection = self.taken(limits)
        if not connection.answers():
            connection._pool.putconn(connection)
            connection = self.taken(limits)
        return connection

    def taken(self, limits: Limits) -> Connection:
        self.breaker.check()
        pool = self.pool
        try:
            connection = pool.getconn()
        except psycopg.OperationalError:
            if pool is self.kept:  # one that was thrown away meanwhile says nothing of the server
                self.fail()
            raise
        connection.bound, connection.proven = limits.answer / 1000, False
        return connection

    def fail(self) -> None:
        """The server did not answer: no connection of before is taken again."""
        if self.breaker.fail():
            self.drop()

    def drop(self) -> None:
        """Lets every connection go, those that work when they come back."""
        with self.lock:
            pool, self.kept = self.kept, None
        if pool:
            Thread(target=pool.close, daemon=True).start()  # it waits for its own threads

    def attempt(self) -> None:
        """Asks the server for one answer, on a connection of its own."""
        with self.connect() as connection:
            connection.execute("SELECT")

    def connect(self) -> Connection:
        """A connection apart from the pool, for who looks whether the server answers."""
        connection = Connection.connect(**self.parameters | TRIED)
        connection.bound = 1.0
        return connection


class Servers:
    """What Django takes for its pool: the server of the writes, and that of the reads, which may be the same."""

    def __init__(self, writes: Server, reads: Server):
        self.writes, self.reads = writes, reads

    @property
    def all(self) -> list[Server]:
        return list(dict.fromkeys([self.writes, self.reads]))

    def open(self) -> None:
        """Each opens its own when it is first asked."""

    def getconn(self) -> Connection:
        """A connection for the present purpose: whoever only reads is content with the other server where his own is
        away; a visitor never with a copy that stays behind, which says what was withdrawn. Raises
        psycopg.OperationalError.
        """
        order = {
            Purpose.WRITE: [self.writes],
            Purpose.READ: [self.writes] if life.copy_is_left() else [self.reads, self.writes],
            Purpose.READ_ONES_OWN: [self.writes, self.reads],
        }[_PURPOSE.get()]
        *before, last = dict.fromkeys(order)
        for server in before:
            with suppress(psycopg.OperationalError):
                return server.take()
        return last.take()

    def close(self) -> None:
        for server in self.all:
            server.drop()
