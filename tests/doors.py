"""A door before the database of the tests, that can be shut or jammed: what a server that dies or hangs looks like."""

import socket
import threading
from contextlib import contextmanager, suppress

from django.db import connection


class Door:
    """A port of this machine that leads to the database. Shut, it refuses; jammed, it accepts and says nothing."""

    def __init__(self):
        self.listener, self.pairs, self.open, self.entered = None, [], threading.Event(), 0
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = found.getsockname()[1]

    @property
    def address(self) -> str:
        parts = connection.settings_dict
        return f"postgresql://{parts['USER'] or 'postgres'}:{parts['PASSWORD']}@127.0.0.1:{self.port}/{parts['NAME']}"

    def unlock(self) -> None:
        self.open.set()
        if self.listener is None:
            self.listener = socket.create_server(("127.0.0.1", self.port))
            threading.Thread(target=self.welcome, args=[self.listener], daemon=True).start()

    def jam(self) -> None:
        self.open.clear()

    def shut(self) -> None:
        listener, self.listener = self.listener, None
        if listener:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for side in self.pairs:
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
        self.pairs.clear()
        self.open.set()  # whoever is jammed goes on, to nobody

    def welcome(self, listener) -> None:
        while True:
            try:
                visitor, _address = listener.accept()
            except OSError:
                return
            server = to_the_database()
            self.entered += 1
            self.pairs += [visitor, server]
            threading.Thread(target=self.join, args=[visitor, server], daemon=True).start()

    def join(self, visitor, server) -> None:
        """Carries what each says to the other, until one of them ends."""
        with visitor, server:
            back = threading.Thread(target=self.carry, args=[server, visitor], daemon=True)
            back.start()
            self.carry(visitor, server)
            back.join()

    def carry(self, one, other) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                self.open.wait()
                other.sendall(data)
        for side in (one, other):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)


def to_the_database() -> socket.socket:
    host, port = connection.settings_dict["HOST"], connection.settings_dict["PORT"] or 5432
    if not host.startswith("/"):
        return socket.create_connection((host or "127.0.0.1", int(port)))
    server = socket.socket(socket.AF_UNIX)
    server.connect(f"{host}/.s.PGSQL.{port}")
    return server


@contextmanager
def door():
    """A door that is open; shut at the end."""
    found = Door()
    found.unlock()
    try:
        yield found
    finally:
        found.shut()
