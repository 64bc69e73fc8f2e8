"""Asking and timing: one request, turns between servers, eight connections at once."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

CONNECTIONS = 8
IDLE = 1  # seconds after which gunicorn may have closed a connection


@dataclass
class Answer:
    """Milliseconds to the first byte of the body and to the last, and the bytes as sent."""

    first: float
    total: float
    sent: int


class Client:
    """A connection that is kept. One that was idle is made anew, and warmed by a page that costs nothing."""

    class Refused(Exception):  # noqa: N818  what the server says, not an error of ours
        """An answer that is no 200."""

        def __init__(self, path: str, status: int, body: bytes):
            super().__init__(f"{path}: {status} {body[:300]!r}")
            self.status = status

    def __init__(self, port: int, light: str, timeout: float = 120):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.light, self.last = light, 0.0

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.connection.close()

    def ask(self, path: str, encoding: str = "br, gzip") -> Answer:
        """Raises Refused for anything but a 200."""
        if time.monotonic() - self.last > IDLE:
            self.connection.close()
            self.once(self.light, encoding)
        return self.once(path, encoding)

    def once(self, path: str, encoding: str) -> Answer:
        began = time.perf_counter()
        self.connection.request("GET", path, headers={"Accept-Encoding": encoding})
        answer = self.connection.getresponse()
        body = answer.read(1)
        first, size = time.perf_counter(), len(body)
        while part := answer.read(65536):
            size += len(part)
            body = body if len(body) > 300 else body + part
        ended = time.perf_counter()
        self.last = time.monotonic()
        if answer.status != 200:
            raise self.Refused(path, answer.status, body)
        return Answer((first - began) * 1000, (ended - began) * 1000, size)


@dataclass
class Throughput:
    per_second: float
    refused: int


def throughput(port: int, light: str, paths: Iterator[str], seconds: float) -> Throughput:
    """Requests a second, eight connections at once, each address from `paths`. Refusals (503) are counted apart."""
    lock, until, answered, refused = threading.Lock(), time.monotonic() + seconds, [0] * CONNECTIONS, [0] * CONNECTIONS

    def ask_on(index: int) -> None:
        with Client(port, light) as client:
            while time.monotonic() < until:
                with lock:
                    path = next(paths)
                try:
                    client.ask(path)
                    answered[index] += 1
                except (Client.Refused, OSError, http.client.HTTPException):
                    refused[index] += 1
                    client.connection.close()

    began = time.monotonic()
    threads = [threading.Thread(target=ask_on, args=(index,), daemon=True) for index in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Throughput(sum(answered) / (time.monotonic() - began), sum(refused))


class Peak:
    """Most memory of a server inside `with Peak(server) as peak`, above what it had: `peak.grown`, in MiB."""

    def __init__(self, server):
        self.server, self.grown, self.ended = server, 0.0, threading.Event()

    def __enter__(self):
        self.before = sum(self.server.memory())
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def watch(self) -> None:
        while not self.ended.wait(0.05):
            with suppress(OSError):
                self.grown = max(self.grown, sum(self.server.memory()) - self.before)

    def __exit__(self, *failure):
        self.ended.set()
        self.thread.join()
