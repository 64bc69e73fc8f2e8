"""What an organisation says of its fiches by the link of its e-mail: all of it is read before anything changes."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from initiatives.core.enums import EtatContribution, Provenance, Raison
from initiatives.keeping import state
from initiatives.models import Envoi, Initiative, Proposition, Signalement

EXACT, CHANGES, NOT_OURS = "exact", "changements", "pas-nous"


def key_of(envoi: Envoi, initiative: Initiative) -> dict:
    """What an answer is found again by: one for each fiche of each e-mail."""
    return {"jeton": f"verification-{envoi.pk}-{initiative.pk}"}


@transaction.atomic
def record_answer(envoi: Envoi, initiative: Initiative, changes: dict, details: str = "") -> None:
    """What an organisation says of a fiche, as a proposition; the last answer counts until somebody decides.

    No change and no details say that the fiche holds true. Raises ValidationError once a decision was taken.
    """
    row = replacing(Proposition, Signalement, envoi, initiative)
    row.provenance, row.initiative = Provenance.VERIFICATION, initiative
    row.reponses, row.autres_initiatives = changes, details
    row.save()
    Envoi.objects.filter(pk=envoi.pk).update(repondu_le=timezone.now())


@transaction.atomic
def record_not_ours(envoi: Envoi, initiative: Initiative) -> None:
    """An organisation says that a fiche is not its own, as a report. Raises ValidationError once it was decided."""
    row = replacing(Signalement, Proposition, envoi, initiative)
    with override("fr-ca"):
        said = _("%(organisme)s dit que cette fiche n'est pas, ou plus, la sienne (campagne « %(campagne)s »).")
        row.texte = said % {"organisme": envoi.organisme, "campagne": envoi.campagne}
    row.initiative, row.raisons = initiative, [Raison.AUTRE]
    row.save()
    Envoi.objects.filter(pk=envoi.pk).update(repondu_le=timezone.now())


def replacing(kind, other, envoi: Envoi, initiative: Initiative):
    """The answer to write, in the place of the one that was there. Raises ValidationError once it was decided."""
    # Of two first answers at once there is none to lock: the second waits for the e-mail.
    Envoi.objects.select_for_update().get(pk=envoi.pk)
    key = key_of(envoi, initiative)
    former = other.objects.select_for_update().filter(**key).first()
    row = kind.objects.select_for_update().filter(**key).first() or kind(**key)
    if any(one.etat != EtatContribution.RECUE for one in (row, former) if one):
        raise ValidationError(_("Votre réponse a déjà été traitée. Merci!"))
    if former:
        former.delete()
    return row


@transaction.atomic
def record_all_exact(envoi: Envoi) -> int:
    """Says of each public fiche that was not answered yet that it holds true; how many."""
    Envoi.objects.select_for_update().get(pk=envoi.pk)
    waiting = [answer.fiche for answer in answers(envoi, list(envoi.initiatives.publiees())) if not answer.kind]
    for fiche in waiting:
        record_answer(envoi, fiche, {})
    return len(waiting)


@dataclass
class Answer:
    """What an organisation said of a fiche: nothing yet, that it is exact, changes, or that it is not its own."""

    fiche: Initiative
    kind: str = ""
    decided: bool = False
    changes: list = field(default_factory=list)
    details: str = ""
    reponses: dict = field(default_factory=dict)


def answers(envoi: Envoi, fiches: list[Initiative]) -> list[Answer]:
    """What was said of each of these fiches. Two queries, and a few for each that changes."""
    keys = {key_of(envoi, fiche)["jeton"]: fiche for fiche in fiches}
    said = {row.jeton: row for row in Proposition.objects.filter(jeton__in=keys)}
    reported = {row.jeton: row for row in Signalement.objects.filter(jeton__in=keys)}
    found = []
    for key, fiche in keys.items():
        row = said.get(key) or reported.get(key)
        answer = Answer(fiche, decided=bool(row) and row.etat != EtatContribution.RECUE)
        if key in reported:
            answer.kind = NOT_OURS
        elif row:
            answer.reponses, answer.details = row.reponses, row.autres_initiatives
            answer.kind = CHANGES if row.reponses or row.autres_initiatives else EXACT
        if answer.reponses and not answer.decided:
            now = {name: value for name, value in state.state_of(fiche).items() if name in answer.reponses}
            answer.changes = state.differences(Initiative, now, answer.reponses)
        found.append(answer)
    return found
