"""Addresses that name a thing, the same in both languages: those of its French page."""

from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from initiatives.core.addresses import absolute


def iri(name: str, *args: str, part: str = "") -> str:
    """The address of a page of this name; `part`: of what is in it."""
    return absolute(french_path(name, args)) + (f"#{part}" if part else "")


@cache
def pattern(name: str, number: int) -> str:
    marks = [f"marque-{place}" for place in range(number)]
    with override(settings.LANGUAGE_CODE):
        return reverse(name, args=marks)


def french_path(name: str, args: tuple[str, ...]) -> str:
    path = pattern(name, len(args))
    for place, value in enumerate(args):
        path = path.replace(f"marque-{place}", value)
    return path
