"""The site started as an operator starts it: an environment of its own, a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
GUNICORN = ["-m", "gunicorn", "-c", "repertoire/gunicorn.py", "repertoire.wsgi"]
PRODUCTION = {
    "REPERTOIRE_ENV": "production",
    "SECRET_KEY": "0123456789" * 6,
    "ALLOWED_HOSTS": "repertoire.example",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
}


def environment(**variables) -> dict[str, str]:
    """These variables and no other but what a process needs to run."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | variables


def run(*arguments, **variables) -> subprocess.CompletedProcess:
    command = [sys.executable, *arguments]
    return subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=environment(**variables), capture_output=True, text=True, timeout=60
    )


def manage(*arguments, **variables) -> subprocess.CompletedProcess:
    return run("manage.py", *arguments, **variables)
