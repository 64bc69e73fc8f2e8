"""make mutants: a fault at a time in a copy of the tree, and the tests that run that line; prints what none notices.

A fault noticed once stays noticed while its module is the same; one that was not is tried again when a test changes.
"""

import argparse
import difflib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

import coverage
import psycopg

from bench.faults import Fault, some_faults
from repertoire import embedded_database

BASE = Path(__file__).resolve().parent.parent
ROOM = BASE / "var" / "mutants"
SOUND = ROOM / "sound"
WINGS = ["initiatives/keeping", "initiatives/hearing", "initiatives/admin", "initiatives/middleware.py"]
CLOSEST, TIMEOUT = 40, 900
PYTEST = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", "--reuse-db"]
TEMPLATE = "mutants_template"


def digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def copy_tree(tree: Path) -> None:
    """What git knows of, and what it would."""
    shutil.rmtree(tree, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=BASE, capture_output=True, check=True)
    for name in listed.stdout.decode().splitlines():
        if (BASE / name).exists():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(BASE / name, tree / name)
    (tree / "var").symlink_to(embedded_database.VAR)  # one server for all, its log where the tests look for it


def database(name: str) -> str:
    return os.environ["DATABASE_URL"].replace(f"/{embedded_database.DATABASE}?", f"/{name}?")


def sql(*statements: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def run_tests(tree: Path, arguments: list[str]) -> tuple[int, str]:
    """The exit code of pytest in this copy, and what it said. Whatever takes too long is stopped, with its children."""
    environment = os.environ | {"DATABASE_URL": database(tree.name), "PYTHONDONTWRITEBYTECODE": ""}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    process = subprocess.Popen([*PYTEST, *arguments], cwd=tree, env=environment, start_new_session=True, **streams)
    try:
        said, _none = process.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return -1, "too long"
    return process.returncode, said


def who_runs(tree: Path, jobs: int, modules: list[str]) -> dict[str, dict[int, list[str]]]:
    """File → line → the tests that run it, from one run of the suite; kept while the tree is the same."""
    state = digest(*modules, *(path.read_text() for path in sorted(tree.glob("[irt]*/**/*.py"))))
    kept = ROOM / f"coverage-{state}"
    if not kept.exists():
        arguments = [f"--cov={module.removesuffix('.py').replace('/', '.')}" for module in modules]
        arguments += ["--cov-context=test", "--cov-report=", "--cov-fail-under=0", "--cov-config=/dev/null"]
        arguments += ["--create-db", "-n", str(jobs)]
        os.environ["COVERAGE_FILE"] = str(ROOM / "coverage")
        code, said = run_tests(tree, arguments)
        if code:
            raise SystemExit(f"{said[-3000:]}\n{code}: the suite must pass without any fault.")
        (ROOM / "coverage").rename(kept)
    data = coverage.CoverageData(kept)
    data.read()
    return {
        str(Path(file).relative_to(tree)): {
            line: [context for context in contexts if context]
            for line, contexts in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }


def fill_template(tree: Path) -> None:
    """A database as the suite fills it, to be copied: so that no fault leaves anything to the next one."""
    sql(f"DROP DATABASE IF EXISTS test_{tree.name} WITH (FORCE)", f"DROP DATABASE IF EXISTS {TEMPLATE}")
    run_tests(tree, ["tests/test_history.py", "-k", "first_version"])
    sql(f"ALTER DATABASE test_{tree.name} RENAME TO {TEMPLATE}")


class Tests:
    """Which tests to ask about a fault."""

    def __init__(self, runs):
        self.runs = runs
        self.weight = defaultdict(int)
        for lines in runs.values():
            for contexts in lines.values():
                for context in contexts:
                    self.weight[context.rpartition("|")[0]] += 1

    def of(self, fault: Fault) -> tuple[list[str], list[str]]:
        """The closest, for a filled database; then the others, for a new one; all again if filling it runs the line."""
        found = self.running({fault.path}, fault.lines)
        folder = str(Path(fault.path).parent)
        near = {path for path in self.runs if str(Path(path).parent) == folder and folder != "initiatives"}
        tests = {context.rpartition("|")[0] for context in found or self.running({fault.path})}
        word = Path(fault.path).stem.rstrip("s")
        closest = sorted(tests, key=lambda test: (word not in test.partition("::")[0], self.weight[test], test))[
            :CLOSEST
        ]
        if not found:  # it runs when Python starts: it concerns its whole folder
            tests |= {context.rpartition("|")[0] for context in self.running(near)}
        starts = not found or any(context.endswith("|setup") for context in found)
        return closest, sorted(tests if starts else tests.difference(closest))

    def running(self, paths: set[str], lines=None) -> set[str]:
        return {
            context
            for path in paths
            for line, contexts in self.runs.get(path, {}).items()
            if lines is None or line in lines
            for context in contexts
        }


def is_noticed(tree: Path, fault: Fault, tests: Tests) -> bool:
    """Puts the fault into this copy and asks: the closest tests on a filled database, then every other on a new one."""
    sound = (tree / fault.path).read_text()
    try:
        write(tree / fault.path, fault.source)
        for others, fresh in zip(tests.of(fault), (False, True), strict=True):
            sql(f"DROP DATABASE IF EXISTS test_{tree.name} WITH (FORCE)")
            if not fresh:
                sql(f"CREATE DATABASE test_{tree.name} TEMPLATE {TEMPLATE}")
            if others and run_tests(tree, others)[0]:
                return True
    finally:
        write(tree / fault.path, sound)
    return False


def write(path: Path, code: str) -> None:
    """Two writes in a second may have the same size: what Python compiled goes away."""
    path.write_text(code)
    for stale in path.parent.glob(f"__pycache__/{path.stem}.*"):
        stale.unlink()


def try_all(faults: list[Fault], tests: Tests, trees: Queue, results: Path) -> dict[Fault, bool]:
    """Fault → whether it was noticed. What is known already is read from `results`, what is learnt is added to it."""
    state = digest(*(path.read_text() for path in sorted((SOUND / "tests").rglob("*.py"))))
    known = {}
    for line in results.read_text().splitlines() if results.exists() else []:
        key, noticed, when = json.loads(line)
        if noticed or when == state:
            known[key] = noticed

    def try_one(fault: Fault) -> bool:
        key = digest(fault.path, fault.source)
        if key not in known:
            tree = trees.get()
            try:
                known[key] = is_noticed(tree, fault, tests)
            finally:
                trees.put(tree)
            with results.open("a") as file:
                file.write(json.dumps([key, known[key], state]) + "\n")
            print("." if known[key] else f"\n{fault.path}:{fault.line} {fault.name}\n", end="", flush=True)
        return known[key]

    with ThreadPoolExecutor(trees.qsize()) as pool:
        return dict(zip(faults, pool.map(try_one, faults), strict=True))


def report(wing: str, noticed: dict[Fault, bool]) -> None:
    missed = [fault for fault, seen in noticed.items() if not seen]
    for fault in missed:
        sound = (SOUND / fault.path).read_text().splitlines()
        print(f"\n{fault.path}:{fault.line} {fault.name}")
        print("\n".join(list(difflib.unified_diff(sound, fault.source.splitlines(), n=0, lineterm=""))[3:]))
    seen = len(noticed) - len(missed)
    print(f"\n{wing}: {seen} of {len(noticed)} noticed ({seen / max(len(noticed), 1):.3f})")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("modules", nargs="*", default=WINGS)
    parser.add_argument("--sample", type=int, default=0, help="how many faults of each module; 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    embedded_database.prepare()
    copy_tree(SOUND)  # whoever goes on working does not change what is being tried
    trees = Queue()
    for number in range(options.jobs):
        tree = ROOM / f"mutants_{number}"
        shutil.rmtree(tree, ignore_errors=True)
        shutil.copytree(SOUND, tree, symlinks=True)
        trees.put(tree)
    tests = Tests(who_runs(ROOM / "mutants_0", options.jobs, sorted({*WINGS, *options.modules})))
    fill_template(ROOM / "mutants_0")
    for wing in options.modules:
        chance = random.Random(f"{options.seed} {wing}")
        paths = sorted((SOUND / wing).rglob("*.py")) if (SOUND / wing).is_dir() else [SOUND / wing]
        faults = some_faults([str(path.relative_to(SOUND)) for path in paths], SOUND, chance, options.sample)
        report(wing, try_all(faults, tests, trees, ROOM / "results.jsonl"))


if __name__ == "__main__":
    main()
