"""Two fiches that are one: the one that stays, the address of the other that leads to it, both histories kept."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from initiatives.core.enums import NatureVersion, Statut
from initiatives.models import Initiative, PaireEcartee

from . import history, moderation, state


@transaction.atomic
def merge(kept: Initiative, other: Initiative, par, motif: str, taken: list[str], confirmed: bool = False) -> None:
    """Merges `other` into `kept`, which takes the values of these fields from it. Raises ValidationError.

    Nothing is lost: the other is archived with its history, and comes back when it is published again.
    """
    if not motif.strip():
        raise ValidationError(_("Dites pourquoi."))
    if kept.pk == other.pk:
        raise ValidationError(_("Une fiche ne se fusionne pas avec elle-même."))
    rows = history.locked(Initiative, [kept.pk, other.pk])
    kept, other = rows[kept.pk], rows[other.pk]
    if kept.fusionnee_dans_id or other.fusionnee_dans_id:
        raise ValidationError(_("L'une des deux est déjà fusionnée."))
    wanted = state.state_of(other)
    with history.change(kept, NatureVersion.FUSION, par, f"{motif.strip()} (n° {other.pk})", always=True) as fiche:
        state.apply_state(fiche, wanted, taken, confirmed)
    with history.change(other, NatureVersion.FUSION, par, f"{motif.strip()} (n° {kept.pk})") as fiche:
        fiche.fusionnee_dans = kept
        fiche.save(update_fields=["fusionnee_dans"])
    if other.statut != Statut.ARCHIVEE:
        moderation.archive(other, par, motif)


def lives_in(former: Initiative) -> Initiative | None:
    """The public fiche that a former one was merged into, through others if need be. A query for each further step."""
    row, seen = former, set()
    while row is not None and row.pk not in seen:
        seen.add(row.pk)
        if row.est_publique:
            return row
        row = row.fusionnee_dans
    return None


def set_aside(a: int, b: int, par) -> None:
    """Remembers that two fiches are not the same."""
    first, second = sorted((a, b))
    PaireEcartee.objects.get_or_create(premiere_id=first, seconde_id=second, defaults={"par": par})
