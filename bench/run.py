"""The run of one size: every row on every server, in turns, several times; then files, connections, memory."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import psycopg

from bench import data, sql, table
from bench.measure import Answer, Client, Peak, throughput
from bench.questions import Question, Questions
from bench.servers import Servers

LARGEST_OF_DATASETTE = 100_000
JSON_OF = {"JSON list": "list", "JSON search": "search, common word"}
BUDGET = 12  # seconds that a row takes in a repetition, at most; two turns at least


class Run:
    """Servers that are up, one client each, and what was measured."""

    def __init__(self, size: int, address: str, sqlite: Path, up: Servers, stack: ExitStack, only_ours: bool = False):
        self.size, self.address = size, address
        self.servers = {"ours": up.ours(address)}
        if not only_ours:
            self.servers["E"] = up.empty(address)
        if not only_ours and size <= LARGEST_OF_DATASETTE:
            self.servers["D"] = up.datasette(sqlite)
        self.table = f"/{sqlite.stem}/initiatives"
        self.clients = {name: stack.enter_context(Client(one.port, one.light)) for name, one in self.servers.items()}
        self.connection = stack.enter_context(psycopg.connect(address, autocommit=True))
        self.questions, self.rows, self.writes = Questions(address), {}, 0

    def paths(self, name: str, question: Question) -> dict[str, str]:
        """What each server is asked, for a question of this row."""
        asked = {"ours": question.ours, "E": "/"}
        if question.theirs is not None and "D" in self.servers:
            asked["D"] = self.table + (".json" if name.startswith("JSON") else "") + question.theirs
        return asked

    def answer(self, server: str, path: str, **options) -> Answer | None:
        """None, and a word about it, where it is refused."""
        try:
            return self.clients[server].ask(path, **options)
        except Client.Refused as refusal:
            print(f"{server} refused {refusal.status} {path}", file=sys.stderr, flush=True)
            return None

    def ask(self, name: str, server: str, path: str, into: list[float]) -> None:
        row, answer = self.rows[name], self.answer(server, path)
        if answer:
            into.append(answer.total)
        else:
            row.refused[server] = row.refused.get(server, 0) + 1

    def turns(self, name: str, questions: Iterator[Question], rounds: int, before=None) -> None:
        """So many questions, each to every server, which take turns to be the first. `before`: what is done, outside
        of the time, before each."""
        row, began, into = self.rows.setdefault(name, table.Row()), time.monotonic(), {}
        for turn in range(rounds):
            question = next(questions, None)
            if question is None or (turn > 1 and time.monotonic() - began > BUDGET):
                break
            paths = list(self.paths(name, question).items())
            if before:
                before()
            for server, path in paths[turn % len(paths) :] + paths[: turn % len(paths)]:
                if server not in into:
                    into[server] = row.begin(server)
                self.ask(name, server, path, into[server])

    def write(self) -> None:
        """An edit of one fiche, whose triggers do what they do for the workshop's."""
        fiches = self.questions.fiches
        self.connection.execute(
            "UPDATE initiatives_initiative SET description = %s || regexp_replace(description, '^Modif [0-9]+ ', ''),"
            " modifiee_le = now() WHERE numero = %s",
            [f"Modif {self.writes} ", fiches[self.writes * 7 % len(fiches)]["numero"]],
        )
        self.writes += 1

    def settle(self) -> None:
        """Every process of ours has answered of the present data, and made what it makes aside: what follows pays for
        no write."""
        lists, searches = self.questions.new(self.questions.half), self.questions.new(self.questions.two_words)
        mixed = (next(one).ours for one in cycle([lists, searches]))
        for _ in range(2):  # new connections each time: another process may take them
            throughput(self.servers["ours"].port, self.servers["ours"].light, mixed, 0.5)
            self.quiet(60)

    def quiet(self, seconds: float) -> None:
        """Waits until ours does nothing for a second, at most so many."""
        until, calm, used = time.monotonic() + seconds, 0, self.servers["ours"].busy()
        while calm < 4 and time.monotonic() < until:
            time.sleep(0.25)
            before, used = used, self.servers["ours"].busy()
            calm = calm + 1 if used - before < 0.02 else 0

    def write_in_quiet(self) -> None:
        self.quiet(5)
        self.write()

    def warm(self, rows: dict[str, Iterator[Question]]) -> None:
        """Each kind of page once, outside of the table: templates, models and files are read."""
        self.settle()
        for name, questions in rows.items():
            self.turns(name, questions, 2)
        self.rows.clear()
        self.settle()

    def statements(self, rows: dict[str, Iterator[Question]]) -> dict[str, str]:
        """For each row, the statements of a page of it that is computed."""
        asked = {name: [question.ours for question in islice(questions, 2)] for name, questions in rows.items()}
        return sql.of_pages(self.address, {name: two for name, two in asked.items() if len(two) == 2})

    def repetition(self, rows: dict[str, Iterator[Question]], rounds: int) -> None:
        for name, questions in rows.items():
            self.turns(name, questions, rounds)
        for name in ("list", "filtered list", "fiche", "JSON list"):
            question = next(rows[name], None)
            if question:
                self.kept(name, question, rounds)
        self.kept("home", Question("/", None), rounds)
        homes = cycle([Question("/", None), Question("/en/", None)])
        self.turns("home after a write", homes, rounds, self.write_in_quiet)
        self.first_searches(rows["search, two words"], rounds)
        self.settle()

    def kept(self, name: str, question: Question, rounds: int) -> None:
        """The same again: what the process kept."""
        if self.answer("ours", question.ours):
            self.turns(f"kept, {name}", iter([Question(question.ours, None)] * rounds), rounds)

    def first_searches(self, searches: Iterator[Question], rounds: int) -> None:
        """A search just after a write, and the next, of other words, on the same connection."""
        first, after = "first search after write", "the next search"
        for name in (first, after):
            self.rows.setdefault(name, table.Row()).begin("ours")
        for _ in range(max(2, rounds // 2)):
            self.write_in_quiet()
            for name in (first, after):
                if question := next(searches, None):
                    self.ask(name, "ours", question.ours, self.rows[name].samples["ours"][-1])

    # What is measured once.

    def check_datasette(self) -> None:
        """Stops the run unless Datasette counts every facet of what it shows: none left out, the sums are right."""
        import json
        from urllib.request import urlopen

        word = self.questions.usual[0][0]
        for asked in ("?_size=1", "?_size=1&stade=en-application", f"?_size=1&_search={word}"):
            with urlopen(f"http://127.0.0.1:{self.servers['D'].port}{self.table}.json{asked}") as answer:
                said = json.load(answer)
            total, facets = said["filtered_table_rows_count"], said["facet_results"]
            counted = sum(value["count"] for value in facets["region"]["results"])
            if sorted(facets) != sorted(data.PLAIN_FACETS) or not 0 < counted == total:
                raise SystemExit(f"Datasette does not count: {asked}, {total} rows, {counted} counted, {list(facets)}")

    def csv(self, times: int) -> str:
        """The whole list as a file: ours, Datasette's, and PostgreSQL's own COPY."""
        ours, theirs, raw, grown = [], [], [], []
        for _ in range(times):
            with Peak(self.servers["ours"]) as peak:
                ours.append(self.answer("ours", "/initiatives.csv"))
            grown.append(peak.grown)
            raw.append(sql.copy_out(self.address))
            if "D" in self.clients:
                theirs.append(self.answer("D", f"{self.table}.csv?_stream=on"))
        if None in ours + theirs:
            return "CSV of everything: refused"
        total, copied = median(one.total for one in ours), median(raw)
        given = median(one.total for one in theirs) if theirs else None
        beside = f", Datasette {given:.0f} ms ({total / given:.2f} x, goal 1)" if given else ""
        return (
            f"CSV of everything: {total:.0f} ms, {ours[0].sent / 2**20:.1f} MiB{beside},"
            f" COPY {copied:.0f} ms ({total / copied:.1f} x, goal 3);"
            f" first byte {median(one.first for one in ours):.0f} ms (goal 20); memory +{max(grown):.1f} MiB (goal 10)"
        )

    def eight(self, seconds: float) -> Iterator[str]:
        """Answers a second under eight connections, everything computed."""
        rows = {"list": (self.questions.half, 5), "search": (self.questions.two_words, 4)}
        for name, (make, goal) in rows.items():
            several = list(islice(self.questions.new(make), int(1500 * seconds)))
            found = {}
            for server, one in self.servers.items():
                paths = cycle([self.paths(name, question)[server] for question in several])
                found[server] = throughput(one.port, one.light, paths, seconds)
            beside = (
                f" (ours/D {found['ours'].per_second / found['D'].per_second:.1f}, goal {goal})" if "D" in found else ""
            )
            figures = ", ".join(f"{server} {one.per_second:.0f}" for server, one in found.items())
            yield f"8 connections, {name}, answers a second: {figures}{beside}; ours refused {found['ours'].refused}"

    def alone(self) -> float:
        """Milliseconds of the empty view when nothing else is asked in between: caches and processor are its own."""
        return median(self.clients["E"].ask("/").total for _ in range(60))

    def derived(self) -> Iterator[str]:
        """What the table says when two of its rows are set beside each other."""

        def of(name: str) -> float:
            return self.rows[name].median("ours") or float("nan")

        first, usual = of("first search after write"), of("search, two words")
        goal = {152: 100, 10_000: 50}.get(self.size, 100)
        yield f"first search after a write: {first - usual:.0f} ms above one far from any write (goal {goal})"
        said = ", ".join(f"{json} {of(json) / of(page):.2f} x" for json, page in JSON_OF.items())
        yield f"JSON beside its HTML (goal 1): {said}"

    def sizes(self) -> str:
        answers = [self.answer("ours", "/initiatives/", encoding=encoding) for encoding in ("identity", "br")]
        if None in answers:
            return "page of the list: refused"
        plain, sent = (one.sent for one in answers)
        said = f"page of the list: {plain / 1000:.1f} kB (goal 60), {sent / 1000:.1f} kB as sent"
        if "D" in self.clients:
            said += f"; Datasette {self.clients['D'].ask(self.table).sent / 1000:.1f} kB"
        return said

    def memory(self) -> str:
        return "; ".join(
            f"{one.name} " + " + ".join(f"{size:.0f}" for size in one.memory()) + " MiB"
            for one in self.servers.values()
        )


def run(size: int, address: str, sqlite: Path, repetitions: int, rounds: int, seconds: float) -> None:
    """Measures one size, on the data at `address` and for Datasette in `sqlite`, and prints it."""
    print(f"\n{data.described(address)}", flush=True)
    with Servers() as up, ExitStack() as stack:
        measure(Run(size, address, sqlite, up, stack), repetitions, rounds, seconds)


def measure(bench: Run, repetitions: int, rounds: int, seconds: float) -> None:
    if "D" in bench.servers:
        bench.check_datasette()
    print(load())
    started = "; ".join(f"{one.name} {one.started:.1f} s" for one in bench.servers.values())
    print(f"start to first answer (goal 3 s): {started}")
    rows = bench.questions.rows()
    bench.warm(rows)
    print(f"memory, warm: {bench.memory()}", flush=True)
    statements = {}
    try:
        for repetition in range(repetitions):
            print(f"{bench.size}: repetition {repetition + 1} of {repetitions}", file=sys.stderr, flush=True)
            bench.repetition(rows, rounds)
        statements = bench.statements(rows)
    finally:  # a run that is stopped says what it has measured
        print(table.HEADING)
        for name, row in bench.rows.items():
            print(table.line(name, bench.size, row, statements.get(name, "")), flush=True)
    print(f"E in its turn, after slower ones, takes longer than E alone, one after the other: {bench.alone():.1f} ms")
    for line in bench.derived():
        print(line, flush=True)
    print(bench.csv(repetitions if bench.size <= 10_000 else 1), flush=True)
    for line in bench.eight(seconds):
        print(line, flush=True)
    print(f"{bench.sizes()}\nmemory at the end: {bench.memory()}\n{load()}", flush=True)


def load() -> str:
    """Under which load the figures were made: of other people too, where the machine is shared."""
    limit = f"; INDEX_MAX={os.environ['INDEX_MAX']}" if "INDEX_MAX" in os.environ else ""
    return f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores{limit}"
