"""The reports of readers beside what answered them: changes that wait to be read again, or a version."""

from collections.abc import Iterable

from django.db.models import Q

from initiatives.core.enums import EtatContribution, Raison
from initiatives.models import Revision, Signalement, Version

from .state import value_in_words

# The fields of a state that each reason is about, the likeliest first.
FIELDS = {
    Raison.COORDONNEES: ["contacts"],
    Raison.SUSPENDUE: ["stade"],
    Raison.CLIENTELE: ["clienteles", "age_min", "age_max", "tous_ages", "age_mention", "sexe", "implications"],
    Raison.TERRITOIRE: ["region"],
}


def fields_of(report: Signalement) -> list[str]:
    """The fields that a report is about, in the order of its reasons; none where it says something else."""
    return [name for code in report.raisons for name in FIELDS.get(code, [])]


def in_words(report: Signalement) -> str:
    """The reasons of a report, in a line."""
    return value_in_words(Signalement, "raisons", report.raisons).replace("\n", ", ")


def published(revision: Revision, version: Version, only: Iterable[str], rest: Revision | None) -> None:
    """The reports that a revision answered are answered by the version that it made, unless what they are about goes on
    waiting. A query, and one for each of them.
    """
    only = set(only)
    for report in revision.signalements.all():
        about = set(fields_of(report))
        if rest and about & rest.apres.keys() and not about & only:
            report.revision = rest
        else:
            report.version = version
        report.save(update_fields=["revision", "version"])


def replaced(revision: Revision, by: Revision | None) -> None:
    """What takes the place of a revision answers its reports; where nothing does, they wait again. One query."""
    rows = revision.signalements.filter(version=None)
    if by:
        rows.update(revision=by, **({"initiative": by.initiative} if by.initiative else {}))
    else:
        rows.update(revision=None, etat=EtatContribution.RECUE, decidee_par=None, decidee_le=None, motif="")


DECISION = ["initiative_id", "revision_id", "etat", "decidee_par_id", "decidee_le", "motif"]


def kept_of(*answering: Revision | None) -> dict:
    """The reports that these revisions answer and no version does yet, as `put_back` needs them. One query."""
    rows = Signalement.objects.filter(revision__in=[row for row in answering if row], version=None)
    return {"signalements": [row | {"decidee_le": moment(row["decidee_le"])} for row in rows.values("pk", *DECISION)]}


def moment(value) -> str | None:
    return value.isoformat() if value else None


def put_back(rows: list[dict]) -> None:
    """Reports as they were: those that no version answered since, and nobody decided without one. A query each."""
    for row in rows:
        values = {name: row[name] for name in DECISION}
        waiting = Q(etat=EtatContribution.RECUE) | Q(revision__isnull=False)
        Signalement.objects.filter(waiting, pk=row["pk"], version=None).update(**values)
