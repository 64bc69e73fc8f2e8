"""What a first visit weighs over the wire, and that what is compressed is the same page."""

import gzip
import re

import brotli
import pytest
from django.contrib.staticfiles import finders

pytestmark = pytest.mark.django_db


def over_the_wire(visitor, path):
    """(bytes, address) of the page and of each file that it asks for, with Brotli."""
    response = visitor.get(path, HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    assert response.headers["Content-Encoding"] == "br"
    page = brotli.decompress(response.content).decode()
    files = re.findall(r'<link rel="(?:icon|stylesheet)" href="/static/([^"]+)"|src="/static/([^"]+)"', page)
    weights = [(len(response.content), path)]
    for name in dict.fromkeys(first or second for first, second in files):
        with open(finders.find(name), "rb") as file:
            weights.append((len(brotli.compress(file.read())), name))
    return weights


@pytest.mark.parametrize(
    ("path", "most"),
    [("/", 40_000), ("/en/", 40_000), ("/initiatives/", 45_000), ("/initiatives/?f=54&f=141&region=montreal", 45_000)],
)
def test_weight(visitor, path, most):
    weights = over_the_wire(visitor, path)
    total = sum(weight for weight, _name in weights)
    print(f"{path}: {total} bytes in {len(weights)} requests", weights)  # noqa: T201
    assert total <= most
    assert 4 <= len(weights) <= 6


@pytest.mark.parametrize("path", ["/", "/initiatives/?q=fugue", "/initiatives.json", "/initiatives/mobilis/"])
def test_compressed_and_plain_say_the_same(visitor, path):
    plain = visitor.get(path)
    assert "Content-Encoding" not in plain.headers
    for name, decompress in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        for _again in range(2):  # the second from memory
            answer = visitor.get(path, HTTP_ACCEPT_ENCODING=name)
            assert answer.headers["Content-Encoding"] == name
            assert "Accept-Encoding" in answer.headers["Vary"]
            assert answer.headers["Content-Type"] == plain.headers["Content-Type"]
            assert decompress(answer.content) == plain.content
    assert "Content-Encoding" not in visitor.get(path, HTTP_ACCEPT_ENCODING="zstd, identity").headers
