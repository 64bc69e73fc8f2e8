"""What was tried, kept until somebody confirms it, then written: everything or nothing."""

from collections.abc import Iterator
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from initiatives.core.enums import IssueRevision, NatureVersion, Statut
from initiatives.keeping import history, moderation, revisions, state
from initiatives.models import Contact, Import, Initiative, Organisme, Porteur, Revision

from .trial import Change, fill

# The lines written between two words of how far it is.
BATCH = 100


def keep_trial(name: str, par, changes: list[Change]) -> Import:
    """What was checked, kept until somebody confirms it: an import is a row that can be looked at later."""
    lines = [{"ligne": c.ligne, "numero": c.numero, "valeurs": c.wanted, "rang": c.rang} for c in changes]
    return Import.objects.create(nom=name[:200], par=par, lignes=lines)


def write_import(row: Import, par, now) -> Iterator[int]:
    """Writes everything or nothing; says as it goes how many lines are written. Raises ValidationError before the first
    where a fiche changed since the check, or where it was written already.

    One transaction, that lasts until the last number is read. A few queries a line.
    """
    with transaction.atomic():
        row = Import.objects.select_for_update().get(pk=row.pk)
        if row.applique_le:
            raise ValidationError(_("Cet import est déjà fait."))
        motif = _("Import n° %(n)s : %(nom)s") % {"n": row.pk, "nom": row.nom}
        changed = {line["numero"]: line for line in row.lignes if line["numero"] is not None}
        as_checked(changed)
        done = 0
        yield done
        for numeros in in_batches(list(changed)):
            revisions.write_all(
                Initiative, numeros, par, NatureVersion.IMPORT, motif, partial(write_line, lines=changed)
            )
            done += len(numeros)
            yield done
        for lines in in_batches([line for line in row.lignes if line["numero"] is None]):
            for line, fiche in zip(lines, create_drafts(lines, par, motif), strict=True):
                line["creee"] = fiche.pk
            done += len(lines)
            yield done
        row.applique_le = now
        row.save(update_fields=["applique_le", "lignes"])


def fiches_of(row: Import) -> list[int]:
    """The numbers of the fiches that an import changed and made, in the order of its lines."""
    found = (line.get("creee", line["numero"]) for line in row.lignes)
    return [numero for numero in found if numero is not None]


def left_to_read(row: Import) -> int:
    """How many of the fiches of an import that was just written wait for somebody else to read them. One query."""
    numeros = [line["numero"] for line in row.lignes if line["numero"] is not None]
    waiting = Revision.objects.filter(initiative__in=numeros, issue=IssueRevision.EN_ATTENTE, par=row.par)
    return waiting.filter(nature=NatureVersion.IMPORT).count()


def in_batches(things: list) -> Iterator[list]:
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))


def as_checked(lines: dict) -> None:
    """Locks the fiches of these lines, which nobody changed since the check. Raises ValidationError."""
    rows = history.locked(Initiative, lines)
    history.catch_up(*rows.values())
    last = history.last_versions(Initiative, rows)
    if changed := [str(fiche) for pk, fiche in rows.items() if last[pk].rang != lines[pk]["rang"]]:
        said = _("Quelqu'un a changé depuis l'essai : %(titres)s. Recommencez.")
        raise ValidationError(said % {"titres": "; ".join(changed[:5])})


def write_line(fiche: Initiative, lines: dict) -> None:
    """Writes its line into a fiche. Raises ValidationError."""
    values = lines[fiche.pk]["valeurs"]
    state.apply_state(fiche, values)
    if slug := values.get("slug"):
        fiche.slug = slug
        fiche.validate_unique()
        fiche.save(update_fields=["slug"])


def create_drafts(lines: list[dict], par, motif: str) -> list[Initiative]:
    """A draft from each line, in their order. Raises ValidationError."""
    slugs = {slug for line in lines for slug in line["valeurs"].get("porteurs", [])}
    rows = Organisme.objects.filter(slug__in=slugs).select_related("fusionne_dans")
    known, made = {row.slug: row.actuel for row in rows}, []
    for line in lines:
        fiche = Initiative(statut=Statut.BROUILLON)
        fill(fiche, line["valeurs"])
        fiche.porteurs = list(dict.fromkeys(known[slug] for slug in line["valeurs"].get("porteurs", [])))
        if fiche.slug:
            fiche.validate_unique()
            fiche.save()
        else:
            moderation.save_new(fiche)
        made.append((fiche, line["valeurs"].get("contacts", [])))
    Porteur.objects.bulk_create(
        Porteur(initiative=fiche, organisme=row, rang=rang)
        for fiche, _contacts in made
        for rang, row in enumerate(fiche.porteurs, start=1)
    )
    # Tried already: each is right, and none is somebody's own (trial.somebody_s).
    Contact.objects.bulk_create(Contact(initiative=fiche, **row) for fiche, rows in made for row in rows)
    fiches = [fiche for fiche, _contacts in made]
    history.record_all(Initiative, [fiche.pk for fiche in fiches], NatureVersion.IMPORT, par, motif)
    return fiches
