"""HSDS's attributes: what of a record has no field of its own there."""

from collections.abc import Iterable

from ..identifiers import identifier
from .taxonomies import Taxonomy, Vocabulary


def of_terms(
    entity: str, link: str, link_type: str, taxonomy: Taxonomy, codes: Iterable[str], vocabulary: Vocabulary
) -> list[dict]:
    """An attribute for each code of a record; a code that its list has lost is left out."""
    found = []
    for code in codes:
        term = vocabulary.term(taxonomy, code)
        if term is not None:
            key = identifier("attribute", link, taxonomy.code, code)
            said = {"id": key, "link_id": link, "link_entity": entity, "link_type": link_type}
            found.append(said | {"taxonomy_term_id": term["id"], "taxonomy_term": term})
    return found


def said(entity: str, link: str, link_type: str, label: str, value: str, rank: int | None = None) -> dict:
    """An attribute in words; `rank`, of one of several."""
    key = identifier("attribute", link, link_type, *(() if rank is None else [rank]))
    return {
        "id": key,
        "link_id": link,
        "link_entity": entity,
        "link_type": link_type,
        "label": label,
        "value": value,
    }
