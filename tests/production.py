"""The site started as an operator starts it: an environment of its own, a process of its own."""

import fcntl
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

ROOT = Path(settings.BASE_DIR)
GUNICORN = ["-m", "gunicorn", "-c", "repertoire/gunicorn.py", "repertoire.wsgi"]
PRODUCTION = {
    "REPERTOIRE_ENV": "production",
    "SECRET_KEY": "0123456789" * 6,
    "ALLOWED_HOSTS": "repertoire.example",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
}


def environment(**variables) -> dict[str, str]:
    """These variables and no other but what a process needs to run. No model is loaded and no page set aside unless it
    is asked for."""
    return (
        {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        | {"READ_SENTENCES": "0", "RESERVE": "none"}
        | variables
    )


def run(*arguments, **variables) -> subprocess.CompletedProcess:
    command = [sys.executable, *arguments]
    return subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=environment(**variables), capture_output=True, text=True, timeout=60
    )


def manage(*arguments, **variables) -> subprocess.CompletedProcess:
    return run("manage.py", *arguments, **variables)


def collect_static_files():
    """What the site's pages need where it is served as in production: done by the first process that asks."""
    call = (
        "import django; django.setup(); from initiatives.management.commands import serve; serve.collect_static_files()"
    )
    with (ROOT / "var/static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        variables = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "repertoire.settings"}
        run("-c", call, **variables).check_returncode()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return trial.getsockname()[1]


def database_address() -> str:
    """The address of the database of this test, for a process apart."""
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    parts = {name: connection.settings_dict[key] for key, name in names.items() if connection.settings_dict[key]}
    return make_conninfo(**parts)


@contextmanager
def serving(port: int, *command, **variables):
    """A process of this command, once it answers on this port; stopped at the end."""
    with tempfile.TemporaryFile("w+") as said:  # a pipe that nobody reads would stop it once full
        process = subprocess.Popen(command, cwd=ROOT, env=environment(**variables), stderr=said)  # noqa: S603
        try:
            while not answers(port):
                assert process.poll() is None, said.seek(0) or said.read()
                time.sleep(0.05)
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


def ask(port, path, data=None, origin="127.0.0.1", **headers):
    """The answer to a request that comes from this address, body read: (status, body, headers)."""
    browser = http.client.HTTPConnection("127.0.0.1", port, source_address=(origin, 0), timeout=60)
    if isinstance(data, dict):
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        data = urlencode(data)
    browser.request("GET" if data is None else "POST", path, data, headers)
    answer = browser.getresponse()
    body = answer.read().decode()
    browser.close()
    return answer.status, body, answer.headers
