"""The fiches near another, from the index: those of `querysets.proches`, in their order."""

from itertools import islice

from initiatives.core.querysets import PROCHES
from initiatives.models import Initiative

from .bits import numeros_of
from .columns import union
from .reading import SHOWN, Index


def nearby(index: Index, initiative: Initiative) -> list[dict]:
    """What is shown of the public fiches near one whose porteurs are known, as `proches` gives it. No query."""
    columns, modalite = index.columns, initiative.modalite
    others = columns.everyone & ~(1 << initiative.numero)
    same = columns.value("modalite", modalite) if modalite else others & ~columns.said["modalite"]
    parente = others & columns.familles.get(initiative.famille, 0) if initiative.famille else 0
    carried = others & ~parente & union(columns.value("porteur", row.pk) for row in initiative.porteurs)
    around = others & ~parente & ~carried & columns.value("region", initiative.region_id)
    around &= union(columns.value("clientele", code) for code in initiative.clienteles)
    of_types = union(columns.value("type", code) for code in initiative.types)
    answers = around & (of_types | same if modalite else of_types)
    found = {"famille": parente, "porteur": carried, "besoin": answers}
    return [
        {"lien": lien, "ecart": ecart, "numero": numero, **dict(zip(SHOWN, index.shown[numero], strict=True))}
        for lien, fiches in found.items()
        for ecart, group in enumerate((fiches & same, fiches & ~same))
        for numero in islice(numeros_of(group), PROCHES)
    ]
