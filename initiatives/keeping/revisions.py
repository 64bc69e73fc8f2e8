"""What waits to be read again: the changes that somebody who may not publish makes to a public fiche or organisation.

The pages keep what they say until somebody who may publish reads them. A subject has one open revision at most; what is
written next takes its place, from what it said.
"""

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from copy import copy

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.core.enums import IssueRevision, NatureVersion
from initiatives.models import Initiative, Organisme, Revision

from . import history, reports
from .state import apply_state, state_of, states_of, subject_name


def must_wait(subject, user) -> bool:
    """Whether what this account changes of a subject waits for somebody else to read it. One query of an organisation,
    for who may not publish.
    """
    if user.has_perm("initiatives.decider_initiative"):
        return False
    if isinstance(subject, Organisme):
        return Organisme.objects.publics().filter(pk=subject.pk).exists()
    return isinstance(subject, Initiative) and subject.est_publique


def open_revision(subject) -> Revision | None:
    """What waits, or was sent back and not written again. One query."""
    return subject.revisions.filter(issue__in=Revision.OUVERTES).select_related("par", "decidee_par").first()


def open_revisions(model, pks: Iterable) -> dict[int, Revision]:
    """The same of several subjects, by their key. One query."""
    name = model._meta.model_name
    rows = Revision.objects.filter(**{f"{name}__in": list(pks)}, issue__in=Revision.OUVERTES)
    return {getattr(row, f"{name}_id"): row for row in rows}


@contextmanager
def aside():
    """A trial: what is written inside is read inside, and nothing of it stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def apply_revision(subject, revision: Revision | None) -> None:
    """Writes what a revision wants, for a trial. Raises ValidationError where something that it names is gone."""
    if revision:
        apply_state(subject, revision.apres, confirmed=True)


def with_revision(subject, revision: Revision | None) -> dict:
    """The state of the subject, as the revision wants it. Three queries."""
    return state_of(subject) | (revision.apres if revision else {})


def write(subject, par, nature: NatureVersion, motif: str, change: Callable) -> Revision | None:
    """What `change(row)` writes: a version of the subject, or, where it must wait, a revision, which is returned.

    Raises ValidationError.
    """
    return write_all(type(subject), [subject.pk], par, nature, motif, change).get(subject.pk)


def write_all(model, pks: Iterable, par, nature: NatureVersion, motif: str, change: Callable) -> dict[int, Revision]:
    """The same of several, all or none; the revisions by the key of their subject.

    Whether it waits is decided of each row as it is, locked. A score of queries, and those of `change`.
    """
    with history.changes(model, pks, nature, par, motif) as rows:
        waiting = {pk: row for pk, row in rows.items() if must_wait(row, par)}
        for pk in rows.keys() - waiting.keys():
            change(rows[pk])
        if not waiting:
            return {}
        before = open_revisions(model, waiting)
        with aside():
            for pk, row in waiting.items():
                tried = copy(row)
                apply_revision(tried, before.get(pk))
                change(tried)
            wanted = states_of(model, waiting)
        return keep(model, waiting, wanted, before, par, nature, motif)


@transaction.atomic
def propose(subject, wanted: dict, par, nature: NatureVersion, motif: str = "") -> Revision | None:
    """Keeps what would change of a subject for somebody else to read, and gives the revision; None where nothing would.

    `wanted`: its whole state, that was tried already.
    """
    with history.change(subject, nature, par, motif) as row:
        model, rows = type(row), {row.pk: row}
        before = open_revisions(model, rows)
        return keep(model, rows, {row.pk: wanted}, before, par, nature, motif).get(row.pk)


def keep(model, rows: dict, wanted: dict, before: dict, par, nature, motif: str) -> dict[int, Revision]:
    """Makes a revision of what each subject would say that it does not, in place of the one `before`. Rows locked.

    The internal note, which nobody reads in public, is written at once.
    """
    name, states, made = model._meta.model_name, states_of(model, rows), []
    for pk, row in rows.items():
        now, then = states[pk], wanted[pk]
        # What waits already goes on waiting, from what the page said when it was written.
        kept, from_then = (before[pk].apres, before[pk].avant) if pk in before else ({}, {})
        changed = [champ for champ in then if then[champ] != now.get(champ)]
        quiet = [champ for champ in changed if champ == "note_interne" and champ not in kept]
        if quiet:
            apply_state(row, then, quiet)
        told = [champ for champ in changed if champ not in quiet]
        same = {champ for champ in told if champ in kept and kept[champ] == then[champ]}
        if told:
            values = {"nature": nature, "par": par, "motif": motif.strip(), name: row}
            values["avant"] = {champ: from_then[champ] if champ in same else now.get(champ) for champ in told}
            made.append(Revision(**values, apres={champ: then[champ] for champ in told}))
    before_them = Revision.objects.filter(**{f"{name}__in": rows}, issue__in=Revision.OUVERTES)
    before_them.update(issue=IssueRevision.REMPLACEE)
    new = {getattr(revision, f"{name}_id"): revision for revision in Revision.objects.bulk_create(made)}
    for pk, revision in before.items():
        reports.replaced(revision, new.get(pk))
    return new


@transaction.atomic
def publish(revision: Revision, par, raison: str, only: Iterable[str], confirmed: bool = False) -> Revision | None:
    """Writes these fields into the public subject; the others go on waiting, as a revision of their own, which is
    returned. Raises ValidationError.
    """
    subject = locked_subject(revision)
    chosen = [name for name in revision.apres if name in set(only)]
    if not chosen:
        raise ValidationError(_("Cochez ce qu'il faut publier."))
    revision = decided(revision, IssueRevision.PUBLIEE, par, raison)
    motif = _("Relu et publié par %(qui)s : %(raison)s") % {"qui": par, "raison": raison.strip()}
    with history.change(subject, NatureVersion(revision.nature), revision.par, motif) as row:
        apply_state(row, revision.apres, chosen, confirmed)
    rest = rest_of(revision, chosen)
    reports.published(revision, history.last_version(subject), chosen, rest)
    return rest


def locked_subject(revision: Revision):
    """What a revision is about, locked first, as whoever writes it does: two never wait for each other."""
    subject = revision.sujet
    return history.locked(type(subject), [subject.pk])[subject.pk]


def rest_of(revision: Revision, chosen: list[str]) -> Revision | None:
    """What was not published goes on waiting, as a revision of its own."""
    rest = {name: value for name, value in revision.apres.items() if name not in chosen}
    if not rest:
        return None
    return Revision.objects.create(
        **{subject_name(revision.sujet): revision.sujet},
        avant={name: revision.avant[name] for name in rest},
        apres=rest,
        nature=revision.nature,
        par=revision.par,
        motif=revision.motif,
    )


@transaction.atomic
def send_back(revision: Revision, par, raison: str) -> None:
    """Gives a revision back to who wrote it, with the reason. Raises ValidationError."""
    decided(revision, IssueRevision.RENVOYEE, par, raison)


@transaction.atomic
def give_up(revision: Revision, par) -> None:
    """What was wanted is wanted no more; the reports that it answered wait again. Raises ValidationError where it is
    not open any more.
    """
    locked_subject(revision)
    row = Revision.objects.select_for_update(of=("self",)).get(pk=revision.pk)
    if row.issue not in Revision.OUVERTES:
        raise ValidationError(_("Une décision a déjà été prise."))
    row.issue, row.decidee_par, row.decidee_le = IssueRevision.ABANDONNEE, par, timezone.now()
    row.save(update_fields=["issue", "decidee_par", "decidee_le"])
    reports.replaced(row, None)


@transaction.atomic
def carry(kept: Initiative, other: Initiative, together: Iterable[tuple[str, ...]]) -> dict | None:
    """What waits on a fiche waits on the one that it was merged into; of a field that waits on both, what waits there
    already stays. `together`: the fields that say one thing, carried with one another. Both rows locked.

    Gives what `carried_back` needs, None where nothing waited.
    """
    theirs, ours = open_revision(other), open_revision(kept)
    if theirs is None:
        return None
    moved = {"etaient": [[theirs.pk, theirs.issue]], "devenue": None, **reports.kept_of(theirs, ours)}
    other.revisions.filter(issue__in=Revision.OUVERTES).update(issue=IssueRevision.REMPLACEE)
    now, wanted, was = state_of(kept), state_of(other) | theirs.apres, state_of(other) | theirs.avant
    groups = [group for group in together if theirs.apres.keys() & set(group)]
    names = {name for group in groups for name in group} | theirs.apres.keys()
    held = ours.apres.keys() if ours else set()
    held = {name for group in together if held & set(group) for name in group} | held
    apres = {name: wanted[name] for name in names - held}
    if "contacts" in apres:  # those that she added or took away, not the list of another fiche
        kept_on = [row for row in now["contacts"] if row in apres["contacts"] or row not in was["contacts"]]
        apres["contacts"] = [*kept_on, *(row for row in apres["contacts"] if row not in [*was["contacts"], *kept_on])]
    apres = {name: value for name, value in apres.items() if value != now[name]}
    if not apres:
        reports.replaced(theirs, ours)
        return moved
    kept.revisions.filter(issue__in=Revision.OUVERTES).update(issue=IssueRevision.REMPLACEE)
    carried = Revision.objects.create(
        initiative=kept,
        avant={name: now[name] for name in apres} | (ours.avant if ours else {}),
        apres=apres | (ours.apres if ours else {}),
        nature=theirs.nature,
        par=(ours or theirs).par,
        issue=(ours or theirs).issue,
        decidee_par=(ours or theirs).decidee_par,
        decidee_le=(ours or theirs).decidee_le,
        raison=(ours or theirs).raison,
        motif=_("%(motif)s (venait de la fiche n° %(numero)s)") % {"motif": theirs.motif, "numero": other.pk},
    )
    for revision in filter(None, (theirs, ours)):
        reports.replaced(revision, carried)
    moved["etaient"] = [[row.pk, row.issue] for row in (theirs, ours) if row]
    return moved | {"devenue": [carried.pk, carried.issue]}


def carried_back(other: Initiative, moved: dict | None) -> bool:
    """Gives each fiche back what waited on it, and the reports that it answered; says whether it could, which it cannot
    once what was carried was decided or written again. Both rows locked.
    """
    if moved is None:
        return True
    if moved["devenue"]:
        pk, issue = moved["devenue"]
        if not Revision.objects.filter(pk=pk, issue=issue).update(issue=IssueRevision.REMPLACEE):
            return False
    elif open_revision(other):
        return False
    for pk, issue in moved["etaient"]:
        Revision.objects.filter(pk=pk).update(issue=issue)
    reports.put_back(moved["signalements"])
    return True


def replace_porteur(old: str, new: str) -> list[dict]:
    """An organisation for another in all that waits; gives what `put_back` needs. As many queries as there are."""
    kept = []
    for row in Revision.objects.select_for_update(of=("self",)).filter(issue__in=Revision.OUVERTES).order_by("pk"):
        was = {"pk": row.pk, "avant": row.avant, "apres": row.apres}
        if old not in [*(row.avant.get("porteurs") or []), *(row.apres.get("porteurs") or [])]:
            continue
        row.avant, row.apres = (
            values | {"porteurs": list(dict.fromkeys(new if slug == old else slug for slug in values["porteurs"]))}
            for values in (row.avant, row.apres)
        )
        row.save(update_fields=["avant", "apres"])
        kept.append({**was, "devenu": row.apres})
    return kept


def put_back(kept: list[dict]) -> None:
    """What `replace_porteur` changed, where it still waits as it left it."""
    for was in kept:
        rows = Revision.objects.filter(pk=was["pk"], issue__in=Revision.OUVERTES, apres=was["devenu"])
        rows.update(avant=was["avant"], apres=was["apres"])


def successor(revision: Revision) -> Revision:
    """What waits in the place of a revision that was written again, or itself. A query, two where there may be one."""
    replaced = Revision.objects.filter(pk=revision.pk, issue=IssueRevision.REMPLACEE).exists()
    return (open_revision(revision.sujet) if replaced else None) or revision


def decided(revision: Revision, issue: IssueRevision, par, raison: str) -> Revision:
    """The revision with its decision, once. Raises ValidationError."""
    if not raison.strip():
        raise ValidationError(_("Dites pourquoi."))
    row = Revision.objects.select_for_update(of=("self",)).select_related("par").get(pk=revision.pk)
    if row.issue == IssueRevision.REMPLACEE:
        raise ValidationError(
            _("Ces changements ont été écrits de nouveau pendant que vous lisiez : voici les nouveaux.")
        )
    if row.issue != IssueRevision.EN_ATTENTE:
        raise ValidationError(_("Une décision a déjà été prise."))
    row.issue, row.decidee_par, row.decidee_le, row.raison = issue, par, timezone.now(), raison.strip()
    row.save(update_fields=["issue", "decidee_par", "decidee_le", "raison"])
    return row
