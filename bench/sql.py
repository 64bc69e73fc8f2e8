"""The raw SQL of a page: its statements replayed through psycopg alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
# Runs in a process of its own, whose settings name the benchmark's database.
REPLAY = """
import json, statistics, sys, time
import django
django.setup()
from django.db import connection
from django.test import Client
from initiatives.versioned import ANSWERS
client, seen = Client(SERVER_NAME="127.0.0.1"), []
client.get(sys.argv[1])
ANSWERS.clear()
def note(execute, sql, params, many, context):
    seen.append((sql, params))
    return execute(sql, params, many, context)
with connection.execute_wrapper(note):
    client.get(sys.argv[1])
totals = []
with connection.cursor() as cursor:
    for _ in range(9):
        started = time.perf_counter()
        for sql, params in seen:
            cursor.cursor.execute(sql, params)
            cursor.cursor.fetchall()
        totals.append((time.perf_counter() - started) * 1000)
print(json.dumps([len(seen), statistics.median(totals)]))
"""


def of_page(address: str, path: str) -> tuple[int, float]:
    """(number of statements, median milliseconds of all of them) of a page made anew."""
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "repertoire.settings"}
    answer = subprocess.run(
        [sys.executable, "-c", REPLAY, path], cwd=BASE, env=environment, check=True, capture_output=True, text=True
    )
    return tuple(json.loads(answer.stdout.splitlines()[-1]))
