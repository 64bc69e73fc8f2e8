"""Run on its own, as a process that has just started: prints as JSON how many MiB reading sentences adds to it, at
most and at rest (`python -m tests.learning`)."""

import gc
import json
from pathlib import Path

import django


def mebibytes(file: str, name: str) -> float:
    gc.collect()
    found = [line.split()[1] for line in Path("/proc/self", file).read_text().splitlines() if line.startswith(name)]
    return int(found[0]) / 1024


def main() -> None:
    from initiatives.finding.search import common, sentences
    from initiatives.importer.needs import EXPRESSIONS, read_json

    rows = [(code, text) for code, said in read_json(EXPRESSIONS).items() for texts in said.values() for text in texts]
    held, most = mebibytes("smaps_rollup", "Private_Dirty"), mebibytes("status", "VmHWM")
    common.is_common("xqvzbnt")
    words = mebibytes("smaps_rollup", "Private_Dirty") - held
    ear = sentences.Ear(rows, {"danger"})
    ear.hear("jai nulpart ou dormir a soir")
    rest = mebibytes("smaps_rollup", "Private_Dirty") - held
    print(json.dumps({"words": words, "rest": rest, "peak": mebibytes("status", "VmHWM") - most}))  # noqa: T201


if __name__ == "__main__":
    django.setup()
    main()
