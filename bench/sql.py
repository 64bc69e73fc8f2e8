"""The raw SQL beside: the statements of a page replayed through psycopg alone, and everything copied out."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg

BASE = Path(__file__).resolve().parent.parent
# Runs in a process of its own, whose settings name the benchmark's database. Of each two addresses the first warms what
# a process keeps, the second is never asked before.
REPLAY = """
import json, statistics, sys, time
import django
django.setup()
from django.db import connection
from django.test import Client
client, seen, found = Client(SERVER_NAME="127.0.0.1"), [], {}
def note(execute, sql, params, many, context):
    seen.append((sql, params))
    return execute(sql, params, many, context)
def replay(cursor):
    for sql, params in seen:
        cursor.cursor.execute(sql, params)
        if cursor.cursor.description:
            cursor.cursor.fetchall()
pages = json.load(sys.stdin)
for warm, _asked in pages.values():
    client.get(warm)
until = time.monotonic() + 60
while time.monotonic() < until:  # what a thread makes aside is made
    used = time.process_time()
    time.sleep(1)
    if time.process_time() - used < 0.05:
        break
for name, (_warm, asked) in pages.items():
    seen.clear()
    with connection.execute_wrapper(note):
        client.get(asked)
    totals = []
    with connection.cursor() as cursor:
        for _ in range(5):
            started = time.perf_counter()
            replay(cursor)
            totals.append((time.perf_counter() - started) * 1000)
    found[name] = f"{len(seen)} SQL {statistics.median(totals):.1f} ms"
print(json.dumps(found))
"""
COLUMNS = """
numero, slug, titre, porteur_mention, region_id, annee, stade, types, cible, clienteles, age_min, age_max, age_mention,
sexe, implications, description, lieu, frequence, objectifs, modalite, partenaires, langue
"""


def of_pages(address: str, pages: dict[str, list[str]]) -> dict[str, str]:
    """For each name and its two addresses: how many statements the page makes, and the milliseconds of all of them."""
    answer = subprocess.run(
        [sys.executable, "-c", REPLAY],
        cwd=BASE,
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "repertoire.settings"},
        input=json.dumps(pages),
        capture_output=True,
        text=True,
        timeout=300,
    )
    if answer.returncode:
        print(f"The statements could not be replayed: {answer.stderr[-300:]}", file=sys.stderr)
        return {}
    return json.loads(answer.stdout.splitlines()[-1])


def copy_out(address: str) -> float:
    """Milliseconds that PostgreSQL takes to give every public fiche as CSV, received and thrown away."""
    statement = f"COPY (SELECT {COLUMNS} FROM initiatives_initiative WHERE statut = 'publiee') TO STDOUT (FORMAT csv)"
    with psycopg.connect(address) as connection:
        began = time.perf_counter()
        with connection.cursor().copy(statement) as rows:
            for _ in rows:
                pass
        return (time.perf_counter() - began) * 1000
