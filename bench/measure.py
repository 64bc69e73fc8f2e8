"""Measuring: times of one address, requests a second with eight connections, memory of the processes that answer."""

import http.client
import statistics
import threading
import time
from dataclasses import dataclass

import psutil

CONNECTIONS = 8


@dataclass
class Measure:
    """Milliseconds, requests a second, and bytes of one answer as sent (Accept-Encoding: br)."""

    median: float
    p95: float
    per_second: float
    sent: int


def get(connection: http.client.HTTPConnection, path: str) -> int:
    """Asks once; returns the bytes of the body. Anything but a 200 stops the benchmark."""
    connection.request("GET", path, headers={"Accept-Encoding": "br, gzip"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {body[:300]!r}")
    return len(body)


def times(port: int, path: str, number: int, seconds: float) -> tuple[list[float], int]:
    """Milliseconds of `number` requests one after the other, fewer when they take longer than `seconds` in all."""
    connection, found, started, size = http.client.HTTPConnection("127.0.0.1", port, timeout=120), [], time.time(), 0
    while len(found) < 3 or (len(found) < number and time.time() - started < seconds):
        before = time.perf_counter()
        size = get(connection, path)
        found.append((time.perf_counter() - before) * 1000)
    connection.close()
    return found, size


def throughput(port: int, path: str, seconds: float) -> float:
    """Requests a second, eight connections at once."""
    counts, stop = [0] * CONNECTIONS, time.time() + seconds

    def client(index):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while time.time() < stop:
            get(connection, path)
            counts[index] += 1

    threads = [threading.Thread(target=client, args=(index,)) for index in range(CONNECTIONS)]
    started = time.time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.time() - started)


def measure(port: int, path: str, number: int = 60, seconds: float = 6) -> Measure:
    times(port, path, 5, 2)  # both processes warm
    found, size = times(port, path, number, seconds)
    ordered = sorted(found)
    return Measure(
        statistics.median(found), ordered[int(len(ordered) * 0.95)], throughput(port, path, min(seconds, 3)), size
    )


def memory(process: psutil.Process) -> float:
    """MiB held by a process and its children."""
    family = [process, *process.children(recursive=True)]
    return sum(one.memory_info().rss for one in family if one.is_running()) / 2**20
