"""make test-standards: starts the site on a free port and a database of its own, fresh; asks the validators of
strangers what they think of it, from the environment where they are installed (var/standards); stops it.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from repertoire import embedded_database

BASE = Path(__file__).resolve().parents[2]
HERE = BASE / "tests" / "standards"
VALIDATORS = BASE / "var" / "standards"
DATABASE = "standards"


@contextmanager
def fresh_database() -> Iterator[str]:
    """The address of an empty database, on the server that DATABASE_URL names or on the embedded one."""
    embedded_database.prepare()
    address = os.environ["DATABASE_URL"]
    name = sql.Identifier(DATABASE)
    drop, create = (
        sql.SQL(text).format(name) for text in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}")
    )
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(drop)
        server.execute(create)
        try:
            yield with_name(address)
        finally:
            server.execute(drop)


def with_name(address: str) -> str:
    """The address of our database on the same server, as a URL."""
    parts = conninfo_to_dict(address)
    before, _slash, query = address.partition(f"/{parts['dbname']}")
    return f"{before}/{DATABASE}{query}" if _slash else make_conninfo(address, dbname=DATABASE)


@contextmanager
def site(database: str) -> Iterator[str]:
    """The address of the site, started as `make run` starts it, on this database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    variables = {"PORT": str(port), "SITE_URL": address, "DATABASE_URL": database, "REPERTOIRE_ENV": "development"}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], cwd=BASE, env=os.environ | variables, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(f"{address}/sante/", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


def wait_for(address: str, server: subprocess.Popen) -> None:
    """Raises SystemExit where the site stops, or does not answer in two minutes."""
    for _try in range(240):
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.5)
        else:
            return
    raise SystemExit("The site does not answer.")


def main() -> int:
    with fresh_database() as database, site(database) as address:
        command = [VALIDATORS / "env/bin/python", "-m", "pytest", "-c", HERE / "pytest.ini", HERE, *sys.argv[1:]]
        variables = {
            "STANDARDS_SITE": address,
            "STANDARDS_NODE": str(VALIDATORS / "node"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(command, cwd=BASE, env=os.environ | variables, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
