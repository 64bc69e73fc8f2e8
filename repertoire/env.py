"""Typed reading of environment variables. A bad value stops the start with one sentence that says what to set."""

import ipaddress
import os
import re
import sys
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*", re.IGNORECASE)


@contextmanager
def or_stop(code: int = 1):
    """Whatever is misconfigured inside ends the process with `code` and its sentence, without a traceback."""
    try:
        yield
    except ImproperlyConfigured as error:
        sys.stderr.write(f"Configuration: {' '.join(str(error).split())}\n")
        sys.exit(code)


def refuse(name: str, wanted: str, value: str = ""):
    """Raises ImproperlyConfigured. `value` is shown, shortened: leave it out when it may hold a secret."""
    shown = f", not {value[:80]!r}" if value else ""
    raise ImproperlyConfigured(f"{name} must be {wanted}{shown} (see docs/operations.md).")


def text(name: str, default: str | None = None) -> str:
    """The variable, or `default`; with no default an absent or empty variable is an ImproperlyConfigured."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"Set the environment variable {name} (see docs/operations.md).")
    return default


def boolean(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        refuse(name, "0 or 1", value)
    return value in {"1", "true", "yes"}


def integer(name: str, default: int, least: int, most: int) -> int:
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        refuse(name, f"a whole number from {least} to {most}", value)
    return int(value)


def choice(name: str, default: str, choices: list[str]) -> str:
    value = text(name, default)
    if value not in choices:
        refuse(name, f"one of {', '.join(choices)}", value)
    return value


def words(name: str, default: str | None = None) -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str, default: str | None) -> str:
    """A key that nobody guesses: the lengths are those of Django's own check, here for every way to start."""
    value = text(name, default)
    if len(value) < 50 or len(set(value)) < 5:
        refuse(name, "50 random signs or more: python3 -c 'import secrets; print(secrets.token_urlsafe(60))'")
    return value


def is_host(value: str) -> bool:
    """A name, an IPv4 address, or an IPv6 address in brackets; no port."""
    if value.startswith("["):
        try:
            return value.endswith("]") and bool(ipaddress.IPv6Address(value[1:-1]))
        except ValueError:
            return False
    return bool(HOST.fullmatch(value))


def hosts(name: str, default: str | None) -> list[str]:
    """Host names separated by commas; one that begins with a dot means its subdomains too."""
    value = text(name, default)
    found = words(name, default)
    if not found or not all(is_host(host.removeprefix(".")) for host in found):
        refuse(name, "host names without scheme nor port, separated by commas", value)
    return found


def is_url(value: str, schemes: tuple[str, ...], path: bool) -> bool:
    """An absolute address without credentials; with `path` false, of a whole site. Raises nothing."""
    if not re.fullmatch(r"[!#-;=?-\[\]_a-z~]+", value):  # printable ASCII that no page nor header need escape
        return False
    try:
        parts = urlsplit(value)
        host = parts.netloc.removesuffix(f":{parts.port}") if parts.port else parts.netloc
    except ValueError:
        return False
    whole = path or not (parts.path.strip("/") or parts.query or parts.fragment)
    return parts.scheme in schemes and is_host(host) and whole


def url(name: str, default: str | None, *schemes: str, path: bool = False) -> str:
    """An address that pages or e-mails lead to, `default` as in `text`; that of a whole site comes without its last
    slash.
    """
    value = text(name, default)
    if not is_url(value, schemes, path):
        what = "an address" if path else "the address of a whole site"
        refuse(name, f"{what} that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}", value)
    return value if path else value.rstrip("/")


def origins(name: str, default: str) -> list[str]:
    """Origins that forms may come from, separated by commas; `*.` stands for any subdomain."""
    found = words(name, default)
    if not all(is_url(origin.replace("://*.", "://"), ("https", "http"), path=False) for origin in found):
        refuse(name, "origins such as https://repertoire.example, separated by commas", text(name, default))
    return found


def binding(name: str, default: str) -> str:
    """Where to listen: host:port, or unix:/path."""
    value = text(name, default)
    host, _colon, port = value.rpartition(":")
    if re.fullmatch(r"unix:/\S+", value):
        return value
    if not (is_host(host) and re.fullmatch(r"[0-9]{1,5}", port) and 1 <= int(port) <= 65535):
        refuse(name, "host:port with a port from 1 to 65535, or unix:/path", value)
    return value


def line(name: str) -> str:
    """Words on one line, 200 signs at most; none by default."""
    value = text(name, "")
    if len(value) > 200 or not value.isprintable():
        refuse(name, "words on one line, 200 signs at most", value)
    return value


def day(name: str) -> date | None:
    """A day that is not to come, such as 2026-11-28; none by default."""
    value = text(name, "")
    try:
        found = date.fromisoformat(value) if value else None
    except ValueError:
        found = date.max
    if found and not (re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) and found <= date.today()):
        refuse(name, "a day that is not to come, written as 2026-11-28", value)
    return found


def email(name: str) -> str:
    """An address to write to; none by default."""
    value = text(name, "")
    try:
        validate_email(value or "nobody@example.org")
    except ValidationError:
        refuse(name, "an e-mail address: repertoire@example.org", value)
    return value


def emails(name: str) -> list[str]:
    """Addresses to write to, separated by commas; none by default."""
    found = words(name, "")
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            refuse(name, "e-mail addresses, separated by commas: one@example.org,two@example.org", address)
    return found


def telephone(name: str) -> str:
    """A telephone number as people write it; none by default."""
    value = text(name, "")
    if value and not re.fullmatch(r"[0-9+(][0-9 ().-]{5,25}[0-9](, (poste|ext\.) [0-9]{1,8})?", value):
        refuse(name, "a telephone number, such as 1 888 933-9007", value)
    return value


def sender(name: str, default: str) -> str:
    """Who an e-mail is from: an address, or `Name <address>`."""
    value = text(name, default)
    named = re.fullmatch(r"[^<>\r\n]+ <([^<>\s]+)>", value)
    try:
        validate_email(named[1] if named else value)
    except ValidationError:
        refuse(name, "an e-mail address, or a name and an address: Répertoire <repertoire@example.org>", value)
    return value


def contacts(name: str) -> list[str]:
    """Addresses to write to (https: or mailto:), separated by commas; none by default."""
    found = words(name, "")
    for contact in found:
        if not (is_url(contact, ("https",), path=True) or re.fullmatch(r"mailto:[^\s@<>,]+@[a-z0-9.-]+", contact)):
            refuse(name, "mailto: or https:// addresses, separated by commas", contact)
    return found
