"""Pages set aside for when the database is away: made once the data are still, thrown away when they change."""

import fcntl
import json
import os
import re
import subprocess
import sys
import zipfile
from itertools import pairwise
from threading import Event, Thread, current_thread
from time import monotonic

import pytest
from django.db import OperationalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.core import limits, versioned
from initiatives.core.database import servers
from initiatives.core.database.servers import Purpose
from initiatives.core.enums import Statut
from initiatives.core.versioned import data_version, forget
from initiatives.models import Initiative, VersionDonnees
from initiatives.views import public, reserve
from initiatives.views.inside import ask
from initiatives.views.reserve import ABOUT, AFTER_AN_ERROR, EVERY, STILL, Keeper
from repertoire import life

from .production import ROOT
from .refused import failing

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
FICHE = "/en/initiatives/les-survivantes/"
LET_GO = []  # once for each time that the keeper let its connection go
STALE = "cut off from its data"


@pytest.fixture
def file(settings, tmp_path, monkeypatch):
    settings.RESERVE = tmp_path / "reserve.zip"
    monkeypatch.setattr(reserve, "addresses", lambda: ["/", FICHE, "/initiatives/les-survivantes/"])
    monkeypatch.setattr(reserve.connection, "close", lambda: LET_GO.append(1))  # the transaction of the test is on it
    LET_GO.clear()
    return settings.RESERVE


@pytest.fixture
def keeper(file):
    """One whose time goes by as it waits."""
    now = [0.0]

    def wait(seconds):
        now[0] += seconds

    return Keeper(file, wait, lambda: now[0])


def look(keeper, seconds=STILL) -> None:
    """As many looks as it takes in so many seconds."""
    for _look in range(int(seconds / EVERY) + 1):
        keeper.look()
        keeper.wait(EVERY)


def raises(error):
    raise error


def changed() -> None:
    """Another version of the data, and a process that knows nothing yet."""
    VersionDonnees.objects.update(numero=data_version() + 1)
    forget()


def away(path: str):
    """The answer while the database is away, of a process that kept nothing but what is in the file."""
    before = transaction.savepoint()
    with failing("53100", "no space left"):
        answer = Client().get(path)
    transaction.savepoint_rollback(before)
    return answer


def test_pages_are_set_aside_once_the_data_are_still(keeper, file):
    look(keeper, STILL - 2 * EVERY)
    assert not file.exists()
    look(keeper)
    with zipfile.ZipFile(file) as pages:
        assert pages.namelist() == [ABOUT, "/", FICHE, "/initiatives/les-survivantes/"]
    assert len(LET_GO) == 1 + 3  # while it rests between two pages, its connection is a visitor's
    os.utime(file, (0, 0))
    keeper.look()
    assert reserve.last_known()[1].year > 2000  # seen to be true just now
    forget()
    answer = away(FICHE)
    page = answer.content.decode()
    assert (answer.status_code, STALE in page, "Les Survivantes" in page) == (200, True, True)
    assert away("/initiatives/les-survivantes/").content.decode().count("<main") == 1
    assert away("/portrait/").status_code == 503


def test_the_pages_that_lead_to_the_others_are_there_first(keeper, monkeypatch):
    """A database that dies a moment after a change: they are shown, and the others join them when it is back."""
    with monkeypatch.context() as patch:
        patch.setattr(reserve, "ask", lambda path, *args: ask(path, *args) if path == "/" else raises(OperationalError))
        with pytest.raises(OperationalError):
            look(keeper)
    forget()
    assert [away(path).status_code for path in ("/", FICHE)] == [200, 503]
    keeper.look()
    forget()
    assert [away(path).status_code for path in ("/", FICHE)] == [200, 200]


def test_pages_that_lead_to_the_others_go_with_a_change_too(keeper, file, monkeypatch):
    monkeypatch.setattr(reserve, "MANY", re.compile("^"))
    look(keeper)
    with zipfile.ZipFile(file, "w") as pages:
        pages.writestr(ABOUT, json.dumps(reserve.about(data_version(), whole=False)))
    changed()
    keeper.look()
    assert not file.exists()


def test_what_changed_is_not_shown_again(keeper, file):
    """Fails where the file is kept, or made before the data are still."""
    look(keeper)
    Initiative.objects.filter(slug="les-survivantes").update(statut=Statut.ARCHIVEE)
    changed()
    keeper.look()
    assert not file.exists()
    assert away(FICHE).status_code == 503
    look(keeper)
    assert away(FICHE).status_code == 503
    assert away("/").status_code == 200


def test_what_a_restored_database_does_not_say_is_not_shown(keeper, file):
    """Its version has the number of before: its moment tells."""
    look(keeper)
    VersionDonnees.objects.update(modifiee_le=timezone.now())
    keeper.look()
    assert not file.exists()


def test_a_change_while_pages_are_made_leaves_none(keeper, file, monkeypatch):
    asked = reserve.ask
    monkeypatch.setattr(reserve, "ask", lambda *args: (asked(*args), changed())[0])
    look(keeper)
    assert not file.exists()


def test_the_later_of_two_versions_is_believed(keeper, file):
    """A process that was not asked since a change, beside another that was."""
    Client().get(FICHE)
    look(keeper)
    with zipfile.ZipFile(file, "w") as pages:
        pages.writestr(ABOUT, f'{{"version": {data_version() + 1}, "code": "{reserve.code_version()}"}}')
    os.utime(file, (2e9, 2e9))
    assert away(FICHE).status_code == 503


def test_what_another_process_knows_to_be_past_is_not_shown(file):
    """Nothing is set aside: a process that was not asked since a change has the fiche in memory still."""
    assert Client().get(FICHE).status_code == 200
    assert away(FICHE).status_code == 200
    life.saw(data_version() + 1, monotonic())
    assert away(FICHE).status_code == 503


@pytest.mark.parametrize(
    "headers", [{"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip"}, {"Accept-Language": "fr"}], ids=str
)
def test_what_a_browser_was_answered_is_there_still(file, headers):
    """Kept as small as it was sent, or with the way to the language that its reader likes better."""
    forget()
    assert Client().get(FICHE, headers=headers).status_code == 200
    answer = away(FICHE)
    assert (answer.status_code, "Les Survivantes" in answer.content.decode()) == (200, True)


def test_who_sets_nothing_aside_looks_all_the_same():
    """Fails where a server that nobody visits shows from memory what was withdrawn since."""
    Client().get(FICHE)
    VersionDonnees.objects.update(numero=data_version() + 1)
    Keeper(None).look()
    assert away(FICHE).status_code == 503


@pytest.mark.parametrize("name", ["none", "a file where no folder can be", "a file", "a file in a folder to make"])
def test_a_process_looks_with_or_without_a_file(tmp_path, monkeypatch, name):
    (tmp_path / "fichier").touch()
    folder = {"a file": "", "a file in a folder to make": "var"}.get(name, "fichier")
    file = None if name == "none" else tmp_path / folder / "r.zip"
    looking = []
    monkeypatch.setattr(Keeper, "run", lambda self: looking.append(self.file))
    reserve.alone(file)
    assert looking == [file if name.startswith("a file") and folder != "fichier" else None]


def test_what_is_remembered_of_a_version_is_not_of_another_of_its_number(monkeypatch):
    monkeypatch.setattr(versioned, "_MARKS", {7: "avant"})
    assert versioned.remembered("essai", 7, lambda: 1) == 1
    assert versioned.remembered("essai", 7, lambda: 2) == 1
    monkeypatch.setattr(versioned, "_MARKS", {7: "après"})
    assert versioned.remembered("essai", 7, lambda: 3) == 3


def test_another_process_waits_until_the_first_ends(file, monkeypatch):
    kept = Event()
    monkeypatch.setattr(Keeper, "run", lambda self: kept.set())
    with file.with_suffix(".lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        thread = Thread(target=reserve.alone, args=[file], daemon=True)
        thread.start()
        assert not kept.wait(0.3)
    thread.join()
    assert kept.is_set()


def test_it_looks_without_end_and_leaves_time_and_connections_to_visitors(file, monkeypatch):
    """Fails where a statement that hangs stops it for good, and where it looks again at once."""
    looks, seen, waited = iter([None, OperationalError, ValueError, KeyboardInterrupt]), [], []

    def look(self):
        seen.append((limits.present(), servers._PURPOSE.get()))
        if error := next(looks):
            raise error

    monkeypatch.setattr(Keeper, "look", look)
    with pytest.raises(KeyboardInterrupt):
        Keeper(file, waited.append).run()
    assert seen == [(limits.WORKSHOP, Purpose.READ)] * 4
    assert waited == [EVERY] * 3
    assert len(LET_GO) == 4


def test_pages_that_cannot_be_made_wait_ten_minutes(keeper, monkeypatch):
    made, wait = [], keeper.wait

    def make(said, paths):
        made.append(keeper.clock())
        raise ValueError

    def until_then(seconds):
        if keeper.clock() > 590:
            raise KeyboardInterrupt
        wait(seconds)

    monkeypatch.setattr(keeper, "make", make)
    monkeypatch.setattr(keeper, "wait", until_then)
    with pytest.raises(KeyboardInterrupt):
        keeper.run()
    assert len(made) == 1


def test_a_page_is_followed_by_three_times_as_long_without_one(keeper, monkeypatch):
    rests, wait = [], keeper.wait
    monkeypatch.setattr(reserve, "STILL", 0)
    monkeypatch.setattr(reserve, "ask", lambda *args: (wait(2), ask(*args))[1])
    keeper.wait = rests.append
    keeper.look()
    assert rests == [6] * 4


def test_what_is_no_whole_page_is_not_set_aside(keeper, file, monkeypatch):
    monkeypatch.setattr(reserve, "addresses", lambda: ["/donnees/initiatives.json", "/initiatives.json?age=x", "/"])
    look(keeper)
    with zipfile.ZipFile(file) as pages:
        assert pages.namelist() == [ABOUT, "/"]


def test_it_is_kept_beside_what_is_answered_and_holds_no_process_back(file, monkeypatch):
    begun, threads = Event(), []

    def alone(kept):
        threads.append((kept, current_thread().daemon))
        begun.set()

    monkeypatch.setattr(reserve, "alone", alone)
    reserve.keep(file)
    assert begun.wait(20)
    assert threads == [(file, True)]


@pytest.mark.parametrize("error", [OperationalError, OSError, ValueError])
def test_what_goes_wrong_is_tried_again(keeper, monkeypatch, error):
    looks = iter([error, error, KeyboardInterrupt])

    def look(self):
        raise next(looks)

    monkeypatch.setattr(Keeper, "look", look)
    with pytest.raises(KeyboardInterrupt):
        keeper.run()
    assert next(looks, None) is None


def test_a_page_of_ours_that_fails_hides_no_change(keeper, file, monkeypatch):
    """The others are there, and go within seconds of a change: fails where the next look is ten minutes later, or on a
    connection that was held meanwhile. It is not made again at each look.
    """
    made = []

    def fails(path, *args):
        made.append(path)
        return ask(path, *args) if path == "/" else raises(ValueError)

    monkeypatch.setattr(reserve, "ask", fails)
    waited, let_go = [], []

    def wait(seconds):
        if seconds == EVERY:
            waited.append(len(LET_GO))
            if file.exists() and not let_go:
                let_go.append(changed())
            elif let_go and not file.exists():
                raise KeyboardInterrupt
        now[0] += seconds
        assert now[0] < AFTER_AN_ERROR

    now = [0.0]
    with pytest.raises(KeyboardInterrupt):
        Keeper(file, wait, lambda: now[0]).run()
    assert (made.count("/"), made.count(FICHE)) == (2, 1)


def test_the_copy_is_looked_at_while_pages_are_made(keeper, monkeypatch):
    """Fails where it may stand still for as long as that takes, minutes where there are many."""
    seen = []
    monkeypatch.setattr(reserve.standby, "watch", lambda: seen.append(keeper.clock()))
    monkeypatch.setattr(reserve, "ask", lambda path, *args: (keeper.wait(5), ask(path, *args))[1])
    look(keeper, 2 * STILL)
    assert max(after - before for before, after in pairwise(seen)) <= 4 * 5 + EVERY


def test_what_is_said_without_the_database_is_not_set_aside(keeper, file, monkeypatch):
    """It went, and was back a moment later: its page bears the line of that moment."""

    def stale(path, *args):
        with monkeypatch.context() as patch:
            patch.setattr(public, "present", lambda *given: raises(OperationalError))
            return ask(path, *args)

    Client().get("/")
    monkeypatch.setattr(public, "lost", lambda: True)
    monkeypatch.setattr(reserve, "ask", stale)
    look(keeper)
    assert not file.exists()


def test_whoever_asked_later_knows_better(monkeypatch):
    """Fails where a slow answer hides the change that another process saw meanwhile."""
    present = versioned.asked()
    later = monotonic() + 1

    def slowly():
        life.saw(present[0] + 1, later)
        return present

    monkeypatch.setattr(versioned, "asked", slowly)
    data_version()
    assert life.last_seen() == (present[0] + 1, later)


def test_the_processes_of_a_server_share_what_they_saw():
    say = """
import os
from repertoire import life
if os.fork():
    os.wait()
    print(*life.last_seen())
else:
    life.saw(41, 2.5)
"""
    told = subprocess.run([sys.executable, "-c", say], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert told.stdout == "41 2.5\n"


@pytest.mark.parametrize("content", [b"", b"PK", None])
def test_a_file_that_cannot_be_read_is_none(keeper, file, content):
    look(keeper)
    if content is None:  # of another release
        with zipfile.ZipFile(file, "w") as pages:
            pages.writestr(ABOUT, f'{{"version": {data_version()}, "code": "autre"}}')
    else:
        file.write_bytes(content)
    assert reserve.last_known() is None
    forget()
    assert away(FICHE).status_code == 503
    look(keeper)
    assert away(FICHE).status_code == 200


DAMAGED = {
    "of no kind": lambda about: "[]",
    "of nothing": lambda about: "{}",
    "of a version that is none": lambda about: about.replace('"version": ', '"version": "x", "autre": '),
    "without end": lambda about: "[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_file_that_says_anything_is_none(keeper, file, damage):
    look(keeper)
    with zipfile.ZipFile(file) as pages:
        about = pages.read(ABOUT).decode()
    with zipfile.ZipFile(file, "w") as pages:
        pages.writestr(ABOUT, DAMAGED[damage](about))
    forget()
    assert reserve.last_known() is None
    assert away(FICHE).status_code == 503


def test_a_method_that_nobody_knows_is_no_error(keeper, file):
    """A byte turned over on the disk."""
    look(keeper)
    content = bytearray(file.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 10] = 99
    content[content.index(b"PK\x01\x02") + 10] = 99
    file.write_bytes(content)
    forget()
    assert away(FICHE).status_code == 503


@pytest.mark.parametrize("page", [b"", b"not json", b'{"Content-Encoding": "zz"}\nx', b'{"X": "a\\nb"}\nx'])
def test_a_page_that_cannot_be_read_is_none(keeper, file, page):
    look(keeper)
    with zipfile.ZipFile(file) as pages:
        about = pages.read(ABOUT)
    with zipfile.ZipFile(file, "w") as pages:
        pages.writestr(ABOUT, about)
        pages.writestr(FICHE, page)
    forget()
    assert away(FICHE).status_code == 503


def test_a_pipe_is_not_waited_for(file):
    os.mkfifo(file)
    assert reserve.last_known() is None


def test_a_page_of_another_version_is_none(keeper):
    look(keeper)
    version = data_version()
    assert reserve.kept(version, FICHE).status_code == 200
    assert reserve.kept(version + 1, FICHE) is None


def test_what_is_set_aside_are_the_pages_of_the_sitemap():
    found = reserve.addresses()
    assert {"/trouver/", "/en/trouver/", "/initiatives.json", "/regions.json", "/ressources.csv"} <= set(found)
    assert {"/", "/en/", FICHE, "/aide/", "/regions/laval/", "/en/portrait/"} <= set(found)
    draft = Initiative.objects.exclude(statut=Statut.PUBLIEE).first()
    assert not any(draft.slug in path for path in found)


def test_what_the_sitemap_does_not_name_is_answered_too(keeper, monkeypatch):
    named = [reverse(name) for name in reserve.FIRST]
    monkeypatch.setattr(reserve, "addresses", lambda: named)
    look(keeper)
    forget()
    assert {path: away(path).status_code for path in named} == dict.fromkeys(named, 200)


def test_each_look_is_at_the_copy_too(keeper, monkeypatch):
    seen = []
    monkeypatch.setattr(reserve.standby, "watch", lambda: seen.append(1))
    look(keeper, 0)
    assert seen


def test_a_site_that_a_proxy_alone_calls_by_its_name_sets_aside_too(settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://repertoire.example", [".interne.example"]
    assert FICHE in reserve.addresses()
