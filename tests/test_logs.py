"""Each request leaves one line, with its name, its number and no address; what broke is noted by its place."""

import json
import logging
import re

import pytest
from django.db import OperationalError, connection
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory

from initiatives.core import limits
from initiatives.core.database import servers
from initiatives.core.database.servers import Purpose, taken_for
from initiatives.core.watching import faults, requests
from initiatives.models import Panne
from initiatives.views import initiatives, pages
from repertoire import logs

from .refused import failing, raised
from .sessions import committing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_faults")]
WORD = "motquetzalcoatl"


@pytest.fixture
def lines(monkeypatch):
    """What the site writes in production, line by line."""
    found = []

    class Kept(logging.Handler):
        def emit(self, record):
            found.append(json.loads(self.format(record)))

    kept = Kept()
    kept.setFormatter(logs.Lines())
    loggers = [logging.getLogger(), logging.getLogger("repertoire.acces")]
    for logger in loggers:
        logger.addHandler(kept)
    monkeypatch.setattr(loggers[1], "level", logging.INFO)
    loggers[1].manager._clear_cache()
    yield found
    for logger in loggers:
        logger.removeHandler(kept)
    loggers[1].manager._clear_cache()


def breaks(*args, **kwargs):
    raise ValueError(WORD)


def asleep(execute, sql, params, many, context):
    """Every statement takes a moment on the server."""
    execute("SELECT pg_sleep(0.006)", None, False, context)
    return execute(sql, params, many, context)


def answered(lines) -> list[dict]:
    return [line for line in lines if line["logger"] == "repertoire.acces"]


def test_a_request_is_one_line_without_what_was_asked(client, lines):
    response = client.get("/initiatives/", {"q": WORD})
    (line,) = answered(lines)
    assert {name: line[name] for name in ("level", "method", "route", "status")} == {
        "level": "INFO",
        "method": "GET",
        "route": "initiatives",
        "status": 200,
    }
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
    assert re.fullmatch(r"[0-9a-f]{10}", line["request"])
    assert line["request"] == response.headers["X-Request-Id"]
    assert line["message"] == f"GET initiatives 200, {line['ms']} ms"
    assert WORD not in json.dumps(lines)


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/en/initiatives/", ("GET", "initiatives", 200)),
        ("GET", "/initiatives/mobilis/", ("GET", "initiative", 200)),
        ("GET", f"/{WORD}/", ("GET", "inconnu", 404)),
        ("GET", f"/initiatives/{WORD}/", ("GET", "initiative", 404)),
        ("GET", f"/verification/{WORD}/", ("GET", "verification", 410)),
        (WORD.upper(), "/", ("AUTRE", "accueil", 405)),
        ("GET", "/admin/", ("GET", "admin:index", 302)),
    ],
)
def test_it_says_names_alone(client, lines, method, path, told):
    client.generic(method, path)
    assert [(line["method"], line["route"], line["status"]) for line in answered(lines)] == [told]
    assert WORD not in json.dumps(lines).lower()


def test_the_number_is_never_the_visitor_s(client, lines):
    response = client.get("/aide/", headers={"X-Request-Id": WORD, "X-Correlation-Id": WORD})
    assert re.fullmatch(r"[0-9a-f]{10}", response.headers["X-Request-Id"])
    assert client.get("/aide/").headers["X-Request-Id"] != response.headers["X-Request-Id"]
    assert WORD not in json.dumps(lines)


def test_files_leave_no_line(client, lines):
    client.get("/static/css/site.css")
    assert answered(lines) == []


def test_a_stream_is_told_once_it_is_read(client, lines):
    response = client.get("/donnees/initiatives.json")
    assert response.streaming
    assert answered(lines) == []
    b"".join(response)
    assert [(line["route"], line["status"]) for line in answered(lines)] == [("donnees-initiatives", 200)]


def test_what_a_security_error_says_is_not_repeated():
    record = logging.LogRecord("django.security.SuspiciousOperation", 40, "", 0, f"Invalid {WORD}", (), None)
    assert json.loads(logs.Lines().format(record))["message"] == "SuspiciousOperation: inconnu"


@pytest.mark.parametrize("message", [f"a?q={WORD}", f"a%3Fq={WORD}", f"a%3fq={WORD}\nb", f"a /{WORD}/ b"])
def test_a_line_is_cut_where_a_question_begins(message):
    """Written as it was sent, too; and whoever else writes it has it whole."""
    record = logging.LogRecord("x", 40, "", 0, "%s", (message,), None)
    assert WORD not in logs.Discreet().format(record)
    assert record.getMessage() == message


def test_an_error_says_what_led_to_it_unless_it_hides_it():
    def told(raises) -> str:
        with pytest.raises(KeyError) as caught:
            raises()
        return logs.Discreet().formatException((caught.type, caught.value, caught.tb))

    def hides():
        try:
            breaks()
        except ValueError:
            raise KeyError(WORD) from None

    def follows():
        try:
            breaks()
        except ValueError:
            raise KeyError(WORD)  # noqa: B904 - what it is about

    assert ["ValueError" in told(raises) for raises in (hides, follows)] == [False, True]


class TestFaults:
    @pytest.fixture(autouse=True)
    def fails(self, monkeypatch):
        monkeypatch.setattr(pages, "render", breaks)
        self.browser = Client(raise_request_exception=False)

    def test_an_error_gives_a_number_that_the_log_knows(self, lines):
        response = self.browser.get("/confidentialite/", {"q": WORD})
        number = response.headers["X-Request-Id"]
        assert response.status_code == 500
        assert f"<code>{number}</code>" in response.content.decode()
        (error,) = [line for line in lines if line["level"] == "ERROR"]
        assert (error["request"], error["route"]) == (number, "confidentialite")
        assert error["error"].startswith("builtins.ValueError\n")
        assert WORD not in json.dumps(lines)

    def test_it_is_noted_by_its_place_and_counted(self):
        for path in ("/confidentialite/", "/en/confidentialite/", "/accessibilite/"):
            self.browser.get(path, {"q": WORD})
        rows = Panne.objects.order_by("route").values_list("route", "nature", "nombre")
        kind = "builtins.ValueError"
        assert list(rows) == [("accessibilite", kind, 1), ("confidentialite", kind, 2)]
        fault = Panne.objects.get(nombre=2)
        line = breaks.__code__.co_firstlineno + 1
        assert fault.endroit == f"tests.test_logs:{line}"
        assert fault.derniere_le > fault.premiere_le
        assert WORD not in str(list(Panne.objects.values()))

    def test_once_settled_it_is_another(self):
        self.browser.get("/confidentialite/")
        Panne.objects.update(reglee_le="2026-01-01T00:00Z")
        self.browser.get("/confidentialite/")
        assert list(Panne.objects.values_list("nombre", flat=True)) == [1, 1]

    def test_without_a_database_the_log_alone_has_it(self, lines):
        def away(execute, sql, params, many, context):
            sql, params = (raised("57P01", WORD), None) if "initiatives_panne" in sql else (sql, params)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(away):
            response = self.browser.get("/confidentialite/")
        assert response.status_code == 500
        assert "A fault could not be noted: OperationalError" in [line["message"] for line in lines]
        assert WORD not in json.dumps(lines)


def test_the_place_is_the_last_line_of_our_own_code():
    """Not that of the library it called: an operator looks for it here."""
    with pytest.raises(ValueError, match="Expecting") as caught:
        json.loads("{")
    assert faults.place_of(caught.value).startswith("tests.test_logs:")


def test_a_failure_of_the_database_is_no_fault_of_the_code(monkeypatch):
    noted = []
    monkeypatch.setattr(faults, "record", lambda *told: noted.append(told))
    with failing("53100", "no space left"):
        assert Client().get("/").status_code == 503
    assert noted == []


def test_a_stream_cut_short_is_told_and_noted(client, lines):
    def stream():
        yield b"a"
        raise ValueError(WORD)

    request = client.get("/aide/").wsgi_request
    told = faults.told_of(request, stream())
    assert next(told) == b"a"
    with pytest.raises(ValueError, match=WORD):
        next(told)
    assert [line["message"] for line in lines if line["level"] == "ERROR"] == ["aide: an answer was cut short"]
    assert Panne.objects.get().route == "aide"
    assert WORD not in json.dumps(lines)


def test_a_file_that_breaks_while_it_is_sent_is_told_and_noted(client, lines, monkeypatch):
    def stream():
        yield b"a"
        raise ValueError(WORD)

    monkeypatch.setattr(initiatives, "as_csv", lambda *args: StreamingHttpResponse(stream(), content_type="text/csv"))
    with pytest.raises(ValueError, match=WORD):
        client.get("/initiatives.csv?region=laval").getvalue()
    assert Panne.objects.get().route == "initiatives-csv"
    assert WORD not in json.dumps(lines)


def test_a_line_written_after_the_answer_is_of_no_request(client, lines):
    client.get("/aide/")
    logging.getLogger("initiatives").error("A worker speaks.")
    assert "request" not in lines[-1]
    assert requests.PRESENT.get() is None


def slow(lines) -> list[dict]:
    return [line for line in lines if line["logger"] == "initiatives.core.database.slow"]


def test_a_slow_statement_is_told_by_its_place(client, lines, settings):
    settings.SLOW_STATEMENT = 1
    with connection.execute_wrapper(asleep):
        client.get("/initiatives/", {"q": WORD})
    assert slow(lines)
    assert {line["route"] for line in slow(lines)} == {"initiatives"}
    assert slow(lines)[0]["place"].startswith("initiatives.core.versioned:")
    assert slow(lines)[0]["ms"] >= 5
    assert all(line["request"] == answered(lines)[0]["request"] for line in slow(lines))
    assert WORD not in json.dumps(lines)
    assert "SELECT" not in json.dumps(lines)


def test_one_that_fails_is_told_too(client, lines, settings):
    settings.SLOW_STATEMENT = 1
    with failing("57014", WORD), connection.execute_wrapper(asleep):
        client.get("/initiatives/", {"q": WORD})
    assert slow(lines)
    assert WORD not in json.dumps(lines)


@pytest.mark.parametrize("most", [0, 60_000])
def test_what_is_quick_leaves_no_line(client, lines, settings, most):
    settings.SLOW_STATEMENT = most
    with connection.execute_wrapper(asleep):
        client.get("/initiatives/", {"q": WORD})
    assert slow(lines) == []


def test_a_command_may_take_its_time(lines, settings):
    settings.SLOW_STATEMENT = 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.006)")
    assert slow(lines) == []


def test_where_the_database_took_a_fault_it_is_told_of_it_as_of_a_visitor(monkeypatch):
    """On another connection than the one that may have died, where is written, and with little time."""
    seen = []

    def write(values):
        seen.append((limits.present(), servers._PURPOSE.get(), connection.connection))

    monkeypatch.setattr(faults, "write", write)
    with committing(), taken_for(Purpose.READ):
        connection.ensure_connection()
        faults.record("aide", ValueError())
    assert seen == [(limits.PUBLIC, Purpose.WRITE, None)]


def test_a_fault_that_cannot_be_noted_leaves_the_transaction_as_it_was(lines, monkeypatch):
    monkeypatch.setattr(faults, "SEEN", raised("23514", WORD))
    monkeypatch.setattr(faults, "write", lambda values: connection.cursor().execute(faults.SEEN))
    faults.record("aide", ValueError())
    assert Panne.objects.count() == 0
    assert [line["message"] for line in lines] == ["A fault could not be noted: IntegrityError"]


def test_a_database_that_fails_under_a_stream_is_no_fault_of_the_code(lines):
    def stream():
        yield b"a"
        raise OperationalError

    with pytest.raises(OperationalError):
        list(faults.told_of(RequestFactory().get("/"), stream()))
    assert Panne.objects.count() == 0
