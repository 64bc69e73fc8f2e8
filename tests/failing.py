"""The site with doors that fail (failing_server), as production starts it: what it answers, and all it wrote."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from .production import collect_static_files


class Server:
    """gunicorn in a process of its own, with the configuration that `make run` and production read."""

    def __init__(self, log: Path, **variables):
        collect_static_files()  # Django warns of a folder that is not there, as in a new clone
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address, self.log = free.getsockname(), log
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.failing_settings",
            "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]),
            "BIND": "{}:{}".format(*self.address),
            "WEB_PROCESSES": "1",
            "LOG_FORMAT": "json",
            "LOG_REQUESTS": "1",
            **variables,
        }
        command = [sys.executable, "-m", "gunicorn", "-c", "repertoire/gunicorn.py", "tests.failing_server"]
        with log.open("wb") as output:
            self.process = subprocess.Popen(  # noqa: S603
                command, cwd=settings.BASE_DIR, env=environment, stdout=output, stderr=subprocess.STDOUT
            )
        while self.process.poll() is None and not self.says("GET /robots.txt HTTP/1.1", "Host: 127.0.0.1"):
            time.sleep(0.05)

    def says(self, *lines: str, body: str = "", length: int | None = None) -> str:
        """The whole answer to a request written by hand; empty where nobody listens yet."""
        request = "\r\n".join([*lines, "Connection: close", f"Content-Length: {length or len(body)}", "", body])
        try:
            with socket.create_connection(self.address) as link:
                link.sendall(request.encode())
                return b"".join(iter(lambda: link.recv(65536), b"")).decode(errors="replace")
        except ConnectionError:
            return ""

    def stop(self) -> str:
        """All that the process wrote."""
        self.process.terminate()
        self.process.wait()
        return self.log.read_text()
