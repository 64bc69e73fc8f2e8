"""The start: a missing or bad variable is one sentence that names it, whatever starts; the docs name them all."""

import ast
import re
import runpy
from datetime import date

import pytest

from repertoire import env

from .production import GUNICORN, PRODUCTION, ROOT, environment, manage, run

BAD = [
    ("REPERTOIRE_ENV", "staging"),
    ("SECRET_KEY", "abc"),
    ("SECRET_KEY", "a" * 60),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", ","),
    ("ALLOWED_HOSTS", "https://repertoire.example"),
    ("ALLOWED_HOSTS", "repertoire.example:443"),
    ("ALLOWED_HOSTS", "[::1"),
    ("DATABASE_URL", "mysql://user:motdepasse@x/y"),
    ("DATABASE_URL", "postgresql://host"),
    ("DATABASE_URL", "postgresql://host:port/name"),
    ("DATABASE_URL", "postgresql://host:99999/name"),
    ("DATABASE_POOL", "0"),
    ("DATABASE_POOL", "many"),
    ("DATABASE_TIMEOUT", "0"),
    ("DATABASE_POOLER", "statement"),
    ("DATABASE_READ_URL", "postgresql://one"),
    ("DATABASE_READ_URL", "postgresql://u@one:port/name"),
    ("DATABASE_TIMEOUT", "-1"),
    ("SECURE_SSL_REDIRECT", "perhaps"),
    ("SECURE_HSTS_SECONDS", "-1"),
    ("SECURE_HSTS_SECONDS", "9" * 5000),
    ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "2"),
    ("SECURE_HSTS_PRELOAD", "1"),
    ("SECOND_FACTOR", "0"),
    ("WEB_PROCESSES", "0"),
    ("WEB_THREADS", "0"),
    ("WEB_THREADS", "1000000"),
    ("PORT", "99999"),
    ("PORT", "0"),
    ("BIND", "127.0.0.1"),
    ("BIND", "127.0.0.1:99999"),
    ("BIND", "unix:"),
    ("BEHIND_HTTPS_PROXY", "1"),
    ("PROXY_DEPTH", "-1"),
    ("PROXY_DEPTH", "1000"),
    ("LOG_LEVEL", "LOUD"),
    ("QUICK_EXIT_URL", "javascript:alert(1)"),
    ("QUICK_EXIT_URL", "https://"),
    ("QUICK_EXIT_URL", "https://user:word@example.org/"),
    ("QUICK_EXIT_URL", 'https://example.org/"onclick='),
    ("SITE_URL", "repertoire.example"),
    ("SITE_URL", "http://repertoire.example"),
    ("SITE_URL", "https://repertoire.example/chemin"),
    ("SITE_URL", "https://repertoire.example:port"),
    ("SITE_URL", "https://[::1"),
    ("CSRF_TRUSTED_ORIGINS", "repertoire.example"),
    ("CONTACT_RETENTION_DAYS", "-1"),
    ("CONTACT_RETENTION_DAYS", "1000000000"),
    ("EMAIL_PORT", "99999"),
    ("EMAIL_USE_TLS", "perhaps"),
    ("DEFAULT_FROM_EMAIL", "Répertoire"),
    ("DEFAULT_FROM_EMAIL", "a@example.org\nBcc: b@example.org"),
    ("EMAIL_PER_MINUTE", "0"),
    ("MINISTRY_NAME", "Un\nDeux"),
    ("MINISTRY_PHONE", "appelez-nous"),
    ("MINISTRY_PHONE", "12345"),
    ("SECURITY_CONTACT", "security@example.org"),
    ("SECURITY_CONTACT", "http://example.org/"),
    ("RUN_BY", "x" * 201),
    ("RUN_BY", "Un\nDeux"),
    ("RUN_BY_EN", "The team"),
    ("RUN_SINCE", "2026"),
    ("RUN_SINCE", "20261128"),
    ("RUN_SINCE", "2026-02-30"),
    ("RUN_SINCE", "2126-01-01"),
    ("METRICS_BIND", "9100"),
    ("METRICS_BIND", "unix:/run/metrics"),
    ("METRICS_BIND", "127.0.0.1:8000"),  # where visitors are
    ("LOG_FORMAT", "xml"),
    ("LOG_REQUESTS", "perhaps"),
    ("SLOW_STATEMENT", "-1"),
    ("ADMINS", "nobody"),
    ("ADMINS", "one@example.org"),  # without EMAIL_HOST
    ("CONTACT_EMAIL", "mailto:info@example.org"),
    ("CONTACT_EMAIL", "info@example.org, autre@example.org"),
]


GIVEN = {"RUN_BY": "L'équipe", "RUN_SINCE": "2026-01-31", "CONTACT_EMAIL": "Info@Example.org"}


@pytest.mark.parametrize(
    ("variables", "security"),
    [
        ({}, ["mailto:Info@Example.org"]),
        ({"SECURITY_CONTACT": "https://example.org/"}, ["https://example.org/"]),
        ({"CONTACT_EMAIL": ""}, []),
    ],
)
def test_who_runs_the_directory_is_read_as_written(read_settings, variables, security):
    found = read_settings(**PRODUCTION | GIVEN | variables)
    assert (found["RUN_BY"], found["RUN_BY_EN"], found["RUN_SINCE"]) == ("L'équipe", "", date(2026, 1, 31))
    assert found["SECURITY_CONTACT"] == security


@pytest.fixture
def read_settings(monkeypatch):
    """The settings as a process with these variables reads them."""

    def read(**variables):
        monkeypatch.setattr("os.environ", environment(**variables))
        return runpy.run_path(str(ROOT / "repertoire/settings.py"))

    return read


def told_once(name, code, output, error):
    """The process ended in failure and said one line, which names the variable and shows no secret."""
    assert code not in (0, None)
    assert output == ""
    assert error.startswith("Configuration: ")
    assert error.count("\n") == 1
    assert re.search(rf"\b{name}\b", error)
    assert "motdepasse" not in error
    assert len(error) < 400


def one_sentence(name, *start, **variables):
    result = run(*start, **variables)
    told_once(name, result.returncode, result.stdout, result.stderr)
    return result.stderr


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_refused(name, value, read_settings, capsys):
    with pytest.raises(SystemExit) as stop, env.or_stop():
        read_settings(**PRODUCTION | {name: value})
    told_once(name, stop.value.code, *capsys.readouterr())


@pytest.mark.parametrize(("name", "value"), dict(BAD).items())
def test_manage_says_it_in_one_sentence(name, value):
    one_sentence(name, "manage.py", "check", **PRODUCTION | {name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("SECRET_KEY", "abc"), ("DATABASE_URL", "mysql://user:motdepasse@x/y"), ("BEHIND_HTTPS_PROXY", "1")],
)
def test_gunicorn_says_it_in_one_sentence(name, value):
    one_sentence(name, *GUNICORN, **PRODUCTION | {name: value})


def test_another_start_of_the_application_says_it_in_one_sentence():
    one_sentence("LOG_LEVEL", "-c", "import repertoire.wsgi", **PRODUCTION | {"LOG_LEVEL": "LOUD"})


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
@pytest.mark.parametrize("start", [["manage.py", "check"], GUNICORN], ids=["manage", "gunicorn"])
def test_production_says_what_to_set(name, start):
    sentence = one_sentence(name, *start, **{key: value for key, value in PRODUCTION.items() if key != name})
    assert f"Set the environment variable {name}" in sentence


@pytest.mark.parametrize("hosts", ["repertoire.example,192.0.2.1", ".repertoire.example"])
def test_production_does_not_guess_where_it_lives(hosts):
    """Whole addresses are identifiers: among several hosts, somebody chooses."""
    sentence = one_sentence("SITE_URL", "manage.py", "check", **PRODUCTION | {"ALLOWED_HOSTS": hosts})
    assert "Set the environment variable SITE_URL" in sentence


def test_a_bad_port_stops_make_run():
    one_sentence("PORT", "manage.py", "serve", REPERTOIRE_ENV="development", PORT="99999")


def test_an_unreachable_database_is_one_sentence():
    result = manage("migrate", **PRODUCTION, DATABASE_TIMEOUT="1")
    assert result.returncode == 1
    assert result.stderr.startswith("The database does not answer; check DATABASE_URL.")
    assert result.stderr.count("\n") == 1


def test_good_values_are_taken(read_settings):
    found = read_settings(
        **PRODUCTION
        | {
            "ALLOWED_HOSTS": ".repertoire.example, 192.0.2.1,[2001:db8::1]",
            "DATABASE_URL": "postgresql://u:p@/name?host=/run/postgresql&port=5433",
            "BIND": "unix:/run/repertoire.sock",
            "BEHIND_HTTPS_PROXY": "1",
            "PROXY_DEPTH": "2",
            "QUICK_EXIT_URL": "https://www.example.org/a?b=c&d",
            "DEFAULT_FROM_EMAIL": "Répertoire, MSSS <repertoire@example.org>",
            "SECURITY_CONTACT": "mailto:securite@example.org, https://example.org/securite",
            "SITE_URL": "https://repertoire.example:8443/",
        }
    )
    assert found["ALLOWED_HOSTS"] == [".repertoire.example", "192.0.2.1", "[2001:db8::1]"]
    assert found["CSRF_TRUSTED_ORIGINS"][0] == "https://*.repertoire.example"
    assert found["BIND"] == "unix:/run/repertoire.sock"
    assert found["PROXY_DEPTH"] == 2
    assert found["SITE_URL"] == "https://repertoire.example:8443"
    assert found["SECURITY_CONTACT"] == ["mailto:securite@example.org", "https://example.org/securite"]


TWO = "postgresql://u:p@one:5432,two:5433/name"


@pytest.mark.parametrize(
    ("variables", "writes", "reads"),
    [
        ({}, "any", {}),
        ({"DATABASE_URL": TWO}, "read-write", {"target_session_attrs": "prefer-standby"}),
        ({"DATABASE_URL": f"{TWO}?target_session_attrs=primary"}, "primary", {}),
        (
            {"DATABASE_URL": "postgresql://u@one/name", "DATABASE_READ_URL": "postgresql://r@two:5434/name"},
            "any",
            {"user": "r", "host": "two", "port": "5434"},
        ),
        (
            {"DATABASE_URL": TWO, "DATABASE_READ_URL": "postgresql://u:p@two:5433/name"},
            "read-write",
            {"host": "two", "port": "5433", "target_session_attrs": "any"},
        ),
    ],
)
def test_where_the_database_is_written_and_read(variables, writes, reads, read_settings):
    options = read_settings(**PRODUCTION | variables)["DATABASES"]["default"]["OPTIONS"]
    assert (options["target_session_attrs"], options["reads"]) == (writes, reads)


def test_behind_a_pooler_nothing_rests_on_a_connection(read_settings):
    found = read_settings(**PRODUCTION | {"DATABASE_POOLER": "transaction"})["DATABASES"]["default"]
    assert (found["DISABLE_SERVER_SIDE_CURSORS"], found["OPTIONS"]["prepare_threshold"]) == (True, None)
    found = read_settings(**PRODUCTION)["DATABASES"]["default"]
    assert (found["DISABLE_SERVER_SIDE_CURSORS"], found["OPTIONS"]["prepare_threshold"]) == (False, 2)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "8765"}, "http://127.0.0.1:8765"),
        ({"PORT": "8765", "BIND": "0.0.0.0:9000"}, "http://127.0.0.1:9000"),
        ({"PORT": "8765", "BIND": "unix:/run/repertoire.sock"}, "http://127.0.0.1:8765"),
        ({"PORT": "8765", "SITE_URL": "http://localhost:1"}, "http://localhost:1"),
        (PRODUCTION | {"PORT": "8765"}, "https://repertoire.example"),
    ],
)
def test_whole_addresses_lead_where_the_site_is(variables, expected, read_settings):
    development = PRODUCTION | {"REPERTOIRE_ENV": "development"}
    assert read_settings(**development | variables)["SITE_URL"] == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "max-age=31536000"),
        ({"SECURE_HSTS_INCLUDE_SUBDOMAINS": "1"}, "max-age=31536000; includeSubDomains"),
        (
            {"SECURE_HSTS_INCLUDE_SUBDOMAINS": "1", "SECURE_HSTS_PRELOAD": "1"},
            "max-age=31536000; includeSubDomains; preload",
        ),
        ({"SECURE_HSTS_SECONDS": "0"}, None),
    ],
)
def test_https_binds_this_site_alone_unless_asked(variables, expected, read_settings, settings, client):
    found = read_settings(**PRODUCTION | variables)
    for name in ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"):
        setattr(settings, name, found[name])
    assert client.get("/sante/", secure=True).headers.get("Strict-Transport-Security") == expected


def read_in_the_code() -> set[str]:
    """Every variable that the code reads: through `env`, or from `os.environ`."""
    found = set()
    for path in [ROOT / "manage.py", *(ROOT / "repertoire").rglob("*.py"), *(ROOT / "initiatives").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
                reads, name = ast.unparse(node.value) == "os.environ", node.slice
            elif isinstance(node, ast.Call) and node.args:
                called = ast.unparse(node.func)
                reads = called in ("os.environ.get", "os.getenv") or re.fullmatch(r"env\.(?!or_stop|refuse)\w+", called)
                name = node.args[0]
            else:
                continue
            if reads and isinstance(name, ast.Constant):
                found.add(name.value)
    return found


def test_the_docs_name_every_variable_that_is_read_and_no_other():
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| *(`[A-Z].*?) *\|", text, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == read_in_the_code()
