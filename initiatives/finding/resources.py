"""The resources that hold all the words of what somebody typed, in either language: exact, and from memory."""

from initiatives.core.versioned import remembered
from initiatives.models import Ressource

from .filters import MAX_QUERY_LENGTH
from .search.words import COURTESY, FUNCTION_WORDS, GENERIC, plain, split_words, stem

SAID = ("titre_fr", "titre_en", "auteur", "quoi_fr", "quoi_en")
SILENT = FUNCTION_WORDS | COURTESY | GENERIC


def matching(text: str, version: int | None) -> set[str]:
    """The slugs of those that hold every telling word of a text; none where it has no such word. One query, once for a
    version of the data.
    """
    words = [word for word in split_words(text[:MAX_QUERY_LENGTH]) if plain(word) not in SILENT]
    wanted = {stem(word) for word in words}
    if not wanted:
        return set()
    known = remembered("ressources, mots", version, read)
    return {slug for slug, held in known.items() if wanted <= held}


def read() -> dict[str, set[str]]:
    """The stems of each resource that is shown. One query."""
    rows = Ressource.objects.affichees().values_list("slug", *SAID)
    return {slug: {stem(word) for text in texts for word in split_words(text)} for slug, *texts in rows}
