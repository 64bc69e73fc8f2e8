"""All the servers of a run, up at once: ours and the empty view on the gunicorn of production, and Datasette."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.measure import Client

BASE = Path(__file__).resolve().parent.parent
# Nothing is cut short: every facet is really counted, every row really sent.
DATASETTE = {
    "sql_time_limit_ms": 120_000,
    "facet_time_limit_ms": 120_000,
    "suggest_facets": "off",
    "default_page_size": 25,
    "num_sql_threads": 3,
    "max_csv_mb": 0,
}
PATIENCE = 180  # seconds


@dataclass
class Server:
    """A server that answers. `light`: a page of it that costs nothing, for a new connection; `started`: seconds until
    its first answer."""

    name: str
    port: int
    light: str
    process: psutil.Process
    started: float = 0

    def family(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return [self.process, *self.process.children(recursive=True)]
        return []

    def memory(self) -> list[float]:
        """MiB of each process, the first one first."""
        found = []
        for one in self.family():
            with suppress(psutil.NoSuchProcess):
                found.append(one.memory_info().rss / 2**20)
        return found

    def busy(self) -> float:
        """Seconds of processor that all its processes have used."""
        found = 0.0
        for one in self.family():
            with suppress(psutil.NoSuchProcess):
                found += sum(one.cpu_times()[:2])
        return found

    def stop(self) -> None:
        """Ends it and all that it started, by force after ten seconds."""
        family = self.family()
        with suppress(psutil.NoSuchProcess):
            self.process.terminate()
        for one in psutil.wait_procs(family, timeout=10)[1]:
            with suppress(psutil.NoSuchProcess):
                one.kill()


class Servers:
    """`with Servers() as up:` stops at its end whatever was started inside, however that ends."""

    def __init__(self):
        self.up: list[Server] = []

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        for server in self.up:
            server.stop()

    def start(self, name: str, command, first: str, light: str, environment: dict[str, str] | None = None) -> Server:
        """`command(port)`: the words that start it. Waits for its first answer, that of the page `first`."""
        port, began, quiet = free_port(), time.perf_counter(), subprocess.DEVNULL
        process = subprocess.Popen(
            command(port), cwd=BASE, env=os.environ | (environment or {}), stdout=quiet, stderr=quiet
        )
        server = Server(name, port, light, psutil.Process(process.pid))
        self.up.append(server)
        while time.perf_counter() - began < PATIENCE and process.poll() is None:
            with suppress(OSError, Client.Refused), Client(port, light) as client:
                client.ask(first)
                server.started = time.perf_counter() - began
                return server
            time.sleep(0.02)
        raise SystemExit(f"{name} does not start: {' '.join(command(port))}")

    def ours(self, address: str) -> Server:
        """Started twice: the first start compiles what was never read, which a machine does once."""
        collect_static_files(address)
        command, environment = gunicorn("repertoire.wsgi"), production(address)
        self.start("ours", command, "/initiatives/", "/robots.txt", environment).stop()
        self.up.clear()
        return self.start("ours", command, "/initiatives/", "/robots.txt", environment)

    def empty(self, address: str) -> Server:
        return self.start("empty view", gunicorn("bench.floor_wsgi"), "/", "/", production(address))

    def datasette(self, path: Path) -> Server:
        options = [word for name, value in DATASETTE.items() for word in ("--setting", name, str(value))]
        command = [sys.executable, "-m", "datasette"]
        counts = path.with_suffix(".counts")
        with counts.open("w") as target:
            subprocess.run([*command, "inspect", str(path)], stdout=target, check=True, timeout=PATIENCE)
        files = ["-i", str(path), "--inspect-file", str(counts), "-m", str(path.with_suffix(".json"))]
        return self.start(
            "Datasette",
            lambda port: [*command, "serve", *files, "-p", str(port), *options],
            f"/{path.stem}/initiatives",
            "/-/versions.json",
        )


def gunicorn(application: str):
    config = "repertoire/gunicorn.py"
    return lambda port: [sys.executable, "-m", "gunicorn", "-c", config, "-b", f"127.0.0.1:{port}", application]


def production(address: str) -> dict[str, str]:
    """The environment of production, but for https, which a proxy would speak."""
    return {
        "REPERTOIRE_ENV": "production",
        "PYTHONDONTWRITEBYTECODE": "",  # as in production, whatever the machine of the benchmark asks
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "0",
        "DATABASE_URL": address,
    }


def collect_static_files(address: str) -> None:
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=BASE, env=os.environ | production(address), check=True, timeout=PATIENCE)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def stop_after(minutes: float) -> None:
    """However long things take or whoever ends us, what was started is stopped."""

    def leave(number, _frame):
        raise SystemExit(f"Stopped by {signal.Signals(number).name}.")

    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    signal.alarm(int(minutes * 60))
