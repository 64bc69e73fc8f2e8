"""What was tried, kept until somebody confirms it, then written: everything or nothing."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from initiatives.core.enums import NatureVersion, Statut
from initiatives.keeping import history, moderation, revisions, state
from initiatives.models import Import, Initiative, Organisme, Porteur

from .trial import Change, fill


def keep_trial(name: str, par, changes: list[Change]) -> Import:
    """What was checked, kept until somebody confirms it: an import is a row that can be looked at later."""
    lines = [{"ligne": c.ligne, "numero": c.numero, "valeurs": c.wanted, "rang": c.rang} for c in changes]
    return Import.objects.create(nom=name[:200], par=par, lignes=lines)


@transaction.atomic
def write_import(row: Import, par, now) -> int:
    """Writes everything or nothing; returns how many. Raises ValidationError when a fiche changed since the check."""
    row = Import.objects.select_for_update().get(pk=row.pk)
    if row.applique_le:
        raise ValidationError(_("Cet import est déjà fait."))
    motif = _("Import n° %(n)s : %(nom)s") % {"n": row.pk, "nom": row.nom}
    fiches = history.locked(Initiative, {line["numero"] for line in row.lignes} - {None})
    for line in row.lignes:
        if line["numero"] is None:
            create_draft(line["valeurs"], par, motif)
            continue
        revisions.write(fiches[line["numero"]], par, NatureVersion.IMPORT, motif, partial(write_line, line=line))
    row.applique_le = now
    row.save(update_fields=["applique_le"])
    return len(row.lignes)


def write_line(fiche: Initiative, line: dict) -> None:
    """Writes a line into a fiche, which nobody changed since the check. Raises ValidationError."""
    if history.last_version(fiche).rang != line["rang"]:
        raise ValidationError(_("La fiche %(fiche)s a changé depuis l'essai : recommencez.") % {"fiche": fiche})
    state.apply_state(fiche, line["valeurs"])
    if slug := line["valeurs"].get("slug"):
        fiche.slug = slug
        fiche.validate_unique()
        fiche.save(update_fields=["slug"])


def create_draft(values: dict, par, motif: str) -> None:
    """A draft from a line."""
    fiche = Initiative(statut=Statut.BROUILLON)
    fill(fiche, values)
    slugs = list(dict.fromkeys(values.get("porteurs", [])))
    known = Organisme.objects.in_bulk(slugs, field_name="slug") if slugs else {}
    fiche.porteurs = [known[slug] for slug in slugs]
    if fiche.slug:
        fiche.validate_unique()
        fiche.save()
    else:
        moderation.save_new(fiche)
    links = [Porteur(initiative=fiche, organisme=row, rang=rang) for rang, row in enumerate(fiche.porteurs, start=1)]
    Porteur.objects.bulk_create(links)
    if contacts := values.get("contacts"):  # tried already: none is somebody's own (trial.somebody_s)
        state.set_contacts(fiche, contacts)
    history.record(fiche, NatureVersion.IMPORT, par, motif)
