"""The metrics: what they count, under which names, without anybody in them, and the files that read them."""

import errno
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import get_resolver
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from initiatives.core import admission, limits
from initiatives.core.database import servers
from initiatives.core.database.servers import Purpose
from initiatives.core.enums import EtatContribution, Tache
from initiatives.core.watching import exported, metrics, runs
from initiatives.models import Campagne, Panne, Proposition
from repertoire import exporter

from .campaigning import queued
from .doors import door
from .production import GUNICORN, PRODUCTION, ROOT, ask, collect_static_files, free_port, serving
from .refused import raised

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_faults")]
WORD = "motquetzalcoatl"


def value(name: str, **labels) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def known() -> dict:
    """What the exporter asks the database, by name and labels."""
    registry = CollectorRegistry()
    registry.register(exported.Known())
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


@pytest.mark.parametrize(
    ("method", "path", "labels"),
    [
        ("GET", "/", ("accueil", "GET", "2xx")),
        ("GET", f"/{WORD}/", ("inconnu", "GET", "4xx")),
        (WORD.upper(), "/", ("accueil", "AUTRE", "4xx")),
    ],
)
def test_an_answer_is_counted_by_names_alone(client, method, path, labels):
    labels = dict(zip(("route", "methode", "statut"), labels, strict=True))
    before = value("repertoire_reponses_total", **labels)
    client.generic(method, path, headers={"X-Request-Id": WORD})
    assert value("repertoire_reponses_total", **labels) == before + 1
    assert value("repertoire_en_cours") == 0
    assert WORD not in generate_latest(REGISTRY).decode().lower()


def test_a_request_being_answered_is_seen(client):
    response = client.get("/donnees/initiatives.json")
    assert value("repertoire_en_cours") == 1
    b"".join(response)
    assert value("repertoire_en_cours") == 0


def test_whoever_finds_no_place_is_counted(client, monkeypatch):
    monkeypatch.setattr(admission.Places, "take", lambda self, rooms: (_ for _ in ()).throw(admission.BusyError))
    before = value("repertoire_sans_place_total")
    assert client.get("/initiatives.csv").status_code == 503
    assert value("repertoire_sans_place_total") == before + 1


def test_every_address_is_of_a_kind():
    """And all but a few are told apart: a histogram is heavy."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    kinds = {name: metrics.group_of(name) for name in names}
    assert set(kinds.values()) <= {"pages", "liste", "donnees", "documents"}
    told = ("initiatives", "initiatives-json", "initiatives-pdf", "hsds-term", "accueil", "openapi")
    assert [kinds[name] for name in told] == ["liste", "donnees", "documents", "donnees", "pages", "donnees"]
    assert [metrics.group_of(name) for name in ("admin:index", "inconnu")] == ["atelier", "inconnu"]


def test_what_the_database_knows():
    runs.record(Tache.SAUVEGARDE, seconds=12)
    runs.record(Tache.EXERCICE, False)
    Proposition.objects.create(jeton="p", reponses={"titre": WORD}, nom_expediteur=WORD)
    Panne.objects.create(
        route="aide", nature="x", endroit="y", premiere_le="2026-01-01T00:00Z", derniere_le="2026-01-01T00:00Z"
    )
    found = known()
    assert found["repertoire_base_repond",] == 1
    assert found["repertoire_pannes_ouvertes",] == 1
    assert found["repertoire_copie_en_retard_secondes",] == 0
    assert found["repertoire_contributions_recues", "proposition"] == 1
    assert found["repertoire_contributions_recues", "signalement"] == 0
    assert ("repertoire_contributions_depuis", "signalement") not in found
    assert found["repertoire_execution_secondes", "sauvegarde"] == 12
    assert {key[1:] for key in found if key[0] == "repertoire_execution_fin"} == {
        ("oui", "sauvegarde"),
        ("non", "exercice"),
    }
    assert {key[1] for key in found if key[0] == "repertoire_courriels"} == {
        *("a_envoyer", "partis", "en_echec", "incertains")
    }
    assert WORD not in str(found)


def test_what_is_over_or_has_not_begun_is_not_counted(editor):
    """Else nobody believes an alarm; and a task whose length nobody said is told all the same."""
    when = "2026-01-01T00:00Z"
    Panne.objects.create(route="aide", nature="x", endroit="y", premiere_le=when, derniere_le=when, reglee_le=when)
    Proposition.objects.create(jeton="p", reponses={}, etat=EtatContribution.ECARTEE)
    campagne = queued(editor, "a@example.org", "b@example.org")
    runs.record(Tache.EXPORT)
    found = known()
    assert found["repertoire_courriels", "a_envoyer"] == 2
    assert found["repertoire_pannes_ouvertes",] == found["repertoire_contributions_recues", "proposition"] == 0
    assert ("repertoire_execution_secondes", "export") not in found
    Campagne.objects.filter(pk=campagne.pk).update(lancee_le=None)
    assert known()["repertoire_courriels", "a_envoyer"] == 0


def test_it_is_asked_in_little_time_where_visitors_read(monkeypatch):
    seen = []
    monkeypatch.setattr(exported, "known", lambda: seen.append((limits.present(), servers._PURPOSE.get())) or [])
    exported.asked()
    assert seen == [(limits.Limits(1_000, 500), Purpose.READ)]


def test_how_the_connections_are(monkeypatch):
    stats = {"pool_size": 5, "pool_available": 2, "requests_waiting": 1, "requests_wait_ms": 1500}
    there = SimpleNamespace(
        name="essai", breaker=SimpleNamespace(away=True), kept=SimpleNamespace(get_stats=lambda: stats)
    )
    pool = SimpleNamespace(all=[there])
    monkeypatch.setattr(metrics, "connections", {"default": SimpleNamespace(pool=pool)})
    metrics.look_at_the_pools()
    assert value("repertoire_serveur_absent", serveur="essai") == 1
    states = ("prises", "libres", "attendues")
    assert [value("repertoire_connexions", serveur="essai", etat=state) for state in states] == [3, 2, 1]
    assert value("repertoire_connexions_attente_secondes", serveur="essai") == 1.5
    there.breaker.away = False
    metrics.look_at_the_pools()
    assert value("repertoire_serveur_absent", serveur="essai") == 0


def test_how_late_a_copy_is(monkeypatch):
    """Where nobody knows, it says nothing."""
    monkeypatch.setattr(exported.standby, "behind", lambda: timedelta(minutes=7))
    assert known()["repertoire_copie_en_retard_secondes",] == 420
    monkeypatch.setattr(exported.standby, "behind", lambda: None)
    assert ("repertoire_copie_en_retard_secondes",) not in known()


def test_it_is_asked_once_in_a_while(django_assert_num_queries, monkeypatch):
    now, collector = [100.0], exported.Known()
    monkeypatch.setattr(exported, "monotonic", lambda: now[0])
    collector.collect()
    now[0] += exported.KEPT - 1
    with django_assert_num_queries(0):
        collector.collect()
    now[0] += 1
    with django_assert_num_queries(6):
        collector.collect()


def test_without_a_database_what_it_knows_is_absent():
    def away(execute, sql, params, many, context):
        return execute(raised("57014", WORD), None, many, context)

    with connection.execute_wrapper(away):
        found = known()
    assert {key[0] for key in found} == {"repertoire_base_repond", "repertoire_version_du_code"}
    assert found["repertoire_base_repond",] == 0


def names_there_are() -> set[str]:
    """Every name that a scrape may hold."""
    declared = [metric for metric in vars(metrics).values() if hasattr(metric, "_name")]
    names = {
        f"{metric._name}{end}"
        for metric in declared
        for end in {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(metric._type, [""])
    }
    runs.record(Tache.SAUVEGARDE, seconds=1)
    Proposition.objects.create(jeton="p", reponses={})
    return names | {key[0] for key in known()}


def test_the_alarms_and_the_dashboard_read_what_there_is():
    there = names_there_are()
    alarms = (ROOT / "deploy/prometheus/alarms.yml").read_text("utf-8")
    dashboard = json.loads((ROOT / "deploy/grafana/repertoire.json").read_text("utf-8"))
    shown = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    asked = {name for text in (alarms, shown) for name in re.findall(r"\brepertoire_\w+", text)}
    assert asked - there == set()
    unseen = {"repertoire_reponse_secondes_sum", "repertoire_reponse_secondes_count"}
    assert there - set(re.findall(r"\brepertoire_\w+", shown)) == unseen
    documented = set(re.findall(r"`(repertoire_\w+)", (ROOT / "docs/operations.md").read_text("utf-8")))
    assert {name.removesuffix("_bucket") for name in there - unseen} == documented


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not there (Debian: prometheus)")
def test_prometheus_takes_the_alarms():
    folder = ROOT / "deploy/prometheus"
    for command in ("check rules alarms.yml", "check config prometheus.yml", "test rules ../../tests/alarms.yml"):
        done = subprocess.run(["promtool", *command.split()], cwd=folder, capture_output=True, text=True)  # noqa: S603, S607
        assert done.returncode == 0, done.stdout + done.stderr


class TestPlaces:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.setenv(exporter.FOLDER, str(tmp_path))
        monkeypatch.setenv(exporter.PLACE, "")
        monkeypatch.setattr(exporter, "_HELD", [])
        return tmp_path

    def test_each_process_has_its_own_and_the_next_takes_it_again(self, folder, monkeypatch):
        call = "from repertoire import exporter; exporter.take_place(); print(exporter.os.environ[exporter.PLACE])"
        exporter.take_place()
        for kind in ("gauge_livesum", "counter"):
            (folder / f"{kind}_1.db").write_bytes(b"1")
        for _time in range(2):
            done = subprocess.run([sys.executable, "-c", call], cwd=ROOT, capture_output=True, text=True)  # noqa: S603
            assert done.stdout == "1\n", done.stderr
        assert {file.name for file in folder.glob("*_1.db")} == {f"{kind}_1.db" for kind in exporter.KINDS}
        assert (folder / "counter_1.db").read_bytes()[:1] == b"1"
        assert (folder / "gauge_livesum_1.db").read_bytes()[:1] == b"\0"  # what was going on there ended
        exporter._HELD[0].close()

    def test_the_room_of_the_counts_is_taken_at_once(self, folder):
        """Where a disk is full by the time that memory is written to it, the system kills the process."""
        exporter.take_place()
        taken = {file.name: file.stat().st_blocks * 512 for file in folder.glob("*.db")}
        assert len(taken) == len(exporter.KINDS)
        assert min(taken.values()) >= exporter.ROOM
        exporter._HELD[0].close()

    def test_where_there_is_no_room_nothing_is_counted_and_pages_are_answered(self, folder, monkeypatch, caplog):
        def full(*args):
            raise OSError(errno.ENOSPC, "motsecret")

        monkeypatch.setattr(exporter.os, "posix_fallocate", full)
        exporter.take_place()
        assert os.environ.keys().isdisjoint({exporter.FOLDER, exporter.PLACE})
        assert [record.getMessage() for record in caplog.records] == ["This process counts nothing: OSError"]
        exporter._HELD[0].close()

    def test_what_is_true_of_a_living_process_alone_goes_with_it(self, folder):
        """Its place may be taken by nobody, after a reload: a server that it found away would be told away for ever."""
        exporter.take_place()
        for name in ("1.lock", "counter_1.db", "gauge_livesum_1.db"):
            (folder / name).touch()
        before = {file.name for file in folder.iterdir()}
        exporter.sweep()
        assert before - {file.name for file in folder.iterdir()} == {"gauge_livesum_1.db"}
        exporter._HELD[0].close()

    def test_every_count_has_its_room(self):
        """Fails where a metric writes a file of another kind."""
        kinds = {
            getattr(metric, "_multiprocess_mode", metric._type)
            for metric in vars(metrics).values()
            if hasattr(metric, "_labelnames")
        }
        assert {f"gauge_{kind}" if kind not in exporter.KINDS else kind for kind in kinds} == {*exporter.KINDS}


def scraped(port: int) -> dict:
    status, text, _headers = ask(port, "/metrics")
    assert status == 200
    families = text_string_to_metric_families(text)
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


def test_a_real_server_is_counted_on_a_port_of_its_own(django_db_setup):
    """Its processes together, after one died and after a reload; it ends with the server, and leaves nothing."""
    collect_static_files()
    port, other = free_port(), quiet_port()
    with door() as way:
        variables = PRODUCTION | {
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_SSL_REDIRECT": "0",
            "WEB_PROCESSES": "2",
            "PORT": str(port),
            "METRICS_BIND": f"127.0.0.1:{other}",
            "DATABASE_URL": way.address,
        }
        with serving(port, sys.executable, *GUNICORN, **variables) as server:
            folder = scrapes(server, port, other)
            way.shut()
            wait_until(lambda: scraped(other).get(("repertoire_base_repond",)) == 0)
        assert not folder.exists()
    wait_until(lambda: not listens(other))


def test_the_process_that_serves_them_is_started_again_where_it_ended(monkeypatch):
    started = []

    class Process:
        def __init__(self, command, **options):
            started.append(self)
            self.ended = None

        def poll(self):
            return self.ended

    monkeypatch.setattr(exporter.subprocess, "Popen", Process)
    monkeypatch.setattr(exporter, "_SERVING", [])
    for _time in range(2):
        exporter.serve()
    assert len(started) == 1
    started[0].ended = 1
    exporter.serve()
    assert len(started) == 2


def test_who_finds_the_port_held_by_the_release_of_before_waits_for_it(monkeypatch, settings):
    settings.METRICS_BIND = "127.0.0.1:9100"
    asked = []

    def held_once(port, host, registry):
        asked.append("asked")
        if asked == ["asked"]:
            raise OSError(errno.EADDRINUSE, "Address already in use")

    def slept(seconds):
        asked.append("slept")
        if asked.count("slept") == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("initiatives.management.commands.serve_metrics.start_http_server", held_once)
    monkeypatch.setattr("initiatives.management.commands.serve_metrics.time.sleep", slept)
    call_command("serve_metrics", parent=os.getppid())
    assert asked == ["asked", "slept", "asked", "slept"]
    asked.clear()
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("serve_metrics")


def scrapes(server, port: int, other: int) -> Path:
    wait_until(lambda: listens(other))
    asked = [ask(port, f"/aide/?q={WORD}")[0] for _time in range(10)]
    assert asked == [200] * 10
    wait_until(lambda: scraped(other)["repertoire_reponses_total", "GET", "aide", "2xx"] == 10)  # counted once closed
    found = scraped(other)
    assert (found["repertoire_en_cours",], found["repertoire_base_repond",]) == (0, 1)
    assert found["repertoire_connexions", "libres", "writes"] >= 1
    assert WORD not in ask(other, "/metrics")[1]
    assert ask(port, "/metrics")[0] == 404
    folder = Path(environment_of(server.pid)[exporter.FOLDER])
    files = {file.name for file in folder.iterdir()}
    workers = children(server.pid)
    server.send_signal(signal.SIGHUP)
    wait_until(lambda: not workers & children(server.pid) - {exporter_of(server.pid)})
    assert ask(port, "/aide/")[0] == 200
    wait_until(lambda: scraped(other)["repertoire_reponses_total", "GET", "aide", "2xx"] == 11)
    left = {file.name for file in folder.iterdir()}
    assert left >= {name for name in files if not name.startswith("gauge")}
    wait_until(lambda: len([*folder.glob("gauge_live*")]) == 2)  # those of the processes that ended are gone
    return folder


def quiet_port() -> int:
    """A free port that the system gives to nobody who connects: else who asks before anybody listens hears himself."""
    for port in range(23000 + os.getpid() % 500, 24000):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")


def wait_until(check) -> None:
    """What becomes true by itself; the time limit of the suite says when it does not."""
    while not check():
        pass


def listens(port: int) -> bool:
    try:
        return ask(port, "/metrics")[0] == 200
    except ConnectionError:
        return False


def children(pid: int) -> set[int]:
    return {int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def exporter_of(pid: int) -> int | None:
    return next((child for child in children(pid) if b"serve_metrics" in command_of(child)), None)


def command_of(pid: int) -> bytes:
    """Nothing for one that ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def environment_of(server: int) -> dict[str, str]:
    pairs = Path(f"/proc/{exporter_of(server)}/environ").read_bytes().decode().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if pair)
