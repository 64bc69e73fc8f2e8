"""The workshop works hard while the public reads."""

import csv
import io
import re
import threading
import time

from .editor import Editor
from .faults import fault
from .load import Load, Shots
from .postgres import Cluster
from .site import Site
from .stage import Scene, tell

RATE = 10  # requests a second
LINES = 5000
DONE = re.compile(r"Import fait : ([\d\s]+) lignes? écrite")
PUBLIC = "SELECT numero, titre, region_id, stade FROM initiatives_initiative WHERE statut = 'publiee' ORDER BY numero"


def spreadsheet(cluster: Cluster) -> bytes:
    """A new sentence for every public fiche, and new fiches for the rest of the lines."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["numero", "titre", "region", "stade", "frequence"])
    public = cluster.sql(PUBLIC)
    rows.writerows([*fiche, "Chaque semaine depuis peu"] for fiche in public)
    rows.writerows(["", f"Projet d'essai {n}", "laval", "en-application", ""] for n in range(LINES - len(public)))
    return text.getvalue().encode()


def imported(editor: Editor, content: bytes) -> tuple[int, float, str]:
    """The lines that an import wrote, how long its trial and itself took, and what it said where it wrote none."""
    began = time.monotonic()
    status, page = editor.upload(content)
    if status == 200:
        status, page = editor.confirm(page)
    found = DONE.search(page)
    lines = int(re.sub(r"\D", "", found[1])) if found else 0
    return lines, time.monotonic() - began, "" if found else f"{status} {page[-300:]!r}"


def visited(scene: Scene, cluster: Cluster, public: Site, workshop: Site) -> None:
    """Visitors while an editor imports: how long they wait, and who was told to come back."""
    editor, content = scene.editor(workshop), spreadsheet(cluster)
    scene.warm(public)
    outcome: list = []
    asks = (ask for ask in scene.visitors.mix(posts=False, probes=False) if not ask.path.endswith(".csv"))
    with Load(public.port, asks, RATE) as load:
        time.sleep(3)
        before = load.now()
        worker = threading.Thread(target=lambda: outcome.extend(imported(editor, content)), daemon=True)
        worker.start()
        worker.join(200)
        ended = load.now()
        time.sleep(3)
    calm, busy = load.between(0, before), load.between(before, ended + 3)
    tell(f"calm {calm.times()}")
    scene.verdict.no_error(Shots(load.shots))
    lines, seconds, said = outcome or (0, 200, "not ended")
    scene.verdict.see(f"{lines} lines written in {seconds:.0f} s{said}", lines > LINES * 0.99)
    held = busy.worst <= 1 and len(busy.but(200)) <= len(busy) / 100
    scene.verdict.see(f"meanwhile {busy.odd(200)}, {busy.times()}", held)
    scene.verdict.see(f"(before: {calm.times()})")


@fault("import", f"{LINES} lines by an editor, one gunicorn, visitors at {RATE}/s: nobody waits > 1 s")
def together(scene: Scene) -> None:
    cluster = scene.cluster()
    site = scene.site(cluster.address)
    visited(scene, cluster, site, site)


@fault("import apart", f"{LINES} lines, the workshop in processes of its own, visitors at {RATE}/s: nobody waits > 1 s")
def apart(scene: Scene) -> None:
    cluster = scene.cluster()
    public = scene.site(cluster.address, PROCESS_GROUP="public")
    workshop = scene.site(cluster.address, PROCESS_GROUP="atelier", WEB_PROCESSES="1", RESERVE="none")
    visited(scene, cluster, public, workshop)
