"""The workshop works hard while the public reads."""

import threading
import time

from .faults import fault
from .load import Load, Shots
from .stage import Scene, tell

RATE = 10  # requests a second
LINES = 5000


def spreadsheet(fiches: int, lines: int) -> bytes:
    """A new sentence for every public fiche, and new fiches for the rest of the lines."""
    rows = ["numero,titre,region,stade,frequence,description"]
    rows += [f"{number},,,,Chaque semaine depuis peu," for number in range(1, fiches + 1)]
    said = "Des jeunes et leurs parents apprennent ensemble ce qui protège, avec des intervenantes."
    rows += [f",Projet d'essai {number},laval,en-application,Chaque mois,{said}" for number in range(lines - fiches)]
    return "\n".join(rows).encode()


def imported(editor, lines: int) -> tuple[str, float]:
    """What became of an import, and how long it took: the trial and what it writes."""
    began = time.monotonic()
    status, page = editor.upload(spreadsheet(0, lines))
    if status != 200 or "/importer/" not in page:
        return f"trial: {status} {page[:200]!r}", time.monotonic() - began
    status, page = editor.confirm(page)
    return ("done" if "Import fait" in page else f"{status} {page[-300:]!r}"), time.monotonic() - began


def visited(scene: Scene, public, workshop) -> None:
    """Visitors while an editor imports: how long they wait, and who was told to come back."""
    editor = scene.editor(workshop)
    scene.warm(public)
    outcome: list = []
    asks = (ask for ask in scene.visitors.mix(posts=False, probes=False) if not ask.path.endswith(".csv"))
    with Load(public.port, asks, RATE) as load:
        time.sleep(3)
        before = load.now()
        worker = threading.Thread(target=lambda: outcome.extend(imported(editor, LINES)), daemon=True)
        worker.start()
        worker.join(200)
        ended = load.now()
        time.sleep(3)
    calm, busy = load.between(0, before), load.between(before, ended + 3)
    tell(f"calm {calm.times()}")
    scene.verdict.no_error(Shots(load.shots))
    what, seconds = outcome or ("not ended", 200)
    scene.verdict.see(f"import {what} in {seconds:.0f} s", what == "done")
    held = busy.worst <= 1 and len(busy.but(200)) <= len(busy) / 100
    scene.verdict.see(f"meanwhile {busy.odd(200)}, {busy.times()}", held)
    scene.verdict.see(f"(before: {calm.times()})")


@fault("import", f"{LINES} lines by an editor, one gunicorn, visitors at {RATE}/s: nobody waits > 1 s")
def together(scene: Scene) -> None:
    cluster = scene.cluster()
    site = scene.site(cluster.address)
    visited(scene, site, site)


@fault("import apart", f"{LINES} lines, the workshop in processes of its own, visitors at {RATE}/s: nobody waits > 1 s")
def apart(scene: Scene) -> None:
    cluster = scene.cluster()
    public = scene.site(cluster.address, PROCESS_GROUP="public")
    workshop = scene.site(cluster.address, PROCESS_GROUP="atelier", WEB_PROCESSES="1", RESERVE="none")
    visited(scene, public, workshop)
