"""What is done to several fiches in one gesture: all of it or nothing, kept as a row, and undone for an hour."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.core.cells import whole_number
from initiatives.core.enums import EtatContribution, NatureGeste, Statut
from initiatives.models import Geste, Initiative, Proposition

from . import history, moderation

MOST = 200  # fiches in one gesture
UNDONE_WITHIN = timedelta(hours=1)
# What was done is in the versions for good; what would undo it is kept a little longer than it serves.
KEPT = timedelta(days=1)
STATUS = {
    NatureGeste.PUBLIER: Statut.PUBLIEE,
    NatureGeste.ARCHIVER: Statut.ARCHIVEE,
    NatureGeste.REFUSER: Statut.REFUSEE,
}
# Those by which a fiche leaves, or is not taken.
ENDS = {NatureGeste.ARCHIVER, NatureGeste.REFUSER}
DONE_BY = {
    NatureGeste.VERIFIER: moderation.verify,
    NatureGeste.PUBLIER: moderation.publish,
    NatureGeste.ARCHIVER: moderation.archive,
    NatureGeste.REFUSER: moderation.refuse,
}


def may(user, nature: NatureGeste) -> bool:
    """Whether an account may do this, and hence undo it. A verification decides nothing."""
    right = "decider" if nature in STATUS else "change"
    return user.has_perm(f"initiatives.{right}_initiative") and user.has_perm("initiatives.view_geste")


def why_not(fiche: Initiative, nature: NatureGeste) -> str:
    """Why this cannot be done to a fiche; nothing where it can."""
    return moderation.why_not(fiche, STATUS[nature]) if nature in STATUS else ""


def mark(fiche: Initiative, rang: int | None = None) -> str:
    """A mark of the fiche as it is shown: its last version, and its status. A few queries without `rang`."""
    return f"{fiche.pk}-{rang or history.rank_seen(fiche)}-{fiche.statut}"


@transaction.atomic
def perform(nature: NatureGeste, marks: Iterable[str], par, motif: str) -> Geste:
    """Does this to each fiche of these marks, or to none of them. Raises ValidationError.

    A fiche that is not any more what its mark says stops it: what was read is what is done.
    """
    marks = set(marks)
    if not motif.strip():
        raise ValidationError(_("Dites pourquoi."))
    if not 0 < len(marks) <= MOST:
        raise ValidationError(_("De une à %(n)s fiches à la fois.") % {"n": MOST})
    rows = history.locked(Initiative, {numero(text) for text in marks}).values()
    history.catch_up(*rows)
    last = history.last_versions(Initiative, [fiche.pk for fiche in rows])
    changed = [fiche for fiche in rows if mark(fiche, last[fiche.pk].rang) not in marks]
    if changed:
        said = _("Quelqu'un a changé entre-temps : %(titres)s. Rien n'a été fait.")
        raise ValidationError(said % {"titres": "; ".join(map(str, changed))})
    if len(rows) != len(marks):
        raise ValidationError(_("Cette page avait changé : recommencez."))
    if refused := [f"{fiche} : {why}" for fiche in rows if (why := why_not(fiche, nature))]:
        raise ValidationError(refused)
    Geste.objects.filter(fait_le__lt=timezone.now() - KEPT).delete()
    return Geste.objects.create(
        nature=nature, par=par, motif=motif.strip(), fiches=[done(fiche, nature, par, motif) for fiche in rows]
    )


def numero(text: str) -> int:
    """The number of the fiche that a mark is of; 0, which no fiche has, where it is no mark."""
    return whole_number(text.partition("-")[0]) or 0


def done(fiche: Initiative, nature: NatureGeste, par, motif: str) -> dict:
    """Does it to one fiche, and says what brings it back."""
    before = moderation.standing(fiche)
    DONE_BY[nature](fiche, par, motif)
    return {"numero": fiche.pk, "titre": str(fiche), "avant": before, "apres": history.last_version(fiche).rang}


def recent(user) -> list[Geste]:
    """What this account did in the last hour and may still undo, the last first. One query."""
    since = timezone.now() - UNDONE_WITHIN
    found = Geste.objects.filter(par=user, annule_le=None, fait_le__gt=since)
    return [geste for geste in found if may(user, NatureGeste(geste.nature))]


def wait_again(propositions: list[int]) -> None:
    """The answers that an act had accepted are to be read again. One query."""
    rows = Proposition.objects.filter(pk__in=propositions, etat=EtatContribution.RETENUE)
    rows.update(etat=EtatContribution.RECUE, decidee_par=None, decidee_le=None)


@transaction.atomic
def undo(geste: Geste, par) -> list[Initiative]:
    """Brings each fiche back, once; those that somebody changed since stay as they are, and are returned.

    Raises ValidationError when it was undone already, is too old, or when nothing can be brought back.
    """
    geste = Geste.objects.select_for_update(no_key=True, of=("self",)).get(pk=geste.pk)
    if geste.annule_le:
        raise ValidationError(_("Cette action a déjà été annulée."))
    if geste.fait_le <= timezone.now() - UNDONE_WITHIN:
        raise ValidationError(_("Une action s'annule pendant une heure; celle-ci est plus ancienne."))
    kept = {row["numero"]: row for row in geste.fiches}
    rows = history.locked(Initiative, kept).values()
    history.catch_up(*rows)
    last = history.last_versions(Initiative, kept)
    left = [fiche for fiche in rows if last[fiche.pk].rang != kept[fiche.pk]["apres"]]
    if len(left) == len(rows):
        said = _("Rien n'a été annulé, quelqu'un ayant changé depuis : %(titres)s.")
        raise ValidationError(said % {"titres": "; ".join(map(str, left))})
    for fiche in rows:
        if fiche not in left:
            moderation.bring_back(fiche, kept[fiche.pk]["avant"], par)
            wait_again(kept[fiche.pk].get("propositions", []))
    geste.annule_le = timezone.now()
    geste.save(update_fields=["annule_le"])
    return left
