"""The site as production runs it: gunicorn with `repertoire/gunicorn.py`, on a port and with files of its own."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from bench.servers import BASE, Server, production

from .faults import Broken
from .load import once
from .postgres import new_port

KEY = "faults-0123456789-" * 4
PATIENCE = 90


def environment(database: str, **variables: str) -> dict[str, str]:
    """That of production. One key for all, so that whoever is logged in stays so from one server to the next."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return kept | production(database) | {"SECRET_KEY": KEY, "STOP_DELAY": "0", "RESERVE": "none"} | variables


def manage(database: str, *arguments: str, **variables: str) -> str:
    """What a command prints. Raises where it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=BASE, env=environment(database, **variables), capture_output=True, text=True, timeout=PATIENCE
    )
    if done.returncode:
        raise Broken(f"manage.py {arguments[0]}: {done.stderr[-800:]}")
    return done.stdout


class Site(Server):
    """A gunicorn that was started; `variables` as an operator gives them."""

    def __init__(self, folder: Path, database: str, **variables: str):
        port = int(variables.pop("PORT", 0)) or new_port()
        self.log = folder / f"site-{port}.log"
        self.began = time.monotonic()
        command = [sys.executable, "-m", "gunicorn", "-c", "repertoire/gunicorn.py", "repertoire.wsgi"]
        given = environment(database, BIND=f"127.0.0.1:{port}", **variables)
        with self.log.open("a") as said:
            process = subprocess.Popen(command, cwd=BASE, env=given, stdout=said, stderr=said)
        super().__init__("site", port, "/robots.txt", psutil.Process(process.pid))
        self.child = process  # held, so that it is reaped

    def ready(self, path: str = "/sante/vivant/", status: int = 200) -> float:
        """Waits until it answers so; seconds since it was started."""
        while time.monotonic() - self.began < PATIENCE:
            if once(self.port, path).status == status:
                self.started = time.monotonic() - self.began
                return self.started
            if self.child.poll() is not None:
                break
            time.sleep(0.02)
        raise Broken(f"The site does not answer: {self.log.read_text()[-1500:]}")

    def workers(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return self.process.children()
        return []

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self) -> None:
        super().stop()
        with suppress(subprocess.TimeoutExpired):
            self.child.wait(10)

    def open_files(self) -> int:
        found = 0
        for one in self.family():
            with suppress(psutil.NoSuchProcess):
                found += one.num_fds()
        return found
