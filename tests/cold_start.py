"""Run on its own, as a server that has just started: `python -m tests.cold_start < paths`, one path a line.

Asks for all of them at once, a thread each, and prints as JSON which lexicon was read before, whether the words of
French and English were, what was answered, and which of the words searched are still in memory.
"""

import gc
import json
import sys
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import parse_qs

from django.conf import settings
from django.test import RequestFactory

from repertoire.wsgi import application

# isort: split
from initiatives.finding.search import common, lexicon

settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
CONTAINERS = dict | list | tuple | set | frozenset | deque


def answer(path: str, barrier: Barrier) -> int:
    statuses = []
    path, _mark, query = path.partition("?")
    environ = RequestFactory(SERVER_NAME="127.0.0.1").get(path).environ | {"QUERY_STRING": query}
    barrier.wait()
    body = application(environ, lambda status, headers: statuses.append(int(status.split()[0])))
    b"".join(body)
    body.close()
    return statuses[0]


def left_in_memory(words: set[str]) -> list[str]:
    """Which of the words stand in a string that something still holds, but for what is counted here."""
    gc.unfreeze()  # what was there at the start is looked at too
    gc.collect()
    found = set()
    for container in gc.get_objects():
        if container is words or container is found or not isinstance(container, CONTAINERS):
            continue
        parts = [*container, *container.values()] if isinstance(container, dict) else container
        texts = [part for part in list(parts) if isinstance(part, str)]
        found |= {word for word in words for text in texts if len(text) < 1000 and word in text.lower()}
    return sorted(found)


def main() -> None:
    read_before, words_before = lexicon._LEXICON.version, common.plain_english.cache_info().currsize
    paths = sys.stdin.read().split()
    barrier = Barrier(len(paths))
    with ThreadPoolExecutor(len(paths)) as pool:
        statuses = list(pool.map(answer, paths, [barrier] * len(paths)))
    words = {word for path in paths for word in parse_qs(path.partition("?")[2]).get("q", [""])[0].lower().split()}
    words = {word for word in words if len(word) > 3}
    paths.clear()
    del pool
    found = {"lexicon": read_before, "words": words_before, "statuses": statuses, "left": left_in_memory(words)}
    print(json.dumps(found))  # noqa: T201


if __name__ == "__main__":
    main()
