"""Public addresses: how the slug of a fiche is made."""

import unicodedata
from collections.abc import Container

from django.utils.text import slugify

MAX_LENGTH = 80
LIGATURES = str.maketrans({"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "'": " ", "’": " ", "/": " ", "–": " "})


def plain_slug(text: str, max_length: int = MAX_LENGTH) -> str:
    """The text without accents, in lower case, words joined by hyphens, cut at a word."""
    slug = slugify(unicodedata.normalize("NFC", text).translate(LIGATURES))
    if len(slug) <= max_length:
        return slug
    return slug[: max_length + 1].rpartition("-")[0] or slug[:max_length]


def with_suffix(base: str, *parts: str) -> str:
    """`base` and its distinguishing parts, `base` being shortened so that the whole fits in 80 characters."""
    suffix = "-".join(plain_slug(part) for part in parts if part)
    if not suffix:
        return base
    return f"{plain_slug(base, MAX_LENGTH - len(suffix) - 1)}-{suffix}"


def free_code(text: str, taken: Container[str], max_length: int) -> str:
    """A code that says the text and that nothing has yet: numbered where it must be."""
    base, number = plain_slug(text, max_length) or "sans-nom", 1
    code = base
    while code in taken:
        number += 1
        code = f"{plain_slug(base, max_length - len(str(number)) - 1)}-{number}"
    return code


def assign_slugs(fiches: list[tuple]) -> list[str]:
    """Slugs for fiches given as (titre, porteur bref, region, annee), in the same order.

    A title that occurs once is its own slug. Where it occurs more than once, all its fiches add the porteur; where
    that is not enough, the region too, then the year. The result does not depend on the order of the list.
    """
    candidates = [plain_slug(titre) for titre, *_ in fiches]
    for depth in (1, 2, 3):
        repeated = {slug for slug in candidates if candidates.count(slug) > 1}
        candidates = [
            with_suffix(plain_slug(titre), *[str(part or "") for part in parts[:depth]]) if slug in repeated else slug
            for slug, (titre, *parts) in zip(candidates, fiches, strict=True)
        ]
    return candidates
