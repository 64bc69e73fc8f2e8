"""PgBouncer before the database, in transaction mode: each transaction has another connection."""

import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from tests.browser.pages import PAGES

from .dying import saves
from .faults import Skip, fault
from .load import Load, Shots, once
from .postgres import Cluster, give, new_port
from .site import PATIENCE
from .stage import Scene, wait_until

PROGRAM = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
RATE = 20
CONFIGURATION = """\
[databases]
* = host=127.0.0.1 port={database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 20
max_client_conn = 200
unix_socket_dir =
"""
DATA = [
    *("/initiatives.json", "/initiatives.csv", "/regions.json", "/organismes.json", "/hsds/services"),
    "/donnees/initiatives.json",
]
NOT_FOUND = ("/nulle-part/", "/initiatives/?foo=1")
WORKSHOP = [
    "/admin/",
    "/admin/initiatives/initiative/?q=fugue",
    "/admin/initiatives/initiative/145/change/",
    "/admin/initiatives/initiative/145/history/",
    "/admin/initiatives/organisme/",
]


class Bouncer:
    def __init__(self, folder: Path, cluster: Cluster):
        self.folder, self.port = folder, new_port()
        folder.mkdir()
        give(folder)
        (folder / "users.txt").write_text('"repertoire" ""\n')
        (folder / "pgbouncer.ini").write_text(
            CONFIGURATION.format(database=cluster.port, port=self.port, folder=folder)
        )
        self.process = None

    @property
    def address(self) -> str:
        return f"postgresql://repertoire@127.0.0.1:{self.port}/repertoire"

    def start(self) -> None:
        command, quiet = [PROGRAM, "-u", "nobody", str(self.folder / "pgbouncer.ini")], subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        wait_until(self.answers, PATIENCE)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.address, connect_timeout=2, prepare_threshold=None).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(10)


def limits(address: str) -> set[tuple]:
    """The limits that twenty transactions at once find on their connections."""

    def one(_number) -> tuple:
        with psycopg.connect(address, prepare_threshold=None, autocommit=True) as connection, connection.transaction():
            connection.execute("SELECT pg_sleep(0.2)")
            return connection.execute(
                "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
            ).fetchone()

    with ThreadPoolExecutor(20) as pool:
        return set(pool.map(one, range(20)))


@fault("pgbouncer", "transaction mode: every page, the workshop, no limit that leaks; restarted: 0 × 500")
def transaction_mode(scene: Scene) -> None:
    if PROGRAM is None:
        raise Skip("pgbouncer is not installed (apt-get install pgbouncer)")
    cluster = scene.cluster()
    cluster.sql("ALTER ROLE repertoire SET statement_timeout = '2s'", "ALTER ROLE repertoire SET lock_timeout = '1s'")
    bouncer = Bouncer(scene.new_folder("bouncer"), cluster)
    scene.stack.callback(bouncer.stop)
    bouncer.start()
    site = scene.site(bouncer.address, DATABASE_POOLER="transaction")
    scene.visitors.fill(site.port, 10)
    editor = scene.editor(site)
    with Load(site.port, scene.visitors.mix(posts=False), 5):
        pages = Shots(once(site.port, path) for path in [*PAGES, *(f"/en{path}" for path in PAGES[:20]), *DATA])
        workshop = [editor.ask(path)[0] for path in WORKSHOP] + [editor.ask(path)[0] for path in WORKSHOP]
        save = saves(editor, 145, "Un titre par le bassin")
        found = limits(bouncer.address)
    pages = Shots(one for one in pages if one.ask.path not in NOT_FOUND)
    scene.verdict.see(f"pages: {pages.odd(200)}", not pages.but(200))
    scene.verdict.see(f"workshop: {sum(one == 200 for one in workshop)} of {len(workshop)}", set(workshop) == {200})
    scene.verdict.see(f"a save: {save}", save == "done")
    scene.verdict.see(f"limits: {', '.join(' and '.join(one) for one in found)}", found == {("2s", "1s")})
    with Load(site.port, scene.visitors.mix(), RATE) as load:
        time.sleep(2)
        stopped = load.now()
        bouncer.stop()
        time.sleep(3)
        bouncer.start()
        back = load.now()
        time.sleep(5)
    shots = load.between(stopped)
    scene.verdict.no_error(shots)
    scene.verdict.see(f"restarted: {shots.statuses()}, {shots.times()}", not shots.but(200, 302, 503))
    after = load.between(back + 2)
    scene.verdict.see(f"2 s after: {after.odd(200, 302)}", not after.but(200, 302))
