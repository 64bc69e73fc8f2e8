"""The history of fiches and organisations: every change recorded whole, with who, when and why, and undone."""

from collections.abc import Iterable
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.core.enums import NatureVersion
from initiatives.models import Initiative, Organisme, Version

from .state import apply_state, state_of, subject_name, tell_the_same


def locked(model, pks: Iterable) -> dict:
    """The rows by their keys as they are now, locked until the transaction ends. One query.

    Always in the order of the keys: two writers of several rows never wait for each other. The keys themselves are not
    locked: what only points to a row (a report, an answer of an organisation) is written meanwhile.
    """
    return model.objects.select_for_update(of=("self",), no_key=True).order_by("pk").in_bulk(list(pks))


def last_version(subject) -> Version | None:
    return subject.versions.first()


def outside(last: Version | None) -> NatureVersion:
    """The nature of what was done without the workshop."""
    return NatureVersion.HORS_ATELIER if last else NatureVersion.REPRISE


def record(subject, nature: NatureVersion | None, par=None, motif: str = "", always: bool = False) -> Version | None:
    """Adds a version if the subject differs from its last one, or `always`. Inside a transaction, the row locked.

    Here alone is decided that a fiche is modified: what it tells differs from the version before. The first version of
    a new fiche, a decision, a verification modify nothing.
    """
    now, last = state_of(subject), last_version(subject)
    if last and last.etat == now and not always:
        return None
    if last and isinstance(subject, Initiative) and not tell_the_same(last.etat, now):
        Initiative.objects.filter(pk=subject.pk).update(modifiee_le=timezone.now())
    rang, nature = last.rang + 1 if last else 1, nature or outside(last)
    owner = {subject_name(subject): subject}
    return Version.objects.create(**owner, rang=rang, etat=now, nature=nature, par=par, motif=motif.strip())


def unrecorded(subject) -> Version | None:
    """What was changed without the workshop, as the version that `catch_up` would write; None when nothing was."""
    last, now = last_version(subject), state_of(subject)
    if last and last.etat == now:
        return None
    return Version(rang=last.rang + 1 if last else 1, etat=now, nature=outside(last))


def rank_seen(subject) -> int:
    """The number of what somebody who looks at the subject now sees. Nothing is written."""
    return (unrecorded(subject) or last_version(subject)).rang


def catch_up(subject) -> None:
    """Records what was changed without the workshop (SQL, a shell), so that the next version is not blamed for it."""
    record(subject, None)


@contextmanager
def change(subject, nature: NatureVersion, par=None, motif: str = "", always: bool = False):
    """Gives the row as it is now, locked until the end: check and write that one, never the one that was passed.

    Everything written inside is one version, or nothing at all.
    """
    with transaction.atomic():
        row = locked(type(subject), [subject.pk])[subject.pk]
        catch_up(row)
        yield row
        record(row, nature, par, motif, always)


@transaction.atomic
def record_missing() -> int:
    """Gives a first version to every fiche and organisation without one; returns how many. Run after each loading."""
    made = 0
    for model in (Initiative, Organisme):
        missing = model.objects.filter(versions__isnull=True).values_list("pk", flat=True)
        made += sum(record(subject, None) is not None for subject in locked(model, missing).values())
    return made


def restore(
    subject, version: Version, par, motif: str, only: Iterable[str] | None = None, confirmed: bool = False
) -> None:
    """Brings back a version, or some of its fields; which is itself a version. Raises ValidationError."""
    if not motif.strip():
        raise ValidationError(_("Dites pourquoi."))
    with change(subject, NatureVersion.RESTAURATION, par, motif) as row:
        apply_state(row, version.etat, only, confirmed)
