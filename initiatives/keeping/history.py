"""The history of what is kept true: every change recorded whole, with who, when and why, and undone."""

from collections.abc import Iterable
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.core.enums import NatureVersion
from initiatives.models import Initiative, LigneAide, Organisme, PointEntree, Ressource, Version

from .state import apply_state, state_of, states_of, tell_the_same

# What says when it last told the public something else.
MODIFIED = {Initiative: "modifiee_le", Organisme: "modifie_le"}


def locked(model, pks: Iterable) -> dict:
    """The rows by their keys as they are now, locked until the transaction ends. One query.

    Always in the order of the keys: two writers of several rows never wait for each other. The keys themselves are not
    locked: what only points to a row (a report, an answer of an organisation) is written meanwhile.
    """
    return model.objects.select_for_update(of=("self",), no_key=True).order_by("pk").in_bulk(list(pks))


def last_version(subject) -> Version | None:
    return subject.versions.first()


def last_versions(model, pks: Iterable) -> dict:
    """The last version of each of these subjects that has one, by key. One query."""
    owner = f"{model._meta.model_name}_id"
    rows = Version.objects.filter(**{f"{owner}__in": list(pks)}).order_by(owner, "-rang").distinct(owner)
    return {getattr(row, owner): row for row in rows}


def outside(last: Version | None) -> NatureVersion:
    """The nature of what was done without the workshop."""
    return NatureVersion.HORS_ATELIER if last else NatureVersion.REPRISE


def record(subject, nature: NatureVersion | None, par=None, motif: str = "", always: bool = False) -> Version | None:
    """Adds a version if the subject differs from its last one, or `always`. Inside a transaction, the row locked."""
    made = record_all(type(subject), [subject.pk], nature, par, motif, always)
    return made[0] if made else None


def record_all(
    model, pks: Iterable, nature: NatureVersion | None, par=None, motif: str = "", always: bool = False
) -> list[Version]:
    """Adds a version to each subject that differs from its last one, or `always`. Inside a transaction, rows locked.

    Here alone is decided that a fiche or an organisation is modified: what it tells differs from the version before.
    The first version of a new one, a decision, a verification modify nothing. Six queries at most, whatever their
    number.
    """
    states, before = states_of(model, pks), last_versions(model, pks)
    made, modified = [], []
    for pk, now in states.items():
        last = before.get(pk)
        if last and last.etat == now and not always:
            continue
        if last and model in MODIFIED and not tell_the_same(last.etat, now):
            modified.append(pk)
        owner = {f"{model._meta.model_name}_id": pk}
        rang, its = last.rang + 1 if last else 1, nature or outside(last)
        made.append(Version(**owner, rang=rang, etat=now, nature=its, par=par, motif=motif.strip()))
    if modified:
        model.objects.filter(pk__in=modified).update(**{MODIFIED[model]: timezone.now()})
    return Version.objects.bulk_create(made)


def unrecorded(subject) -> Version | None:
    """What was changed without the workshop, as the version that `catch_up` would write; None when nothing was."""
    last, now = last_version(subject), state_of(subject)
    if last and last.etat == now:
        return None
    return Version(rang=last.rang + 1 if last else 1, etat=now, nature=outside(last))


def rank_seen(subject) -> int:
    """The number of what somebody who looks at the subject now sees. Nothing is written."""
    return ranks_seen({subject.pk: state_of(subject)}, type(subject))[subject.pk]


def ranks_seen(states: dict, model=Initiative) -> dict:
    """The same of each of these subjects, by key, whose states were just read. One query."""
    last = last_versions(model, states)
    return {pk: last[pk].rang + (last[pk].etat != now) if pk in last else 1 for pk, now in states.items()}


def catch_up(*subjects) -> None:
    """Records what was changed of these subjects, of one kind, without the workshop (SQL, a shell), so that the next
    version is not blamed for it.
    """
    if subjects:
        record_all(type(subjects[0]), [subject.pk for subject in subjects], None)


@contextmanager
def change(subject, nature: NatureVersion, par=None, motif: str = "", always: bool = False):
    """Gives the row as it is now, locked until the end: check and write that one, never the one that was passed.

    Everything written inside is one version, or nothing at all.
    """
    with changes(type(subject), [subject.pk], nature, par, motif, always) as rows:
        yield rows[subject.pk]


@contextmanager
def changes(model, pks: Iterable, nature: NatureVersion, par=None, motif: str = "", always: bool = False):
    """Gives the rows of these keys as `change` gives one, by key."""
    with transaction.atomic():
        rows = locked(model, pks)
        catch_up(*rows.values())
        yield rows
        record_all(model, rows, nature, par, motif, always)


@transaction.atomic
def record_missing() -> int:
    """Gives a first version to whatever has none; returns how many. Run after each loading."""
    made = 0
    for model in (Initiative, Organisme, LigneAide, PointEntree, Ressource):
        missing = model.objects.filter(versions__isnull=True).values_list("pk", flat=True)
        made += len(record_all(model, locked(model, missing), None))
    return made


def restore(
    subject, version: Version, par, motif: str, only: Iterable[str] | None = None, confirmed: bool = False
) -> None:
    """Brings back a version, or some of its fields; which is itself a version. Raises ValidationError."""
    if not motif.strip():
        raise ValidationError(_("Dites pourquoi."))
    with change(subject, NatureVersion.RESTAURATION, par, motif) as row:
        apply_state(row, version.etat, only, confirmed)
