"""Where a request comes from: what proxies write, well or badly, and what visitors forge."""

import pytest
from django.test import RequestFactory

from initiatives.hearing import client


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("192.0.2.7:5678", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("[::ffff:192.0.2.7]:443", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:DB8:1:2::", "2001:db8:1:2::"),
        ("2001:db8:1:2ff::1", "2001:db8:1:2ff::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("[2001:db8:1:2:3:4:5:6]", "2001:db8:1:2::"),
        ("[2001:db8:1:2:3:4:5:6]:5", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("[fe80::1%eth0]:5", "fe80::"),
        *(
            (bad, None)
            for bad in ("", "unknown", "_mascarade", "999.0.2.1", "192.0.2", "192.0.2.7:x", "[::1", "[]", "é")
        ),
        *(
            (bad, None)
            for bad in ("1" * 5000, "192.0.2.7\n8", "a\nb", "%", "[%]", "::1]:5", "010.0.0.1", "1:2:3:4:5:6:7:8:9")
        ),
    ],
)
def test_an_address_as_proxies_write_it(written, expected):
    assert client.place(written) == expected


@pytest.mark.parametrize(
    ("depth", "told", "expected"),
    [
        (0, "198.51.100.9", "10.0.0.1"),
        (1, None, "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "203.0.113.1, 198.51.100.9", "198.51.100.9"),
        (1, "n'importe quoi, 198.51.100.9:80", "198.51.100.9"),
        (1, "198.51.100.9, n'importe quoi", "10.0.0.1"),
        (1, "198.51.100.9,", "10.0.0.1"),
        (2, "203.0.113.1, 198.51.100.9, 192.0.2.7", "198.51.100.9"),
        (2, "192.0.2.7", "10.0.0.1"),
        (2, "2001:db8::5, 192.0.2.7", "2001:db8::"),
    ],
)
def test_only_our_proxies_are_believed(depth, told, expected, settings):
    settings.PROXY_DEPTH = depth
    headers = {} if told is None else {"HTTP_X_FORWARDED_FOR": told}
    assert client.address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **headers)) == expected


@pytest.mark.parametrize("connection", ["", "unix:", "@"])
def test_a_connection_without_address_is_one_place(connection):
    assert client.address(RequestFactory().get("/", REMOTE_ADDR=connection)) == "0.0.0.0"  # noqa: S104
