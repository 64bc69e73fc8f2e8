"""What becomes of a report about a fiche: answered by what was written since, or nothing to change; several at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from initiatives.core.enums import EtatContribution
from initiatives.keeping import history
from initiatives.models import Initiative, Revision, Signalement, Version

from .contributions import record_decision


@dataclass(frozen=True)
class Answer:
    """What was written since a report: a version, or changes that wait to be read again."""

    ecrit: Version | Revision

    @property
    def code(self) -> str:
        return f"{self.ecrit._meta.model_name}-{self.ecrit.pk}"

    @property
    def attend(self) -> bool:
        return isinstance(self.ecrit, Revision)


def waiting(**about):
    """The reports that wait, about one fiche, the oldest first."""
    return Signalement.objects.filter(etat=EtatContribution.RECUE, **about).order_by("recue_le", "pk")


def others(report: Signalement) -> list[Signalement]:
    """The other reports about the same fiche that wait. One query, none for the site."""
    if report.initiative_id is None:
        return []
    return list(waiting(initiative=report.initiative_id).exclude(pk=report.pk))


def answers(initiative: int, since: datetime) -> list[Answer]:
    """What was written of a fiche or of its organisations since, the last first; what waits with it. Two queries."""
    about = Q(initiative=initiative) | Q(organisme__liens_porteurs__initiative=initiative)
    written = (Version.objects, Revision.objects.filter(issue__in=Revision.OUVERTES))
    found = [rows.filter(about, faite_le__gte=since).distinct() for rows in written]
    rows = [row for rows in found for row in rows.select_related("par", "initiative", "organisme")]
    return [Answer(row) for row in sorted(rows, key=lambda row: row.faite_le, reverse=True)]


@transaction.atomic
def settle(reports: Iterable[Signalement], code: str, par, motif: str = "") -> None:
    """Says that these reports about one fiche were answered by what was written since, once. Raises ValidationError."""
    rows = decide(reports, EtatContribution.RETENUE, par, motif)
    since = max(row.recue_le for row in rows)
    found = {answer.code: answer.ecrit for answer in answers(rows[0].initiative_id, since)}
    if not found:
        raise ValidationError(_("Rien n'a changé depuis : corrigez la fiche, ou dites qu'il n'y a rien à changer."))
    if code not in found:
        raise ValidationError(_("Choisissez ce qui a été corrigé depuis."))
    written = found[code]
    name = "revision" if isinstance(written, Revision) else "version"
    Signalement.objects.filter(pk__in=[row.pk for row in rows]).update(**{name: written})


@transaction.atomic
def dismiss(reports: Iterable[Signalement], par, motif: str) -> None:
    """Says that there is nothing to change, and why. Raises ValidationError."""
    decide(reports, EtatContribution.ECARTEE, par, motif)


def decide(reports: Iterable[Signalement], etat: EtatContribution, par, motif: str) -> list[Signalement]:
    """The rows with their decision, all of one fiche, which is locked first, as whoever writes it does."""
    reports = sorted(reports, key=lambda row: row.pk)
    fiches = {row.initiative_id for row in reports}
    if len(fiches) != 1:
        raise ValidationError(_("Ces signalements ne sont pas de la même fiche."))
    history.locked(Initiative, fiches)
    rows = [record_decision(row, etat, par, motif) for row in reports]
    if {row.initiative_id for row in rows} != fiches:
        raise ValidationError(_("Cette fiche vient d'être fusionnée dans une autre : recommencez."))
    return rows
