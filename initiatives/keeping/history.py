"""The history of fiches and organisations: every change recorded whole, with who, when and why, and undone."""

from collections.abc import Iterable
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from initiatives.core.enums import NatureVersion
from initiatives.models import Initiative, Organisme, Version

from .state import apply_state, state_of, subject_name


def last_version(subject) -> Version | None:
    return subject.versions.order_by("-rang").first()


def record(subject, nature: NatureVersion, par=None, motif: str = "", always: bool = False) -> Version | None:
    """Adds a version if the subject differs from its last one, or `always`. Inside a transaction, the row locked."""
    now, last = state_of(subject), last_version(subject)
    if last and last.etat == now and not always:
        return None
    rang = last.rang + 1 if last else 1
    owner = {subject_name(subject): subject}
    return Version.objects.create(**owner, rang=rang, etat=now, nature=nature, par=par, motif=motif.strip())


def catch_up(subject) -> None:
    """Records what was changed without the workshop (SQL, a shell), so that the next version is not blamed for it."""
    nature = NatureVersion.HORS_ATELIER if subject.versions.exists() else NatureVersion.REPRISE
    record(subject, nature)


@contextmanager
def change(subject, nature: NatureVersion, par=None, motif: str = "", always: bool = False):
    """Everything written inside is one version, or nothing at all. The row is locked until the end."""
    with transaction.atomic():
        type(subject).objects.select_for_update(of=("self",)).only("pk").get(pk=subject.pk)
        catch_up(subject)
        yield
        record(subject, nature, par, motif, always)


@transaction.atomic
def record_missing() -> int:
    """Gives a first version to every fiche and organisation without one; returns how many. Run after each loading."""
    made = 0
    for model in (Initiative, Organisme):
        for subject in model.objects.filter(versions__isnull=True):
            record(subject, NatureVersion.REPRISE)
            made += 1
    return made


def restore(subject, version: Version, par, motif: str, only: Iterable[str] | None = None) -> None:
    """Brings back a version, or some of its fields; which is itself a version. Raises ValidationError."""
    if not motif.strip():
        raise ValidationError(_("Dites pourquoi."))
    with change(subject, NatureVersion.RESTAURATION, par, motif):
        subject.refresh_from_db()
        apply_state(subject, version.etat, only)
