"""The site under writes: so many requests a second, whatever the answers take, and an edit every few seconds."""

import http.client
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

from bench import data
from bench.measure import Client, Peak, throughput
from bench.run import Run, load
from bench.servers import Servers

CLIENTS = 16
WARM = 6  # seconds


@dataclass
class Answers:
    """Milliseconds from the moment when each was due to its last byte; those refused."""

    visitors: list[float] = field(default_factory=list)
    help_page: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def run(size: int, address: str, sqlite: Path, seconds: float, rate: float, every: float) -> None:
    """Prints how long answers take under writes, and what memory becomes."""
    print(f"\n{data.described(address)}", flush=True)
    with Servers() as up, ExitStack() as stack:
        bench = Run(size, address, sqlite, up, stack, only_ours=True)
        bench.settle()
        ours = bench.servers["ours"]
        throughput(ours.port, ours.light, (one.ours for one in bench.questions.mixed()), WARM)
        with Peak(ours) as peak:
            before = bench.memory()
            answers = under_writes(bench, seconds, rate, every)
        print(f"{seconds:.0f} s, {rate:g} requests a second, an edit every {every:g} s ({bench.writes} edits)")
        print(said("all but /aide/ (goal: p99 150 ms)", answers.visitors))
        print(said("/aide/ (goal 20 ms)", answers.help_page))
        print(f"refused: {answers.refused or 'none'}")
        print(f"memory before: {before}; after: {bench.memory()}; most: +{peak.grown:.1f} MiB\n{load()}", flush=True)


def under_writes(bench: Run, seconds: float, rate: float, every: float) -> Answers:
    """Every request has its moment, and its time counts from there: one that waits for a late one is late too."""
    due, answers, over = Queue(), Answers(), threading.Event()
    port = bench.servers["ours"].port
    threads = [threading.Thread(target=visit, args=(port, due, answers, over), daemon=True) for _ in range(CLIENTS)]
    threads.append(threading.Thread(target=edit, args=(bench, every, over), daemon=True))
    for thread in threads:
        thread.start()
    mixed, began, helps = bench.questions.mixed(), time.perf_counter(), 0
    try:
        for number in range(int(seconds * rate)):
            path, moment = next(mixed).ours, began + number / rate
            time.sleep(max(0, moment - time.perf_counter()))
            due.put((moment, path))
            if moment - began >= helps:
                helps += 1
                due.put((moment, "/aide/"))
            if number and number % int(60 * rate) == 0:
                print(f"after {number / rate:.0f} s: {due.qsize()} waiting, {bench.memory()}", flush=True)
    finally:
        until = time.monotonic() + 30
        while not due.empty() and time.monotonic() < until:
            time.sleep(0.1)
        over.set()
        for thread in threads:
            thread.join(30)
    return answers


def edit(bench: Run, every: float, over: threading.Event) -> None:
    while not over.wait(every):
        bench.write()


def visit(port: int, due: Queue, answers: Answers, over: threading.Event) -> None:
    """Asks what is due until all is over. A connection a request, as visitors do."""
    while not over.is_set():
        try:
            moment, path = due.get(timeout=0.2)
        except Empty:
            continue
        failed = ""
        try:
            with Client(port, "") as client:
                client.once(path, "br, gzip")
        except Client.Refused as refusal:
            failed = str(refusal.status)
        except (OSError, http.client.HTTPException) as error:
            failed = type(error).__name__
        took = (time.perf_counter() - moment) * 1000
        with answers.lock:
            if failed:
                answers.refused[failed] = answers.refused.get(failed, 0) + 1
            (answers.help_page if path == "/aide/" else answers.visitors).append(took)


def said(name: str, times: list[float]) -> str:
    ordered = sorted(times) or [float("nan")]

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    shares = f"p50 {at(0.5):.1f} ms, p90 {at(0.9):.1f}, p99 {at(0.99):.1f}, most {ordered[-1]:.1f}"
    return f"{name}: {len(times)} answers, {shares}"
