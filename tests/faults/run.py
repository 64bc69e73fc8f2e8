"""make test-faults: prints a line for each fault (what was promised, what was seen, whether it held), and a sum.

`-k NAME`: those whose name holds one of these words, separated by commas. FAULTS_POSTGRES: the folder of the programs
of another PostgreSQL. FAULTS_SOAK: seconds of the last one. FAULTS_KEPT: a folder where what is prepared stays for the
next run of the same code. FAULTS_ERRORS=1: figures are printed and not judged, only errors of ours and lost words.
"""

import argparse
import os
import sys
import time
import traceback

from bench.servers import stop_after

from . import bouncer, dying, failover, living, soak, working  # noqa: F401  each names its faults
from .faults import FAULTS, Skip
from .postgres import version
from .stage import Stage, tell

MINUTES = 12  # and as long as the soak is longer than its minute


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-k", default="", metavar="NAME")
    wanted = [word for word in parser.parse_args().k.split(",") if word]
    chosen = [one for one in FAULTS if not wanted or any(word in one.name for word in wanted)]
    stop_after(MINUTES + int(os.environ.get("FAULTS_SOAK", "60")) / 60)
    passed = failed = 0
    began = time.monotonic()
    with Stage() as stage:
        stage.prepare()
        tell(f"PostgreSQL {version()}, {os.cpu_count()} cores; ready after {time.monotonic() - began:.0f} s")
        for one in chosen:
            held, line = tried(one, stage)
            passed, failed = passed + (held is True), failed + (held is False)
            print(line, flush=True)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


def tried(one, stage: Stage) -> tuple[bool | None, str]:
    """Whether a fault was held (None: it cannot be tried here), and its line."""
    began = time.monotonic()
    try:
        with stage.scene() as scene:
            one.work(scene)
            verdict = scene.verdict
    except Skip as reason:
        return None, f"{one.name} · {one.promised} · skipped: {reason}"
    except Exception as error:  # the other faults are tried all the same
        traceback.print_exc(file=sys.stderr)
        return False, f"{one.name} · {one.promised} · {type(error).__name__}: {str(error)[:300]} · NOT HELD"
    tell(f"{one.name}: {time.monotonic() - began:.0f} s")
    return not verdict.broken, (
        f"{one.name} · {one.promised} · {' · '.join(verdict.said)} · {'NOT HELD' if verdict.broken else 'ok'}"
    )


if __name__ == "__main__":
    sys.exit(main())
