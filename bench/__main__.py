"""make bench: every kind of page at each size, beside Datasette, a 200-byte view and the raw SQL, in one run.

A page asked for twice is answered from memory; « cold » is the same page after a write, made anew. Times are of this
machine: compare columns of one run, never figures of two.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psutil

from repertoire import embedded_database

BASE = Path(__file__).resolve().parent.parent
VAR = BASE / "var"
OURS, FLOOR, THEIRS = 8901, 8902, 8903
SEARCH, TYPO = "travail de rue Laval", "proxenetsime"
PAGES = {
    "home": "/",
    "list": "/initiatives/",
    "filtered list": "/initiatives/?region=laval&sexe=feminin&type=prevention",
    "search": f"/initiatives/?q={quote(SEARCH)}",
    "typo search": f"/initiatives/?q={TYPO}",
    "fiche": "/initiatives/les-survivantes/",
    "JSON": "/initiatives.json?region=laval",
}
DATASETTE = {
    "list": "/bench/initiatives",
    "filtered list": "/bench/initiatives?region=laval&sexe__in=feminin,tous&types__arraycontains=prevention",
    "search": f"/bench/initiatives?_search={quote('travail rue Laval')}",
    "fiche": "/bench/initiatives/145",
    "JSON": "/bench/initiatives.json?region=laval",
}


def start(command: list[str], environment: dict[str, str]) -> psutil.Process:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=BASE, env=os.environ | environment, stdout=quiet, stderr=quiet)
    return psutil.Process(process.pid)


def stop(process: psutil.Process) -> None:
    process.terminate()
    process.wait(20)


def wait_for(port: int, path: str) -> None:
    from bench import measure

    for _ in range(100):
        try:
            measure.times(port, path, 1, 1)
            return
        except (OSError, SystemExit):
            time.sleep(0.3)
    raise SystemExit(f"Nothing answers on port {port}.")


def gunicorn(application: str, port: int) -> list[str]:
    return [sys.executable, "-m", "gunicorn", "-c", "repertoire/gunicorn.py", "-b", f"127.0.0.1:{port}", application]


def prepare(size: int) -> tuple[str, Path]:
    """Makes the databases of one size. Returns the PostgreSQL address and the SQLite file."""
    from bench import data

    embedded_database.prepare()
    server = os.environ["DATABASE_URL"]
    name = f"bench_{size}"
    address = server.replace(f"/{embedded_database.DATABASE}?", f"/{name}?")
    data.create_database(server, name)
    environment = os.environ | {"DATABASE_URL": address}
    for command in (["migrate"], ["load_directory"], ["collectstatic", "--noinput"]):
        arguments = [sys.executable, "manage.py", *command, "--verbosity", "0"]
        subprocess.run(arguments, cwd=BASE, env=environment, check=True, stdout=subprocess.DEVNULL)
    data.multiply(address, size)
    path = VAR / "bench.db"
    data.export_to_sqlite(address, path)
    data.write_metadata(VAR / "bench.json")
    return address, path


def line(size, name, result, base, raw: str = "") -> str:
    ratio = f"{result.median / base:6.1f}" if base else "      "
    return (
        f"{size:>8} {name:<24}{result.median:9.1f}{result.p95:9.1f}{result.per_second:9.0f}{result.sent / 1024:9.1f}"
        f"{ratio}  {raw}"
    )


def cold(address: str, path: str) -> float:
    """Median milliseconds of a page just after a write: nothing of it is in memory."""
    import psycopg

    from bench import measure

    found = []
    with psycopg.connect(address, autocommit=True) as connection:
        for _ in range(9):
            connection.execute("UPDATE initiatives_versiondonnees SET numero = numero + 1")
            found.append(measure.times(OURS, path, 1, 0)[0][0])
    return sorted(found)[len(found) // 2]


def run(size: int) -> None:
    from bench import data, measure, sql

    address, path = prepare(size)
    ours = start(gunicorn("repertoire.wsgi", OURS), {"DATABASE_URL": address})
    floor = start(gunicorn("bench.floor_wsgi", FLOOR), {"DATABASE_URL": address})
    limits = ["sql_time_limit_ms 60000", "facet_time_limit_ms 60000", "default_page_size 25", "num_sql_threads 3"]
    settings = [word for limit in limits for word in ("--setting", *limit.split())]
    theirs = start(
        [sys.executable, "-m", "datasette", str(path), "-p", str(THEIRS), "-m", str(VAR / "bench.json"), *settings], {}
    )
    try:
        for port, page in ((OURS, "/sante/"), (FLOOR, "/"), (THEIRS, "/bench")):
            wait_for(port, page)
        base = measure.measure(FLOOR, "/").median
        print(line(size, "floor: 200-byte view", measure.measure(FLOOR, "/"), base))
        for name, page in PAGES.items():
            statements, milliseconds = sql.of_page(address, page)
            raw = f"{statements} SQL {milliseconds:.1f} ms"
            if "q=" not in page:
                raw += f"; cold {cold(address, page):.1f} ms"
            print(line(size, name, measure.measure(OURS, page), base, raw), flush=True)
            if name in DATASETTE:
                print(line(size, f"  Datasette {name}", measure.measure(THEIRS, DATASETTE[name]), base), flush=True)
        before = measure.memory(ours)
        found, sent = measure.times(OURS, "/initiatives.csv", 1, 0)
        grown = measure.memory(ours) - before
        print(f"{size:>8} CSV of everything{found[0]:16.0f} ms {sent / 2**20:.1f} MiB, memory grew by {grown:.1f} MiB")
        print(
            f"{size:>8} memory: ours {measure.memory(ours):.0f} MiB, Datasette {measure.memory(theirs):.0f} MiB",
            flush=True,
        )
    finally:
        for process in (ours, floor, theirs):
            stop(process)
        data.drop_database(os.environ["DATABASE_URL"], f"bench_{size}")


if __name__ == "__main__":
    print("    size page                     median      p95    req/s  KiB sent  ÷floor")
    for wanted in [int(word) for word in sys.argv[1:]] or [152]:
        run(wanted)
