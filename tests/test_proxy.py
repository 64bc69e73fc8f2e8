"""Behind a real proxy: the nginx lines of deploy/ as they stand there, and gunicorn's processes together."""

import http.client
import os
import re
import secrets
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User

from initiatives.hearing import questionnaire
from initiatives.hearing.contributions import PER_HOUR
from initiatives.keeping.spreadsheet import MAX_BYTES
from initiatives.models import Signalement
from initiatives.views.public import MAX_FORM_BYTES

from .production import GUNICORN, ROOT, ask, collect_static_files, database_address, free_port, serving
from .sessions import committing

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
REPORT = "/initiatives/les-survivantes/signaler/"
IMPORT = "/admin/initiatives/initiative/importer/"
PASSWORD = "un long mot de passe 42"  # noqa: S105

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def committed(db):
    with committing():
        yield


@pytest.fixture(scope="module")
def gunicorn(django_db_setup):
    """The public group of the site as gunicorn serves it behind one proxy, on the database of the tests: its port."""
    with started("public") as port:
        yield port


@pytest.fixture(scope="module")
def atelier(django_db_setup):
    """The other group."""
    with started("atelier") as port:
        yield port


@contextmanager
def started(group):
    collect_static_files()
    variables = {
        "REPERTOIRE_ENV": "development",
        "DJANGO_SETTINGS_MODULE": "tests.quick_settings",
        "DATABASE_URL": database_address(),
        "SECRET_KEY": site.SECRET_KEY,
        "SECOND_FACTOR": "0",
        "BEHIND_HTTPS_PROXY": "1",
        "PROXY_DEPTH": "1",
        "WEB_PROCESSES": "2",
        "DATABASE_POOL": "4",
        "PORT": str(free_port()),
        "PROCESS_GROUP": group,
        "RESERVE": "none",
    }
    with serving(int(variables["PORT"]), sys.executable, *GUNICORN, **variables):
        yield int(variables["PORT"])


def delivered(port: int, upstreams: tuple[int, int], folder) -> str:
    """What deploy/nginx holds, on the ports of the test, in plain http and with its logs here."""
    files = (ROOT / "deploy/nginx/upstreams.conf", ROOT / "deploy/nginx/repertoire.conf")
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    text = re.sub(r"ssl_certificate.*", "", text)
    for times, asked, here in (
        (1, "listen 443 ssl", f"listen 127.0.0.1:{port}"),
        (1, "listen 80", f"listen 127.0.0.1:{free_port()}"),
        (2, "/var/log/nginx/repertoire.log", f"{folder}/error.log"),
        (1, "127.0.0.1:8000", f"127.0.0.1:{upstreams[0]}"),
        (1, "127.0.0.1:8001", f"127.0.0.1:{upstreams[1]}"),
    ):
        assert text.count(asked) == times
        text = text.replace(asked, here)
    return text


@pytest.fixture
def nginx(tmp_path):
    """Starts a private nginx before this port, and gives its own. It writes in the folder of the test alone."""
    if NGINX is None:
        pytest.skip("nginx is not installed: apt-get install nginx")
    with ExitStack() as running:

        def start(*upstreams, level="emerg"):
            port = free_port()
            folder = tmp_path / str(port)
            folder.mkdir()
            kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            (folder / "nginx.conf").write_text(
                "\n".join(
                    [
                        *(["user root;"] if os.geteuid() == 0 else []),
                        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/start.log emerg;",
                        "events {} http {",
                        *(f"{kind}_temp_path {folder}/{kind};" for kind in kinds),
                        delivered(port, upstreams, folder).replace(" emerg;", f" {level};"),
                        "}",
                    ]
                )
            )
            command = (NGINX, "-p", str(folder), "-e", f"{folder}/start.log", "-c", f"{folder}/nginx.conf")
            running.enter_context(serving(port, *command))
            return port

        yield start


def report(port, **request):
    """The status of a report sent by somebody who took the time to read."""
    token = questionnaire.new_token()
    suivi = questionnaire.sign_token(token | {"debut": token["debut"] - 60})
    return ask(port, REPORT, {"suivi": suivi, "raisons": "autre", "texte": "Un essai"}, **request)[0]


def log_in(port, password, **request):
    page = ask(port, "/admin/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page[1])[1]
    cookie = page[2]["Set-Cookie"].partition(";")[0]
    data = {"username": "editrice", "password": password, "csrfmiddlewaretoken": token, "next": "/admin/"}
    return ask(port, "/admin/login/", data, Cookie=cookie, **request)[0]


def forged(n):
    return {"X-Forwarded-For": f"198.51.100.{n}", "X-Forwarded-Proto": "https"}


def test_the_processes_of_gunicorn_count_together(gunicorn):
    """Two hundred at once, from sixteen places: ten of each are kept by two processes, and no more."""
    places = [f"198.51.100.{n % 16}" for n in range(200)]
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda place: report(gunicorn, **{"X-Forwarded-For": place}), places))
    assert sorted(statuses) == [302] * 16 * PER_HOUR + [429] * (200 - 16 * PER_HOUR)
    assert Signalement.objects.count() == 16 * PER_HOUR


def test_the_nginx_of_the_docs(nginx, gunicorn, atelier, client, tmp_path):
    """One start for the five: each has its own addresses."""
    User.objects.create_superuser("editrice", password=PASSWORD)
    port = nginx(gunicorn, atelier)
    each_group_answers_what_is_its_own(port, gunicorn, atelier)
    a_visitor_is_its_own_address_whatever_it_claims(port)
    wrong_passwords_close_the_account_to_one_address(port)
    the_largest_spreadsheet_passes(port, client)
    no_search_stays_in_what_nginx_writes(port, nginx(free_port(), free_port()), tmp_path)


def each_group_answers_what_is_its_own(nginx, public, atelier):
    """Everything through the proxy; by itself, neither takes what is the other's."""
    pages = ("/", "/initiatives/mobilis/", "/initiatives.json", "/en/initiatives/")
    slow = ("/admin/login/", "/initiatives/mobilis.pdf", "/en/initiatives.csv", "/donnees/repertoire.zip")
    for path in (*pages, *slow, "/sante/", "/sante/pret/"):
        assert exchange(nginx, path) == 200
    assert {exchange(atelier, path) for path in pages} == {exchange(public, path) for path in slow} == {421}
    assert {exchange(group, "/sante/") for group in (public, atelier)} == {200}


def exchange(port, path) -> int:
    """The status of an address asked over what the proxy says is https."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"X-Forwarded-For": "198.51.100.200", "X-Forwarded-Proto": "https"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def a_visitor_is_its_own_address_whatever_it_claims(nginx):
    statuses = [report(nginx, origin="127.0.0.2", **forged(n)) for n in range(PER_HOUR + 1)]
    assert statuses == [302] * PER_HOUR + [429]
    assert report(nginx, origin="127.0.0.3") == 302
    for nonsense in ("n'importe quoi", "", "[", "::::", "1" * 3000):
        assert report(nginx, origin="127.0.0.4", **{"X-Forwarded-For": nonsense}) == 302


def wrong_passwords_close_the_account_to_one_address(nginx):
    statuses = [log_in(nginx, "faux", origin="127.0.0.5", **forged(n)) for n in range(6)]
    assert statuses == [200] * 4 + [429] * 2
    assert log_in(nginx, PASSWORD, origin="127.0.0.5") == 429
    assert log_in(nginx, PASSWORD, origin="127.0.0.6") == 302


def the_largest_spreadsheet_passes(nginx, client):
    """The site's own limit is told by the site; nginx refuses what is far beyond."""
    client.force_login(User.objects.get(username="editrice"))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(IMPORT).content.decode())[1]
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    mark = secrets.token_hex(16)
    headers = {"Cookie": cookie, "Content-Type": f"multipart/form-data; boundary={mark}"}

    def send(size):
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n',
            f'--{mark}\r\nContent-Disposition: form-data; name="fichier"; filename="a.csv"\r\n\r\n{"x" * size}\r\n',
            f"--{mark}--\r\n",
        ]
        return ask(nginx, IMPORT, "".join(parts), **headers)

    status, page, _headers = send(MAX_BYTES)
    assert (status, "dépasse 5 Mo" in page) == (200, False)
    status, page, _headers = send(MAX_BYTES + 1)
    assert (status, "dépasse 5 Mo" in page) == (200, True)
    assert send(7_000_000)[0] == 413


def no_search_stays_in_what_nginx_writes(nginx, alone, folder):
    """Nor when nobody stands behind it, which is what a proxy complains of."""
    assert ask(nginx, "/initiatives/?q=fugueuse")[0] == 200
    assert ask(alone, "/initiatives/?q=fugueuse")[0] == 502
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in written].count("error.log") == 2
    assert [path for path in written if b"fugueuse" in path.read_bytes()] == []


def test_what_a_visitor_writes_is_in_no_file_of_nginx(nginx, tmp_path):
    """Not for the moment that it takes to pass on either: nginx tells, at a level that the site does not use."""
    port = nginx(free_port(), free_port(), level="warn")
    assert ask(port, REPORT, {"texte": "é" * (MAX_FORM_BYTES // 6 - 10)})[0] == 502
    log = (tmp_path / str(port) / "error.log").read_text(encoding="utf-8")
    assert "Connection refused" in log
    assert "temporary file" not in log
