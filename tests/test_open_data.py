"""Data as the tools of others read them: from any site, whatever the method, kept in step without asking for all."""

import re
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlencode

import brotli
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date

from initiatives.core.versioned import forget
from initiatives.models import Initiative, VersionDonnees
from initiatives.views import answers, public

from .conftest import DECOMPRESS, OPEN

pytestmark = pytest.mark.django_db

LISTS = ["/initiatives.json", "/initiatives.csv", "/porteurs.json", "/portrait.json", "/portrait.csv"]
WHOLE = ["/donnees/initiatives.json", "/organismes.json", "/organismes/pipq.json", "/regions.json"]
DATA = [*LISTS, *WHOLE, "/initiatives/mobilis.json", "/selection.csv?f=54", "/robots.txt", "/sitemap.xml"]
PAGES = ["/", "/initiatives/", "/initiatives/mobilis/", "/aide/", "/proposer/", "/nulle-part/"]


def opened(response) -> bool:
    """Whether an answer says that any site may read it; closed, it says nothing of the kind."""
    b"".join(response)
    told = {name: value for name, value in OPEN.items() if name.startswith(("Access", "Cross-Origin-Resource"))}
    said = {name: response.headers.get(name) for name in told}
    assert said in (told, dict.fromkeys(told) | {"Cross-Origin-Resource-Policy": "same-origin"})
    return said == told


class TestAnySite:
    @pytest.mark.parametrize("path", [*DATA, "/en/initiatives.json"])
    def test_may_read_data(self, visitor, path):
        answer = visitor.get(path, headers={"Origin": "https://exemple.org"})
        assert (answer.status_code, opened(answer)) == (200, True)
        again = visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, opened(again)) == (304, True)
        assert not {"Content-Type", "Content-Length"} & set(again.headers)
        assert opened(Client().head(path))

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/initiatives.json?region=x", 400),
            ("/initiatives.json?page=99", 404),
            ("/initiatives/jamais-vue.json", 404),
            ("/nulle-part.json", 404),
            ("/en/nulle-part.csv", 404),
            ("/selection.csv", 400),
            ("/initiatives.json?porteur=x", 400),
        ],
    )
    def test_may_read_why_not(self, visitor, path, status):
        answer = visitor.get(path)
        assert (answer.status_code, opened(answer)) == (status, True)
        assert answer.json()["erreurs"][0]["message"]

    def test_may_read_that_a_fiche_is_gone_or_moved(self, visitor):
        Initiative.objects.filter(slug="mobilis").update(statut="archivee")
        answer = visitor.get("/initiatives/mobilis.json")
        assert (answer.status_code, opened(answer)) == (410, True)
        assert answer.json()["erreurs"][0]["message"].startswith("Elle y a été")
        other = Initiative.objects.get(slug="les-survivantes")
        Initiative.objects.filter(slug="mobilis").update(fusionnee_dans=other)
        answer = visitor.get("/initiatives/mobilis.json")
        assert (answer.status_code, answer.url) == (301, "/initiatives/les-survivantes.json")
        assert opened(answer)

    @pytest.mark.parametrize("path", DATA)
    def test_may_read_that_the_database_is_away(self, monkeypatch, path):
        def away():
            raise OperationalError("away")

        monkeypatch.setattr(public, "data_version", away)
        answer = Client().get(path)
        assert (answer.status_code, opened(answer)) == (503, True)
        assert answer.json()["erreurs"][0]["message"]
        assert answer.headers["Retry-After"] == "60"
        assert (Client().options(path).status_code, Client().delete(path).status_code) == (204, 405)

    @pytest.mark.parametrize("path", [*PAGES, "/initiatives/mobilis.pdf", "/initiatives/mobilis.svg", "/sante/"])
    def test_may_not_read_pages(self, client, path):
        assert not opened(client.get(path, headers={"Origin": "https://exemple.org"}))
        assert client.options(path).status_code in (404, 405)

    @pytest.mark.parametrize("path", [*DATA, "/initiatives/jamais-vue.json"])
    def test_may_ask_before(self, path, django_assert_num_queries):
        strict = Client(enforce_csrf_checks=True)
        asked = {"Origin": "https://exemple.org", "Access-Control-Request-Method": "GET"}
        with django_assert_num_queries(0):
            answer = strict.options(path, headers=asked | {"Access-Control-Request-Headers": "if-none-match"})
        assert (answer.status_code, answer.content, opened(answer)) == (204, b"", True)
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
        assert answer.headers["Access-Control-Allow-Headers"] == "If-None-Match, If-Modified-Since"
        assert answer.headers["Access-Control-Max-Age"] == "86400"
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert not {"Content-Type", "Content-Length", "Vary", "Cache-Control"} & set(answer.headers)

    @pytest.mark.parametrize("path", DATA)
    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
    def test_is_told_that_data_are_only_read(self, path, method, django_assert_num_queries):
        strict = Client(enforce_csrf_checks=True)
        with django_assert_num_queries(0):
            answer = getattr(strict, method)(path)
        assert (answer.status_code, opened(answer)) == (405, True)
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert answer.json() == {
            "erreurs": [
                {"parametre": "", "valeur": "", "message": "Ces données se lisent seulement : GET, HEAD, OPTIONS."}
            ]
        }
        assert b"only be read" in getattr(strict, method)("/en/initiatives.json").content


@pytest.mark.parametrize("path", ["/initiatives.json", "/initiatives.csv", "/initiatives.pdf"])
@pytest.mark.parametrize("query", [{"page": 8}, {"page": 2, "region": "gaspesie"}, {"page": 2, "q": "xyzxyz"}])
def test_a_page_past_the_last_is_not_found(visitor, path, query):
    answer = visitor.get(path, query)
    assert answer.status_code == 404
    (error,) = answer.json()["erreurs"]
    assert (error["parametre"], error["valeur"]) == ("page", str(query["page"]))
    assert error["message"].startswith("La liste n'a que")
    page = visitor.get("/initiatives/", query)
    assert (page.status_code, "Voir la liste sans ce critère" in page.content.decode()) == (400, True)
    assert visitor.get(path, query | {"region": "x"}).status_code == 400


class TestWhereTheSiteLives:
    """Every whole address begins with SITE_URL, whatever the host that was asked for."""

    PATHS = (
        *("/initiatives.json?page=2", "/initiatives.csv", "/initiatives/mobilis.json", "/portrait.json"),
        *("/portrait.csv", "/sitemap.xml", "/robots.txt", "/initiatives/mobilis/", "/selection/?f=54", "/initiatives/"),
        *("/initiatives/mobilis.pdf", "/portrait/strategies.svg", "/aide/"),
    )

    @pytest.mark.parametrize("path", PATHS)
    def test_all_say_the_same_under_any_host(self, client, settings, path):
        settings.SITE_URL, settings.ALLOWED_HOSTS = "https://repertoire.example:8443", ["*"]
        found = client.get(path, headers={"host": "intrus.example:99"})
        text = found.getvalue() + found.headers.get("Link", "").encode()
        assert b"https://repertoire.example:8443" in text
        assert b"intrus" not in text
        assert b"testserver" not in text

    def test_the_codes_too(self, client, settings):
        settings.ALLOWED_HOSTS = ["*"]
        for path in ("/initiatives/mobilis.svg", "/selection.svg?f=54"):
            drawn = []
            for site, host in (("a", "testserver"), ("a", "intrus.example"), ("b", "testserver")):
                forget()
                settings.SITE_URL = f"https://{site}.example"
                drawn.append(client.get(path, headers={"host": host}).content)
            assert drawn[0] == drawn[1] != drawn[2]

    def test_what_is_kept_and_its_mark_are_those_of_every_host(self, client, settings, django_assert_num_queries):
        settings.ALLOWED_HOSTS = ["*"]
        tag = client.get("/initiatives.json").headers["ETag"]
        with django_assert_num_queries(1):
            again = client.get("/initiatives.json", headers={"host": "intrus.example", "If-None-Match": tag})
        assert again.status_code == 304


def test_no_whole_address_is_made_elsewhere():
    files = [*Path(settings.BASE_DIR, "initiatives").rglob("*.py"), *Path(settings.BASE_DIR, "templates").rglob("*.*")]
    made = [
        path.name
        for path in files
        if re.search(r"build_absolute_uri|SITE_URL|request\.get_host", path.read_text("utf-8"))
    ]
    assert sorted(made) == ["addresses.py", "site.py"]  # the workshop compares the host, and writes none


class TestPages:
    def links(self, answer) -> dict:
        parts = [part.split("; ") for part in answer.headers["Link"].split(", ")]
        return {rel.removeprefix('rel="').removesuffix('"'): address.strip("<>") for address, rel, *_type in parts}

    def test_each_leads_to_the_others(self, visitor):
        start, seen, links = "http://testserver/initiatives.json?par_page=40&region=montreal", [], {}
        address = start
        while address:
            answer = visitor.get(address.removeprefix("http://testserver"))
            seen += [row["numero"] for row in answer.json()["resultats"]]
            links = self.links(answer)
            assert (links["first"], links["last"]) == (f"{start}&page=1", f"{start}&page=2")
            address = links.get("next")
        assert seen == visitor.numeros(region="montreal")
        assert list(links) == ["prev", "first", "last"]
        assert links["prev"] == f"{start}&page=1"

    def test_one_page_leads_to_itself(self, visitor):
        links = self.links(visitor.get("/en/initiatives.json?region=laval"))
        only = "http://testserver/en/initiatives.json?region=laval&page=1"
        assert links == {"first": only, "last": only}

    def test_a_page_as_csv_does_too_and_the_whole_list_leads_to_its_description_alone(self, visitor):
        links = self.links(visitor.get("/initiatives.csv?par_page=100"))
        assert links["next"] == "http://testserver/initiatives.csv?par_page=100&page=2"
        described = {"describedby": "http://testserver/initiatives.csv-metadata.json"}
        assert self.links(visitor.get("/initiatives.csv")) == described

    def test_nothing_new_leads_to_the_others_too(self, visitor):
        whole = visitor.get("/initiatives.json?par_page=10")
        for _from_memory in range(2):
            again = visitor.get("/initiatives.json?par_page=10", headers={"If-None-Match": whole.headers["ETag"]})
            assert (again.status_code, again.headers["Link"]) == (304, whole.headers["Link"])

    @pytest.mark.parametrize("number", [5, 60, 100])
    def test_no_header_is_longer_than_a_proxy_takes(self, visitor, number):
        slugs = [row["valeur"] for row in visitor.json()["facettes"]["porteur"]][:number]
        answer = visitor.get(f"/initiatives.json?par_page=1&{urlencode([('porteur', slug) for slug in slugs])}")
        assert answer.status_code == 200
        assert len(answer.headers.get("Link", "")) <= 3000
        assert number > 5 or list(self.links(answer)) == ["next", "first", "last"]


class TestLastChange:
    @pytest.fixture
    def changed(self):
        """The data became what they are at this moment; each call a moment later."""
        moment = datetime(2026, 3, 1, 12, 0, 0, 900_000, UTC)

        def change(later: timedelta = timedelta()):
            VersionDonnees.objects.update(modifiee_le=moment + later)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE initiatives_versiondonnees SET numero = numero + 1")
            return http_date(int((moment + later).timestamp()))

        return change

    @pytest.mark.parametrize("path", DATA)
    def test_is_said_without_another_query(self, visitor, path, changed, django_assert_num_queries):
        said = changed()
        assert visitor.get(path).headers["Last-Modified"] == said
        if not visitor.get(path).streaming:
            with django_assert_num_queries(1):
                assert visitor.get(path).headers["Last-Modified"] == said

    @pytest.mark.parametrize("path", DATA)
    def test_what_did_not_change_since_is_not_sent_again(self, visitor, path, changed):
        said = changed()
        answer = visitor.get(path, headers={"If-Modified-Since": said})
        assert (answer.status_code, answer.content, answer.headers["Last-Modified"]) == (304, b"", said)
        earlier = http_date(parsedate_to_datetime(said).timestamp() - 1)
        assert visitor.get(path, headers={"If-Modified-Since": earlier}).status_code == 200

    def test_the_mark_wins_over_the_date(self, visitor, changed):
        said = changed()
        other = visitor.get("/initiatives.json", headers={"If-Modified-Since": said, "If-None-Match": 'W/"autre"'})
        assert other.status_code == 200
        same = {"If-Modified-Since": http_date(0), "If-None-Match": other.headers["ETag"]}
        assert visitor.get("/initiatives.json", headers=same).status_code == 304

    @pytest.mark.parametrize("seconds", [0.0, 0.5, 1.4])
    def test_two_changes_of_one_second_are_two(self, visitor, changed, monkeypatch, seconds):
        """Read between them, the data would otherwise be « not modified » for ever."""
        changed(timedelta(milliseconds=-500))
        moment = datetime(2026, 3, 1, 12, 0, 0, 500_000, UTC).timestamp()
        monkeypatch.setattr(public, "time", lambda: moment + seconds)
        said = visitor.get("/initiatives.json").headers["Last-Modified"]
        changed()
        monkeypatch.setattr(public, "time", lambda: moment + 3600)
        assert visitor.get("/initiatives.json", headers={"If-Modified-Since": said}).status_code == 200

    def test_a_write_moves_it_on(self, visitor, changed):
        before = parsedate_to_datetime(changed())
        Initiative.objects.filter(numero=145).update(titre="Autrement")
        after = parsedate_to_datetime(visitor.get("/initiatives.json").headers["Last-Modified"])
        assert before < after <= timezone.now()

    @pytest.mark.parametrize("path", ["/initiatives/jamais-vue.json", "/initiatives.json?region=x"])
    def test_a_refusal_says_none(self, visitor, path):
        answer = visitor.get(path, headers={"If-Modified-Since": http_date(4e9)})
        assert answer.status_code in (400, 404)
        assert "Last-Modified" not in answer.headers


class TestStream:
    """The CSV of a list, compressed while it is made."""

    def unpacker(self, encoding: str):
        """What reads the pieces of a stream one by one, each to its end."""
        if encoding == "gzip":
            return zlib.decompressobj(wbits=31).decompress
        process = brotli.Decompressor().process  # it gives 32 kB at a time

        def unpack(piece: bytes) -> bytes:
            parts = [process(piece)]
            while parts[-1]:
                parts.append(process(b""))
            return b"".join(parts)

        return unpack

    @pytest.mark.parametrize("encoding", ["gzip", "br"])
    @pytest.mark.parametrize("path", ["/initiatives.csv", "/en/initiatives.csv", "/selection.csv?f=54&f=3"])
    def test_is_the_same_text(self, client, path, encoding):
        plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": encoding})
        assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == (encoding, "Accept-Encoding")
        assert "Content-Encoding" not in plain.headers
        assert plain.headers["Vary"] == "Accept-Encoding"
        body, text = packed.getvalue(), plain.getvalue()
        assert DECOMPRESS[encoding](body) == text
        assert len(body) * (1 if "f=" in path else 4) < len(text)

    @pytest.mark.parametrize("encoding", ["gzip", "br"])
    def test_the_first_lines_are_read_before_the_others_are_made(self, client, encoding, monkeypatch):
        monkeypatch.setattr(answers, "LINES", 50)
        response = client.get("/initiatives.csv", headers={"Accept-Encoding": encoding})
        pieces, unpack = iter(response), self.unpacker(encoding)
        with CaptureQueriesContext(connection) as queries:
            first = unpack(next(pieces))
        assert (len(queries), b'\n"50";' in first, first.endswith(b"\r\n")) == (0, True, True)
        second = unpack(next(pieces))
        assert second.startswith(b'"51";')
        assert second.endswith(b"\r\n")
        assert first + second + b"".join(unpack(piece) for piece in pieces) == client.get("/initiatives.csv").getvalue()

    def test_a_search_is_compressed_and_not_kept(self, client):
        response = client.get("/initiatives.csv?q=fugue", headers={"Accept-Encoding": "gzip"})
        assert (response.headers["Content-Encoding"], response.headers["Cache-Control"]) == ("gzip", "no-store")
        response.getvalue()

    def test_its_head_asks_for_the_first_lines_alone(self, client):
        whole = client.get("/initiatives.csv", headers={"Accept-Encoding": "br"})
        whole.getvalue()
        with CaptureQueriesContext(connection) as queries:
            head = client.head("/initiatives.csv", headers={"Accept-Encoding": "br"})
            assert head.getvalue() == b""
        assert len(queries) == 2
        number = "X-Request-Id"
        assert {**head.headers, number: ""} == {**whole.headers, number: ""}
