"""Visitors: so many requests a second whatever the answers take, each timed from the moment when it was due."""

import http.client
import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

MOST = 250  # requests on their way at once
PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Ask:
    """A request. `data`: what a form sends. `origin`: the address of this machine that it comes from."""

    path: str
    data: dict | None = None
    origin: str = "127.0.0.1"

    @property
    def kind(self) -> str:
        return f"{'POST ' if self.data is not None else ''}{self.path.partition('?')[0]}"


@dataclass(frozen=True)
class Shot:
    """An answer: when it was due (seconds since the start of the load), how it was answered and how long that took."""

    ask: Ask
    at: float
    status: int | str
    seconds: float
    body: bytes = b""
    headers: dict = field(default_factory=dict)

    @property
    def is_page(self) -> bool:
        return bool(self.body) and self.headers.get("content-type", "").startswith("text/html")

    @property
    def helps(self) -> bool:
        """Whether a page says whom to call; what is no page has no such duty."""
        return not self.is_page or b"911" in self.body

    @property
    def is_stale(self) -> bool:
        return b'class="perime"' in self.body or "warning" in self.headers


def shoot(port: int, ask: Ask, due: float, zero: float, timeout: float = PATIENCE) -> Shot:
    status, body, headers = "", b"", {}
    browser = http.client.HTTPConnection("127.0.0.1", port, source_address=(ask.origin, 0), timeout=timeout)
    try:
        content = None if ask.data is None else urlencode(ask.data, doseq=True)
        sent = {"Connection": "close"} | ({"Content-Type": "application/x-www-form-urlencoded"} if content else {})
        browser.request("GET" if content is None else "POST", ask.path, content, sent)
        answer = browser.getresponse()
        body = answer.read()
        status, headers = answer.status, {name.lower(): value for name, value in answer.getheaders()}
    except (OSError, http.client.HTTPException) as error:
        status = type(error).__name__
    finally:
        browser.close()
    return Shot(ask, due - zero, status, time.monotonic() - due, body, headers)


def once(port: int, path: str, data: dict | None = None, origin: str = "127.0.0.1") -> Shot:
    now = time.monotonic()
    return shoot(port, Ask(path, data, origin), now, now)


class Load:
    """`with Load(port, asks, 20) as load:` visitors come until the end of the block; `load.shots` is what they got."""

    def __init__(self, port: int, asks: Iterable[Ask], rate: float):
        self.port, self.asks, self.rate = port, iter(asks), rate
        self.shots, self.lock, self.over = [], threading.Lock(), threading.Event()
        self.room, self.unsent = threading.Semaphore(MOST), 0

    def __enter__(self):
        self.zero = time.monotonic()
        self.threads: list[threading.Thread] = []
        self.driver = threading.Thread(target=self.drive, daemon=True)
        self.driver.start()
        return self

    def __exit__(self, *failure):
        self.over.set()
        self.driver.join()
        for thread in self.threads:
            thread.join(PATIENCE + 5)

    def drive(self) -> None:
        for number in itertools.count():
            due = self.zero + number / self.rate
            if self.over.wait(max(0, due - time.monotonic())):
                return
            if not self.room.acquire(blocking=False):
                self.unsent += 1
                continue
            thread = threading.Thread(target=self.one, args=(next(self.asks), due), daemon=True)
            self.threads.append(thread)
            thread.start()

    def one(self, ask: Ask, due: float) -> None:
        try:
            shot = shoot(self.port, ask, due, self.zero)
        finally:
            self.room.release()
        with self.lock:
            self.shots.append(shot)

    def now(self) -> float:
        """Seconds since the start, to tell later what came before something and what after."""
        return time.monotonic() - self.zero

    def between(self, start: float, end: float = float("inf")) -> "Shots":
        return Shots(one for one in self.shots if start <= one.at < end)


def at_most(port: int, asks: Iterable[Ask], seconds: float, clients: int = 8) -> tuple[float, "Shots"]:
    """Answers a second when so many visitors each ask again as soon as they are answered; and the answers."""
    shots, lock, asks, until = [], threading.Lock(), iter(asks), time.monotonic() + seconds

    def visit() -> None:
        while (now := time.monotonic()) < until:
            with lock:
                ask = next(asks)
            shot = shoot(port, ask, now, now)
            with lock:
                shots.append(shot)

    threads = [threading.Thread(target=visit, daemon=True) for _ in range(clients)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(shots) / (time.monotonic() - began), Shots(shots)


class Shots(list[Shot]):
    """Some answers, and what is said of them in a line."""

    def of(self, *statuses) -> "Shots":
        return Shots(one for one in self if one.status in statuses)

    def but(self, *statuses) -> "Shots":
        return Shots(one for one in self if one.status not in statuses)

    def on(self, start: str) -> "Shots":
        return Shots(one for one in self if one.ask.path.startswith(start))

    def off(self, *starts: str) -> "Shots":
        return Shots(one for one in self if not one.ask.path.startswith(starts))

    @property
    def worst(self) -> float:
        return max((one.seconds for one in self), default=0.0)

    def share(self, share: float) -> float:
        ordered = sorted(one.seconds for one in self) or [0.0]
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    @property
    def silent(self) -> "Shots":
        """The pages that do not say whom to call."""
        return Shots(one for one in self if not one.helps)

    @property
    def wrong(self) -> "Shots":
        """What nobody should ever be answered: an error of ours, or none at all."""
        return Shots(one for one in self if not isinstance(one.status, int) or one.status in (500, 502, 504))

    def statuses(self) -> str:
        found = Counter(one.status for one in self)
        return " ".join(f"{number}×{status}" for status, number in found.most_common())

    def odd(self, *statuses) -> str:
        """Which were not answered so, for whoever looks for why."""
        found = self.but(*statuses)
        return f"{self.statuses()}" + (f" ({found.kinds()})" if found else "")

    def kinds(self, most: int = 4) -> str:
        return ", ".join(f"{n}×{kind}" for kind, n in Counter(one.ask.kind for one in self).most_common(most))

    def times(self) -> str:
        return f"p50 {self.share(0.5) * 1000:.0f} ms, p99 {self.share(0.99) * 1000:.0f}, max {self.worst * 1000:.0f}"
