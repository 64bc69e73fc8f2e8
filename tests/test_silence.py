"""What was searched or written, and the live links of a campaign, reach no log: of Django or of gunicorn."""

import json
import logging
import re
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured

from initiatives.views import errors
from repertoire import logs

from .failing import Server

pytestmark = pytest.mark.django_db
WORD = "motquetzalcoatl"
LINK = "jeton:quisignecampagne"


@pytest.fixture
def server(db, tmp_path):
    server = Server(tmp_path / "log")
    yield server
    server.process.kill()
    server.process.wait()


HERE = "Host: 127.0.0.1"
TYPED = "Content-Type: application/x-www-form-urlencoded"


def test_a_real_server_writes_no_word_and_no_link(server):
    asked = {
        f"GET /initiatives/?q={WORD} HTTP/1.1|Host: evil.example": 400,
        f"GET /initiatives/?q={WORD} HTTP/1.1|Host: a b": 400,
        f"GET /initiatives/?q={'x' * 9000}{WORD} HTTP/1.1|{HERE}": 414,
        f"GET /initiatives/?q={WORD} et un autre HTTP/1.1|{HERE}": 400,
        f"GET /initiatives/?q={WORD}|{HERE}": 400,
        f"{WORD}|{HERE}": 400,
        f"GET /nulle-part/?q={WORD} HTTP/1.1|{HERE}": 404,
        f"GET /nulle-part/%3Fq={WORD} HTTP/1.1|{HERE}": 404,
        f"GET /panne/?q={WORD} HTTP/1.1|{HERE}": 500,
        f"POST /panne/ HTTP/1.1|{HERE}|{TYPED}": 500,
        f"GET /hors-de-django/?q={WORD} HTTP/1.1|{HERE}": 500,
        f"GET /hors-de-django/verification/{LINK}/?q={WORD} HTTP/1.1|{HERE}": 500,
        f"GET /hors-de-django/verification%2F{LINK}%2F%3F?q={WORD} HTTP/1.1|{HERE}": 500,
        f"GET /verification/{LINK}/ HTTP/1.1|{HERE}": 410,
        f"GET /en/verification/{LINK}/mobilis/ HTTP/1.1|{HERE}": 410,
        f"GET /verification/{LINK} HTTP/1.1|Host: evil.example": 400,
    }
    for request, status in asked.items():
        answer = server.says(*request.split("|"), body=f"q={WORD}" if request.startswith("POST") else "")
        assert re.match(r"HTTP/1\.1 (\d+)", answer)[1] == str(status), (request, answer)
    log = server.stop()
    assert WORD not in log
    assert LINK not in log
    assert "evil" not in log
    lines = [json.loads(line) for line in log.splitlines()]
    assert {len(line["version"]) for line in lines} == {12}
    assert [told(line) for line in lines if line["logger"] != "repertoire.acces"] == [
        *[("django.request", "Not Found: inconnu")] * 2,
        *[("django.request", "Internal Server Error: panne", "builtins.KeyError because of builtins.ValueError")] * 2,
        *[("gunicorn.error", "Error handling request GET …", "builtins.ValueError")] * 3,
        *[("django.request", "Gone: verification"), ("django.request", "Gone: verification-fiche")],
    ]
    asked = [line for line in lines if line["logger"] == "repertoire.acces"]
    assert [(line["method"], line["route"], line["status"]) for line in asked if line["route"] != "robots"] == [
        *[("GET", "inconnu", 400)] * 2,  # another host
        *[("GET", "inconnu", 404)] * 2,
        *[("GET", "panne", 500), ("POST", "panne", 500)],
        *[("GET", "verification", 410), ("GET", "verification-fiche", 410), ("GET", "inconnu", 400)],
    ]


def told(line: dict) -> tuple:
    """What a line says, and the errors that it tells, without the lines of code that they went through."""
    kinds = [row for row in line.get("error", "").splitlines() if row[0] != " "]
    return (line["logger"], line["message"], *[" ".join(kinds)] * bool(kinds))


@pytest.mark.parametrize("path", ["/initiatives/", "/initiatives.json", "/nulle-part/", "/admin/login/"])
def test_python_forgets_the_addresses_that_it_split(client, path):
    client.get(path, {"q": WORD})
    assert urlsplit.cache_info().currsize == 0


def test_a_host_that_is_not_allowed_gets_the_error_page(client):
    """The page is made without asking for the host again, in the discreet mode too."""
    for path in ("/", "/initiatives/?q=fugue", "/initiatives/?discret=1", "/en/aide/", "/initiatives.json"):
        response = client.get(path, headers={"Host": "evil.example"})
        assert response.status_code == 400
        text = response.content.decode()
        assert "evil" not in text
        assert ("erreurs" if ".json" in path else "1 888 933-9007") in text


@pytest.mark.parametrize("path", ["/nulle-part/", "/en/nulle-part/"])
def test_a_failing_error_page_is_a_sentence(client, monkeypatch, path):
    def fails(*args):
        raise KeyError(WORD)

    monkeypatch.setattr(errors, "render_to_string", fails)
    response = client.get(path, {"q": WORD})
    assert (response.status_code, response.headers["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert response.content.decode() == errors.LAST_RESORT


def formatted(message, *args, error=None):
    info = (type(error), error, error.__traceback__) if error else None
    return logs.Discreet("%(message)s").format(logging.LogRecord("django.request", 30, "", 0, message, args, info))


def test_a_line_is_cut_and_a_link_masked():
    assert formatted("%s: %s", "Not Found", f"/x/?q={WORD} et {WORD}") == "Not Found: …"
    assert formatted(f"GET /x%3fq={WORD}\nthe next line") == "GET …\nthe next line"
    assert formatted("%s", f"/en/verification/{LINK}/mobilis/") == "…"


def test_an_error_is_told_by_its_place_and_its_kind():
    try:
        try:
            int(WORD)
        except ValueError:
            raise LookupError(WORD)  # noqa: B904
    except LookupError as error:
        caught = error
    text = formatted("It failed", error=caught)
    assert WORD not in text.replace("int(WORD)", "").replace("(WORD)", "")
    assert [line for line in text.splitlines() if line[0] != " "] == [
        "It failed",
        "builtins.LookupError",
        "because of builtins.ValueError",
    ]
    caught.__context__ = None
    caught.__cause__ = caught  # « raise error from error »
    assert formatted("It failed", error=caught).count("LookupError\n") == 1


def test_another_handler_s_text_of_the_error_is_not_repeated():
    record = logging.LogRecord("x", 40, "", 0, "It failed", (), None)
    record.exc_text = WORD
    assert logs.Discreet("%(message)s").format(record) == "It failed"


def test_a_bad_configuration_is_told_in_its_own_words():
    text = formatted("Exception in worker process", error=ImproperlyConfigured("Set the environment variable X."))
    assert text.endswith("django.core.exceptions.ImproperlyConfigured: Set the environment variable X.")


def test_every_handler_of_the_process_is_discreet():
    """None of Django's own is left: not the mail to administrators, which holds the whole request."""
    loggers = [logging.getLogger(name) for name in ("django", "django.request", "django.server", "django.security.x")]
    handlers = [
        handler for logger in loggers for handler in logger.handlers if "pytest" not in type(handler).__module__
    ]
    assert [type(handler.formatter) for handler in handlers] == [logs.Discreet]


def test_what_is_typed_at_the_workshop_s_door_is_not_logged(client, caplog):
    caplog.set_level(logging.DEBUG)
    assert client.post("/admin/login/", {"username": WORD, "password": WORD}).status_code == 200
    assert WORD not in caplog.text
