"""What a fault is tried on: clusters, sites, editors, all stopped at its end however that ends."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.servers import collect_static_files
from repertoire.release import code_version

from .editor import Editor
from .faults import Broken
from .load import Shots, at_most, once
from .postgres import Cluster, give, version
from .site import Site, environment, manage
from .visitors import Visitors

EDITOR = "editrice"
ERRORS = os.environ.get("FAULTS_ERRORS") == "1"
SET_ASIDE = (
    "from django.conf import settings; from initiatives.views.reserve import STILL, Keeper;"
    " keeper = Keeper(settings.RESERVE, wait=lambda s: None); keeper.look(); keeper.since -= STILL; keeper.look()"
)


class Verdict:
    """What was seen of a fault, and what of it was not held."""

    def __init__(self):
        self.said: list[str] = []
        self.broken = False

    def see(self, text: str, held: bool = True, error: bool = False) -> None:
        """A figure; where it is not what was promised it is marked. With FAULTS_ERRORS=1 only an error of ours breaks a
        promise: a machine that does much else is slow.
        """
        self.said.append(text if held else f"!! {text}")
        self.broken = self.broken or (not held and (error or not ERRORS))

    def no_error(self, shots: Shots) -> None:
        """No answer of these is an error of ours, and every page says whom to call."""
        wrong = shots.wrong
        self.see(f"0 × 500 of {len(shots)}" if not wrong else f"{wrong.statuses()} ({wrong.kinds()})", not wrong, True)
        if silent := shots.silent:
            self.see(f"{len(silent)} pages without help lines ({silent.kinds()})", False, True)


class Stage:
    """What all faults share: a cluster with the directory in it, stopped, which each copies; the pages set aside."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="repertoire-faults-"))
        self.folder.chmod(0o755)
        self.stack = ExitStack()
        self.number = 0

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.stack.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def prepare(self) -> None:
        """Makes what all faults share, or takes what an earlier run of the same code left in FAULTS_KEPT."""
        folder = Path(os.environ.get("FAULTS_KEPT", self.folder)) / f"shared-{code_version()}-{version()}"
        self.model, self.reserve, password = Cluster(folder / "model"), folder / "reserve.zip", folder / "password"
        self.stack.callback(self.model.stop)
        if password.exists():
            self.model.start()
        else:
            self.model.make()
            password.write_text(self.fill(self.model.address))
        self.password, self.visitors = password.read_text(), Visitors(self.model)
        self.model.stop("fast")

    def fill(self, address: str) -> str:
        """The directory in a database, an editor whose password is returned, and the pages set aside."""
        collect_static_files(address)
        manage(address, "migrate", "--verbosity", "0")
        manage(address, "load_directory", "--verbosity", "0")
        said = manage(address, "create_account", EDITOR, "--generate")
        manage(address, "shell", "--no-imports", "-c", SET_ASIDE, RESERVE=str(self.reserve))
        return said.rpartition(" ")[2].strip()

    @contextmanager
    def scene(self) -> Iterator["Scene"]:
        self.number += 1
        with ExitStack() as stack:
            yield Scene(self, self.folder / str(self.number), stack)


class Scene:
    """The servers of one fault."""

    def __init__(self, stage: Stage, folder: Path, stack: ExitStack):
        self.stage, self.folder, self.stack, self.number = stage, folder, stack, 0
        folder.mkdir()
        give(folder)
        self.verdict, self.visitors = Verdict(), stage.visitors
        self.visitors.forms.clear()

    def new_folder(self, name: str) -> Path:
        self.number += 1
        return self.folder / f"{name}-{self.number}"

    def cluster(self) -> Cluster:
        """A fresh copy of the directory, started."""
        found = self.stage.model.copy(self.new_folder("cluster"))
        self.stack.callback(found.stop)
        found.start()
        return found

    def replica(self, of: Cluster) -> Cluster:
        found = of.replica(self.new_folder("replica"))
        self.stack.callback(found.stop)
        return found

    def site(self, database: str, *, reserve: bool = True, ready: str = "/sante/pret/", **variables: str) -> Site:
        """A site that is ready. `reserve`: with the pages set aside that a site has after some minutes."""
        given = {}
        if reserve:
            given["RESERVE"] = str(self.new_folder("reserve").with_suffix(".zip"))
            shutil.copy2(self.stage.reserve, given["RESERVE"])
        found = Site(self.folder, database, **given | variables)
        self.stack.callback(found.stop)
        found.ready(ready)
        return found

    def warm(self, site: Site, seconds: float = 3) -> None:
        """Every process was asked what visitors mostly ask: each keeps its own answers."""
        for _ in range(5):
            shots = Shots(once(site.port, ask.path) for ask in self.visitors.known())
            if odd := shots.but(200, 421):  # what another group of processes answers
                raise Broken(f"asked before anything happens: {odd.statuses()} ({odd.kinds()}) {odd[0].ask.path}")
        at_most(site.port, self.visitors.mix(posts=False, seed=7), seconds, 4)

    def editor(self, site: Site, cookies: dict | None = None) -> Editor:
        """One who is logged in; with the cookies of another site of this database, she need not."""
        found = Editor(site.port, EDITOR, self.stage.password, cookies)
        return found if cookies else found.log_in()

    def environment(self, database: str, **variables: str) -> dict[str, str]:
        return environment(database, **variables)


def wait_until(held, seconds: float, every: float = 0.1) -> float | None:
    """How long it took until `held()`; None where that never came."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if held():
            return time.monotonic() - began
        time.sleep(every)
    return None


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
