"""What an organisation says of its fiches by the link of its e-mail: all of it is read before anything changes.

Of a fiche and an organisation one answer waits, whichever campaign asked. What she wrote is replaced by who saw it
alone: a mark of it comes with what replaces it.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from initiatives.core.enums import EtatContribution, Provenance, Raison
from initiatives.keeping import history, state
from initiatives.models import Envoi, Initiative, Organisme, Proposition, Signalement

EXACT, CHANGES, NOT_OURS, NOTHING = "exact", "changements", "pas-nous", "rien"


@transaction.atomic
def record_answer(envoi: Envoi, initiative: Initiative, changes: dict, details: str = "", seen: str = "") -> None:
    """What an organisation says of a fiche, as a proposition; the last answer counts until somebody decides.

    No change and no details say that the fiche holds true. `seen`: the mark of the words that it replaces. Raises
    ValidationError once a decision was taken, or where others wait.
    """
    row = replacing(Proposition, envoi, initiative, seen, rewritten=bool(changes or details))
    row.provenance, row.reponses, row.autres_initiatives = Provenance.VERIFICATION, changes, details
    row.save()
    answered(envoi, initiative)


@transaction.atomic
def record_not_ours(envoi: Envoi, initiative: Initiative, seen: str = "") -> None:
    """An organisation says that a fiche is not its own, as a report. Raises ValidationError as `record_answer`."""
    row = replacing(Signalement, envoi, initiative, seen)
    with override("fr-ca"):
        said = _("%(organisme)s dit que cette fiche n'est pas, ou plus, la sienne (campagne « %(campagne)s »).")
        row.texte = said % {"organisme": envoi.organisme, "campagne": envoi.campagne}
    row.raisons = [Raison.AUTRE]
    row.save()
    answered(envoi, initiative)


@transaction.atomic
def withdraw(envoi: Envoi, initiative: Initiative, seen: str) -> None:
    """Takes back what an organisation wrote of a fiche, and says nothing else of it. Raises ValidationError."""
    row = waiting(envoi, initiative, seen)
    if row is None or not mark(row):
        raise ValidationError(_("Il n'y a plus rien à retirer."))
    take_back(row)
    rest = said_of(envoi, list(envoi.initiatives.all())).values()
    if not rest:  # then nobody answered: a reminder and a call are of use again
        Envoi.objects.filter(pk=envoi.pk).update(repondu_le=None)


def replacing(kind, envoi: Envoi, initiative: Initiative, seen: str, rewritten: bool = False):
    """The row to write an answer in: the one that waits, where it is of this kind. What she wrote is taken back, unless
    it is `rewritten` by other words of hers. Raises ValidationError.
    """
    row = waiting(envoi, initiative, seen)
    if row and mark(row) and not rewritten:
        take_back(row)
        row = None
    elif row and not isinstance(row, kind):
        row.delete()
        row = None
    row = row or kind(initiative=initiative, jeton=get_random_string(24))
    row.envoi, row.recue_le = envoi, timezone.now()
    return row


def waiting(envoi: Envoi, initiative: Initiative, seen: str) -> Proposition | Signalement | None:
    """The answer that waits, locked. Raises ValidationError once it was decided, or where it holds words that are not
    those of this mark.
    """
    # Of two first answers at once there is none to lock: the second waits for the organisation.
    history.locked(Organisme, [envoi.organisme.actuel.pk])
    row = said_of(envoi, [initiative], lock=True).get(initiative.pk)
    if row and row.etat != EtatContribution.RECUE:
        raise ValidationError(_("Votre réponse a déjà été traitée. Merci!"))
    if row and mark(row) not in ("", seen):
        raise ValidationError(_("Quelqu'un de votre organisme a écrit entre-temps : lisez-le avant de le remplacer."))
    return row


def take_back(row: Proposition) -> None:
    """Marks what she wrote as taken back: it is read, and decided no more."""
    row.etat, row.decidee_le = EtatContribution.RETIREE, timezone.now()
    row.save(update_fields=["etat", "decidee_le"])


def taken_back(row: Proposition) -> list[Proposition]:
    """What the organisation of an answer had written before of the same fiche, and took back. One query."""
    if row.envoi is None:
        return []
    mine = Proposition.objects.filter(initiative=row.initiative_id, envoi__in=asked(row.envoi).values("pk"))
    return list(mine.filter(etat=EtatContribution.RETIREE, decidee_le__lte=row.recue_le))


def mark(row: Proposition | Signalement | None) -> str:
    """What tells the words of an answer from others; empty where it holds none that could be lost."""
    wrote = isinstance(row, Proposition) and (row.reponses or row.autres_initiatives)
    return f"{row.pk}-{row.recue_le.isoformat()}" if wrote else ""


def answered(envoi: Envoi, initiative: Initiative) -> None:
    """An old link answers what was asked since about the same fiche."""
    since = Q(pk__gt=envoi.pk, initiatives=initiative, envoye_le__isnull=False)
    asked(envoi).filter(Q(pk=envoi.pk) | since).update(repondu_le=timezone.now())


@transaction.atomic
def record_all_exact(envoi: Envoi) -> int:
    """Says of each public fiche that was not answered yet that it holds true; how many."""
    history.locked(Organisme, [envoi.organisme.actuel.pk])
    rest = [answer.fiche for answer in answers(envoi, list(envoi.initiatives.publiees())) if not answer.kind]
    for fiche in rest:
        record_answer(envoi, fiche, {})
    return len(rest)


def asked(envoi: Envoi):
    """The e-mails of every campaign to the organisation, and to those that were merged into it."""
    organisme = envoi.organisme.actuel
    return Envoi.objects.filter(Q(organisme=organisme) | Q(organisme__fusionne_dans=organisme))


def said_of(envoi: Envoi, fiches: list[Initiative], lock: bool = False) -> dict[int, Proposition | Signalement]:
    """What an organisation said, by fiche: what waits, by whichever link; else what was decided of it, said by this
    link or a later one. Two queries.
    """
    found = {}
    for kind in (Signalement, Proposition):
        rows = kind.objects.filter(initiative__in=fiches, envoi__in=asked(envoi).values("pk"))
        for row in (rows.select_for_update(of=("self",)) if lock else rows).order_by("recue_le"):
            waits = row.etat == EtatContribution.RECUE
            counts = waits or (row.envoi_id >= envoi.pk and row.etat != EtatContribution.RETIREE)
            other = found.get(row.initiative_id)
            if counts and (waits or not other or other.etat != EtatContribution.RECUE):
                found[row.initiative_id] = row
    return found


@dataclass
class Answer:
    """What an organisation said of a fiche: nothing yet, that it is exact, changes, or that it is not its own."""

    fiche: Initiative
    kind: str = ""
    decided: bool = False
    changes: list = field(default_factory=list)
    details: str = ""
    reponses: dict = field(default_factory=dict)
    le: datetime | None = None
    vu: str = ""


def answers(envoi: Envoi, fiches: list[Initiative]) -> list[Answer]:
    """What was said of each of these fiches. Two queries, and a few for each that changes."""
    said, found = said_of(envoi, fiches), []
    for fiche in fiches:
        row = said.get(fiche.pk)
        answer = Answer(fiche, decided=bool(row) and row.etat != EtatContribution.RECUE)
        if isinstance(row, Signalement):
            answer.kind = NOT_OURS
        elif row:
            answer.reponses, answer.details = row.reponses, row.autres_initiatives
            answer.kind, answer.le, answer.vu = CHANGES if mark(row) else EXACT, row.recue_le, mark(row)
        if answer.reponses and not answer.decided:
            now = {name: value for name, value in state.state_of(fiche).items() if name in answer.reponses}
            answer.changes = state.differences(Initiative, now, answer.reponses)
        found.append(answer)
    return found


def unread() -> dict[int, set[int]]:
    """The fiches whose answer waits to be read, by organisation. Two queries."""
    found = {}
    for kind in (Proposition, Signalement):
        rows = kind.objects.filter(etat=EtatContribution.RECUE, envoi__isnull=False)
        for organisme, former, fiche in rows.values_list(
            "envoi__organisme__fusionne_dans", "envoi__organisme", "initiative"
        ):
            found.setdefault(organisme or former, set()).add(fiche)
    return found
