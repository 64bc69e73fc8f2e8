"""The headers of every kind of answer, whole: what is missing or added is a failure."""

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory

from initiatives.middleware import PrivacyHeaders
from initiatives.models import Initiative
from initiatives.views import errors, public

from .conftest import OPEN, SECURITY

pytestmark = pytest.mark.django_db

# What says nothing of security: how long, how old, how compressed.
OTHERS = {
    "Content-Length",
    "ETag",
    "Last-Modified",
    "Allow",
    "Retry-After",
    "X-Robots-Tag",
    "Link",
    "X-Request-Id",  # random: tests/test_logs.py
}
PAGE = {"Cache-Control": "no-store", "Content-Type": "text/html; charset=utf-8", "Content-Language": "fr-ca"}
JSON = OPEN | {"Cache-Control": "no-cache", "Content-Type": "application/json", "Content-Language": "fr-ca"}
REFUSED = {"Cache-Control": "no-store", "Content-Type": "application/json", "Content-Language": "fr-ca"}
ATTACHED = {"Content-Disposition": 'attachment; filename="initiatives.csv"', "Content-Type": "text/csv; charset=utf-8"}
PDF = {"Cache-Control": "no-store", "Content-Type": "application/pdf", "Content-Language": "fr-ca"}
SHOWN = {"Content-Disposition": 'inline; filename="mobilis.pdf"'}
NAMELESS = {"Content-Disposition": 'inline; filename="document.pdf"'}
NEUTRAL = {"Content-Disposition": 'attachment; filename="document.csv"', "Cache-Control": "no-store"}
CODE = {"Cache-Control": "no-store", "Content-Type": "image/svg+xml", "Content-Language": "fr-ca"}
NEVER = "no-store"
LANGUAGE = "Accept-Language"
COMPRESSED = "Accept-Encoding, Accept-Language"
COMPRESSED_DATA = {"Vary": "Accept-Encoding"}


def headers(response) -> dict:
    """What an answer, read to its end, says in its headers."""
    b"".join(response)
    return {name: value for name, value in response.headers.items() if name not in OTHERS}


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/", 200, PAGE | {"Vary": COMPRESSED}),
        ("/initiatives/?q=fugue", 200, PAGE | {"Vary": COMPRESSED}),
        ("/proposer/", 200, PAGE | {"Vary": LANGUAGE}),
        ("/nulle-part/", 404, PAGE | {"Vary": LANGUAGE}),
        ("/initiatives/?region=x", 400, PAGE | {"Vary": COMPRESSED}),
        ("/initiatives/?utm_source=x&q=y", 302, PAGE | {"Location": "/initiatives/?q=y"}),
        ("/initiatives", 301, PAGE | {"Location": "/initiatives/"}),
        ("/initiatives.json", 200, JSON | COMPRESSED_DATA),
        ("/initiatives.json?q=fugue", 200, JSON | COMPRESSED_DATA | {"Cache-Control": "no-store"}),
        ("/initiatives.json?q=", 200, JSON | COMPRESSED_DATA | {"Cache-Control": "no-store"}),
        ("/initiatives.json?discret=1", 200, JSON | COMPRESSED_DATA | {"Cache-Control": "no-store"}),
        ("/initiatives.json?region=x", 400, JSON | COMPRESSED_DATA | {"Cache-Control": "no-store"}),
        ("/initiatives/mobilis.json", 200, JSON | COMPRESSED_DATA),
        ("/nulle-part.json", 404, JSON | {"Cache-Control": "no-store"}),
        ("/initiatives.csv", 200, JSON | ATTACHED | COMPRESSED_DATA),
        ("/initiatives.csv?q=fugue", 200, JSON | ATTACHED | COMPRESSED_DATA | {"Cache-Control": "no-store"}),
        ("/initiatives.csv?discret=1", 200, JSON | ATTACHED | NEUTRAL | COMPRESSED_DATA),
        ("/selection.csv?f=54&discret=1", 200, JSON | ATTACHED | NEUTRAL | COMPRESSED_DATA),
        ("/initiatives/mobilis.pdf", 200, PDF | SHOWN),
        ("/initiatives/mobilis.pdf?discret=1", 200, PDF | NAMELESS),
        ("/initiatives/mobilis.svg", 200, CODE | COMPRESSED_DATA),
        ("/selection.svg?f=54", 200, CODE | COMPRESSED_DATA),
        ("/initiatives.pdf?region=x", 400, REFUSED),
    ],
)
def test_public_answers(client, path, status, said):
    response = client.get(path)
    assert response.status_code == status
    assert headers(response) == SECURITY | said


def test_a_method_refused(client):
    response = client.delete("/initiatives.json")
    assert response.status_code == 405
    assert headers(response) == JSON | {"Cache-Control": "no-store"}
    assert headers(client.delete("/initiatives/")) == SECURITY | PAGE | {"Vary": LANGUAGE}


def test_a_page_that_fails(monkeypatch):
    monkeypatch.setattr(public, "data_version", lambda: 1 / 0)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert headers(response) == SECURITY | PAGE | {"Vary": LANGUAGE}


def test_the_last_resort_is_not_kept_either(client, monkeypatch):
    monkeypatch.setattr(errors, "render_to_string", lambda *args: 1 / 0)
    said = PAGE | {"Content-Type": "text/plain; charset=utf-8"}
    assert headers(client.get("/nulle-part/")) == SECURITY | said


def test_a_host_that_is_not_allowed(client):
    said = {"Cache-Control": "no-store", "Content-Type": "text/html; charset=utf-8"}
    response = client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert {name: response.headers[name] for name in SECURITY | said} == SECURITY | said


def test_the_workshop(client, workshop):
    """Under no-referrer a browser would send « Origin: null » with its forms, and Django would refuse them."""
    for response in (client.get("/admin/login/"), workshop.get("/admin/"), workshop.get("/admin/nulle-part/")):
        assert {name: response.headers[name] for name in SECURITY} == SECURITY | {"Referrer-Policy": "same-origin"}
        assert response.headers["Cache-Control"] == "no-store"
    for path in ("/administration/", "/en/admin/", "/nulle-part/admin/"):
        assert client.get(path).headers["Referrer-Policy"] == "no-referrer"


def test_a_plain_address_is_led_to_https_with_the_same_headers(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/initiatives/?q=fugue")
    assert response.status_code == 301
    assert headers(response) == SECURITY | {
        "Cache-Control": "no-store",
        "Content-Type": "text/html; charset=utf-8",
        "Location": "https://testserver/initiatives/?q=fugue",
    }


def test_a_static_file(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    response = Client().get("/static/css/site.css")
    said = {"Cache-Control": "max-age=60, public", "Content-Type": 'text/css; charset="utf-8"'}
    assert headers(response) == SECURITY | said | {"Access-Control-Allow-Origin": "*"}  # whitenoise's own
    response.close()


DATA = ["/initiatives.json", "/initiatives.csv", "/initiatives/mobilis.json", "/robots.txt", "/sitemap.xml"]


@pytest.mark.parametrize("path", [*DATA, "/initiatives/mobilis.pdf", "/initiatives.json?q=fugue"])
@pytest.mark.parametrize("tag", ["its own", "*"])
def test_nothing_new_says_how_it_may_be_kept(client, path, tag):
    whole = client.get(path)
    said = headers(whole)
    again = client.get(path, headers={"If-None-Match": whole.headers["ETag"] if tag == "its own" else tag})
    assert (again.status_code, again.content) == (304, b"")
    left_out = {"Content-Type", "Content-Disposition"}
    assert headers(again) == {name: value for name, value in said.items() if name not in left_out}
    assert again.headers["ETag"] == whole.headers["ETag"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/initiatives/jamais-vue.json", 404),
        ("/initiatives/jamais-vue.pdf", 404),
        ("/initiatives.json?region=x", 400),
        ("/initiatives.csv?page=99", 404),
        ("/initiatives.pdf?region=x", 400),
        ("/selection.csv", 400),
    ],
)
def test_only_what_would_be_found_may_be_unchanged(client, path, status):
    response = client.get(path, headers={"If-None-Match": "*"})
    assert response.status_code == status
    assert "ETag" not in response.headers


def test_an_unpublished_fiche_is_not_unchanged(client):
    tag = client.get("/initiatives/mobilis.json").headers["ETag"]
    Initiative.objects.filter(slug="mobilis").update(statut="archivee")
    for asked in (tag, "*"):
        assert client.get("/initiatives/mobilis.json", headers={"If-None-Match": asked}).status_code == 410


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;Q=1", "gzip"),
        ("br;q=0", ""),
        ("br;q=0.000, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br ; q = 0.9, gzip;q=0.9", "br"),
        ("*", "br"),
        ("*;q=0", ""),
        ("*, br;q=0", "gzip"),
        ("gzip;q=0, *;q=0.1", "br"),
        ("identity", ""),
        ("identity;q=0", ""),
        ("identity;q=0, br;q=0.1", "br"),
        ("identity;q=0.5, br;q=0.4", ""),
        ("identity;q=0.5, br;q=0.5", "br"),
        ("br;q=nan", ""),
        ("br;q=2", ""),
        ("br;q=, gzip", "gzip"),
        (";;,,", ""),
        ("", ""),
    ],
)
def test_the_compression_is_the_one_that_the_client_likes(client, accepted, encoding):
    answer = client.get("/initiatives/", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding", "") == encoding
    assert answer.headers["Vary"] == COMPRESSED


@pytest.mark.parametrize(("method", "body"), [("HEAD", b""), ("GET", b"abc")])
def test_the_head_of_an_answer_has_no_body(method, body):
    """As the server is given it: a body would be dropped with a line in the log, at each look of who watches."""
    response = PrivacyHeaders(lambda request: HttpResponse("abc"))(RequestFactory().generic(method, "/aide/"))
    assert response.content == body
    assert response.headers.get("Content-Length", "3") == "3"
