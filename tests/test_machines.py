"""What machines read of the site beside its data."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

ADDRESS = "/.well-known/security.txt"


@pytest.fixture
def contacts(settings):
    settings.SITE_URL = "https://repertoire.example"
    settings.SECURITY_CONTACT = ["mailto:securite@example.org", "https://example.org/securite"]


def test_security_txt_says_whom_to_tell(contacts):
    """RFC 9116, without any query: it answers when the database does not."""
    answer = Client().get(ADDRESS)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    lines = answer.content.decode().splitlines()
    expires = lines.pop(2)
    assert lines == [
        "Contact: mailto:securite@example.org",
        "Contact: https://example.org/securite",
        "Preferred-Languages: fr, en",
        "Canonical: https://repertoire.example/.well-known/security.txt",
    ]
    name, value = expires.split(": ")
    until = datetime.fromisoformat(value)
    assert name == "Expires"
    assert timedelta(days=90) < until - timezone.now() < timedelta(days=365)
    assert answer.content.endswith(b"\n")


def test_security_txt_is_absent_where_nobody_is_named():
    assert Client().get(ADDRESS).status_code == 404


def test_security_txt_is_only_read(contacts):
    assert Client().head(ADDRESS).status_code == 200
    assert Client().post(ADDRESS).status_code == 405
