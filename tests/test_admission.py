"""Many requests at once: slow work waits or is told to come back, and help answers whatever else is asked."""

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client, RequestFactory

from initiatives.core import admission
from initiatives.models import Import
from initiatives.publishing import pdf
from initiatives.views import initiatives as views

from .forms import as_csv, upload

pytestmark = pytest.mark.django_db
ROOMS = (admission.HOUSE, admission.HALL, admission.DESKS, admission.TYPESETTERS)
SURVIVANTES = "/initiatives/les-survivantes"
QUICK = ["/aide/", "/en/aide/", f"{SURVIVANTES}/", "/sante/", "/"]


@pytest.fixture
def browser():
    return Client(raise_request_exception=False)


@pytest.fixture
def no_wait(monkeypatch):
    monkeypatch.setattr(admission, "WAIT", 0)


@pytest.fixture(autouse=True)
def every_place_is_given_back():
    before = free()
    yield
    assert free() == before


def free() -> list[int]:
    return [room.free._value for room in ROOMS]


@pytest.fixture
def full():
    """Somebody else has every place of some rooms."""
    others = []

    def fill(*rooms):
        for room in rooms:
            while room.free._value:
                others.append(admission.Places())
                others[-1].take((room,))

    yield fill
    for other in others:
        other.leave()


def refused(response):
    page = response.content.decode()
    said = "Beaucoup de demandes à la fois" in page or "Many requests at once" in page
    return (response.status_code, response.headers["Retry-After"], said, "1 888 933-9007" in page) == (
        *(503, "5", True, True),
    )


def ask(path: str) -> int:
    """In a thread of its own, with its own connection."""
    try:
        response = Client().get(path)
        response.getvalue()
        response.close()
        return response.status_code
    finally:
        connection.close()


def test_help_answers_while_every_document_is_being_made(browser, monkeypatch, no_wait):
    """The typesetters are held; what they were asked for comes when they are let go."""
    started, let_go = Semaphore(0), Event()

    def typeset(data):
        started.release()
        assert let_go.wait(20)
        return b"%PDF-1.7"

    monkeypatch.setattr(pdf, "typeset_apart", typeset)
    paths = [f"/initiatives.pdf?region={region}" for region in ("laval", "montreal")]
    with ThreadPoolExecutor(len(paths)) as pool:
        answers = [pool.submit(ask, path) for path in paths]
        assert all(started.acquire(timeout=20) for _path in paths)
        assert [browser.get(path).status_code for path in QUICK] == [200] * len(QUICK)
        assert browser.get("/initiatives/?q=fugue").status_code == 200
        assert refused(browser.get("/initiatives.pdf"))
        assert refused(browser.get("/en/selection.pdf?f=54"))
        assert refused(browser.get(f"{SURVIVANTES}.pdf"))
        let_go.set()
        assert [answer.result() for answer in answers] == [200, 200]
    assert browser.get("/initiatives.pdf").status_code == 200


def test_who_waits_gets_the_place_that_comes_free(browser, monkeypatch, full):
    full(admission.DESKS)
    monkeypatch.setattr(admission, "WAIT", 20)
    waiting = Event()
    acquire = admission.DESKS.free.acquire

    def watched(timeout):
        waiting.set()
        return acquire(timeout=timeout)

    monkeypatch.setattr(admission.DESKS.free, "acquire", watched)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask, "/initiatives.csv?region=laval")
        assert waiting.wait(20)
        admission.DESKS.free.release()
        assert answer.result() == 200
    assert acquire(timeout=20)


@pytest.mark.parametrize(
    "path", ["/initiatives.csv", "/en/initiatives.csv?q=fugue", "/selection.csv?f=54", f"{SURVIVANTES}.pdf"]
)
def test_slow_work_without_a_desk_comes_back_later(browser, full, no_wait, path):
    full(admission.DESKS)
    response = browser.get(path)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert [browser.get(path).status_code for path in ["/initiatives.json?q=fugue", *QUICK]] == [200] * (len(QUICK) + 1)


def test_a_full_house_still_has_help_and_fiches(browser, full, workshop):
    full(admission.HOUSE)
    assert refused(browser.get("/initiatives/?q=fugue"))
    assert browser.get("/initiatives.json?q=fugue").json()["erreurs"]
    assert refused(browser.get("/porteurs/?nom=pipq"))
    assert browser.get("/porteurs.json?nom=pipq").status_code == 503
    assert refused(workshop.get("/admin/initiatives/initiative/"))
    assert [browser.get(path).status_code for path in QUICK] == [200] * len(QUICK)


def test_the_workshop_s_slow_work_asks_for_a_desk_too(full, no_wait, workshop, editor):
    full(admission.DESKS)
    listing = "/admin/initiatives/initiative/"
    chosen = {"_selected_action": ["145"], "action": "export_xlsx"}
    assert refused(workshop.post(listing, chosen))
    assert refused(workshop.post(listing, chosen | {"action": "export_csv"}))
    assert refused(workshop.get(f"{listing}doublons/"))
    assert refused(upload(workshop, as_csv(["numero"], [145])))
    row = Import.objects.create(nom="essai.csv", par=editor, lignes=[])
    assert refused(workshop.post(f"{listing}importer/{row.pk}/"))
    assert Import.objects.get().applique_le is None
    assert workshop.get(listing).status_code == 200


def test_places_are_given_back_after_an_error_and_after_nothing(browser, monkeypatch):
    assert browser.get("/initiatives/nulle-part.pdf").status_code == 404
    assert browser.get("/initiatives.csv?foo=1").status_code == 400
    whole = browser.get("/initiatives.csv")
    assert whole.getvalue()
    tag = whole.headers["ETag"]
    assert browser.get("/initiatives.csv", headers={"If-None-Match": tag}).status_code == 304

    def broken(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(views, "as_csv", broken)
    assert browser.get("/initiatives.csv?region=laval").status_code == 500


@pytest.mark.parametrize("lines", [0, 1, 2])
def test_a_stream_keeps_its_place_until_its_reader_goes(lines):
    """Asked as a server asks, in a thread of its own: it closes its connection to the database."""

    def read_some():
        try:
            environ = RequestFactory().get("/initiatives.csv").environ
            answer = WSGIHandler()(environ, lambda status, headers: None)
            assert [bool(line) for line in itertools.islice(answer, lines)] == [True] * lines
            assert free() == [places - held for places, held in zip(before, [1, 1, 1, 0], strict=True)]
            answer.close()
            assert free() == before
        finally:
            connection.close()

    before = free()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(read_some).result()


def test_only_a_desk_is_waited_for(monkeypatch):
    """Whoever waits has a thread: fails where a search waits for its place."""
    waited = []
    for room in ROOMS:
        monkeypatch.setattr(room.free, "acquire", lambda timeout: waited.append(timeout > 0))
        with pytest.raises(admission.BusyError):
            admission.Places().take((room,))
    assert waited == [False, False, True, True]


def test_who_waits_twice_waits_no_longer(monkeypatch):
    now, waited = [10.0], []

    def acquire(timeout):
        waited.append(round(timeout, 3))
        now[0] += 0.4
        return True

    monkeypatch.setattr(admission, "monotonic", lambda: now[0])
    for room in (admission.DESKS, admission.TYPESETTERS):
        monkeypatch.setattr(room.free, "acquire", acquire)
    admission.Places().take((admission.DESKS, admission.TYPESETTERS))
    assert waited == [0.5, 0.1]


def test_a_request_has_one_place_in_a_room():
    places = admission.Places()
    for rooms in (admission.SLOW, admission.SEARCH):
        places.take(rooms)
    assert places.held == [*admission.SLOW]
    places.leave()


def test_with_few_threads_each_room_has_a_place_all_the_same():
    assert [admission.Room(places).free._initial_value for places in (-1, 0, 1, 2)] == [1, 1, 1, 2]


def test_no_class_of_work_takes_every_thread():
    """With the threads of the default: seven for whatever is not quick, of which a search has always one."""
    assert os.environ.get("WEB_THREADS") is None
    assert [room.free._initial_value for room in ROOMS] == [7, 6, 4, 2]
    assert admission.WAIT == 0.5
