"""Long use: visitors at 60 % of what is possible, an edit every five seconds; nothing grows."""

import os
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from .dying import saves
from .editor import Editor
from .faults import fault
from .load import Load, at_most
from .postgres import Cluster
from .site import Site
from .stage import Scene, tell

SECONDS = int(os.environ.get("FAULTS_SOAK", "60"))
SHARE = 0.6  # of what is possible while an editor edits
EVERY = 5.0  # seconds between two edits
# What a longer use than a minute settles: MiB that a process may still take for what it keeps under new versions.
MORE = {"memory": (1.15, 30), "connections": (1.0, 6), "files": (1.1, 12), "temporary": (1.0, 2), "tables": (1.3, 8)}
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'repertoire'"
# What an edit writes for good is counted out: its versions and what tells of it.
KEPT = "('initiatives_version', 'initiatives_changement', 'django_admin_log')"
TABLES = f"SELECT sum(pg_total_relation_size(relid)) / 1048576.0 FROM pg_stat_user_tables WHERE relname NOT IN {KEPT}"


@dataclass
class Measure:
    memory: float
    connections: float
    files: float
    temporary: float
    tables: float


def measured(site: Site, cluster: Cluster, temporary: Path) -> Measure:
    return Measure(
        sum(site.memory()),
        cluster.value(CONNECTIONS),
        site.open_files(),
        sum(1 for _ in temporary.rglob("*")),
        float(cluster.value(TABLES)),
    )


def edit(editor: Editor, over: threading.Event, done: list[str]) -> None:
    while not over.wait(EVERY):
        number = len(done)
        done.append(saves(editor, 100 + number % 50, f"Un titre qui change, pour la {number}e fois"))


@fault("soak", f"{SECONDS} s at 60 % of capacity, an edit every 5 s: memory, connections, files and tables do not grow")
def soaked(scene: Scene) -> None:
    cluster = scene.cluster()
    temporary = Path(tempfile.mkdtemp(dir=scene.folder))
    site = scene.site(cluster.address, TMPDIR=str(temporary))
    editor = scene.editor(site)
    scene.warm(site)
    over, done, seen = threading.Event(), [], []
    worker = threading.Thread(target=edit, args=(editor, over, done), daemon=True)
    worker.start()
    able, shots = at_most(site.port, scene.visitors.mix(posts=False, probes=False, seed=2), 2 * EVERY)
    scene.verdict.see(f"capacity {able:.0f}/s ({shots.statuses()})")
    with Load(site.port, scene.visitors.mix(posts=False, probes=False, seed=3), able * SHARE) as load:
        until = load.now() + SECONDS
        while load.now() < until:
            time.sleep(1)
            seen.append(measured(site, cluster, temporary))
    over.set()
    worker.join(20)
    shots = load.between(0)
    scene.verdict.no_error(shots)
    scene.verdict.see(f"{shots.odd(200)}, {shots.times()}", len(shots.but(200)) <= len(shots) / 100)
    scene.verdict.see(f"{done.count('done')} of {len(done)} edits", len(done) > 0 and set(done) == {"done"})
    third = len(seen) // 3
    for name, (factor, more) in MORE.items():
        first, last = (max(getattr(one, name) for one in part) for part in (seen[:third], seen[-third:]))
        scene.verdict.see(f"{name} {first:.0f} → {last:.0f}", last <= max(first * factor, first + more))
    tell(f"{able:.0f}/s, {load.unsent} not sent")
