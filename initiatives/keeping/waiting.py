"""What waits for the editors: counts, each with the list that holds exactly that many."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import OperationalError
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from initiatives.core.enums import Appelant, EtatContribution, IssueRevision, Statut
from initiatives.core.querysets import publique
from initiatives.models import (
    Contact,
    Decision,
    Initiative,
    LigneAide,
    Organisme,
    Porteur,
    Proposition,
    Revision,
    Signalement,
)

from . import alike, strategies
from .similar import likely_pairs

WITHIN = 1000  # milliseconds
A_MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Waiting:
    """`nombre`: None where counting takes longer than a first screen may."""

    libelle: str
    nombre: int | None
    adresse: str


@dataclass(frozen=True)
class Missing:
    """What nobody has written yet, in a sentence, and where to write it."""

    phrase: str
    adresse: str


def without_contact() -> Q:
    """The fiches that nobody can be reached through, not even by an editor."""
    own = Contact.objects.filter(initiative=OuterRef("pk"))
    theirs = Porteur.objects.filter(initiative=OuterRef("pk"), organisme__contacts__isnull=False)
    return ~Exists(own) & ~Exists(theirs)


def given_back() -> Q:
    """The drafts that were handed in and came back, to be written again; those refused, for a month."""
    decided = Decision.objects.filter(initiative=OuterRef("pk"))
    returned = decided.filter(ancien_statut=Statut.A_RELIRE, nouveau_statut=Statut.BROUILLON)
    refused = decided.filter(nouveau_statut=Statut.REFUSEE, prise_le__gt=timezone.now() - A_MONTH)
    return Q(Exists(returned), statut=Statut.BROUILLON) | Q(Exists(refused), statut=Statut.REFUSEE)


# The lists of the first screen: code of the filter « Ce qui attend » → (label, condition).
LISTS = {
    "jamais-verifiee": (lambda: _("Jamais vérifiées"), lambda: publique() & Q(verifiee_le=None)),
    "en-retard": (
        lambda: _("À vérifier : date passée"),
        lambda: publique() & Q(a_verifier_le__lt=timezone.localdate()),
    ),
    "sans-contact": (lambda: _("Sans aucune coordonnée"), lambda: publique() & without_contact()),
    "sans-besoin": (lambda: _("Sans besoin"), lambda: publique() & Q(besoins=[])),
    "types-inconnus": (lambda: _("Types inconnus"), lambda: publique() & Q(types_connus=False)),
    "tronquees": (lambda: _("Partenaires tronqués"), lambda: publique() & Q(partenaires_tronques=True)),
    "a-relire": (lambda: _("Nouvelles, à relire"), lambda: Q(statut=Statut.A_RELIRE)),
    "rendues": (lambda: _("Nouvelles, renvoyées ou refusées"), given_back),
    "brouillons": (lambda: _("Brouillons"), lambda: Q(statut=Statut.BROUILLON)),
}


def what_waits(user) -> list[Waiting]:
    """The counts that this account may see, in order of urgency. Nine queries at most, two more for a new version of
    the data.
    """
    rows = []
    for model in (Proposition, Signalement):
        if user.has_perm(f"initiatives.view_{model._meta.model_name}"):
            number = model.objects.filter(etat=EtatContribution.RECUE).count()
            label = _("Propositions reçues") if model is Proposition else _("Signalements reçus")
            address = reverse(f"admin:initiatives_{model._meta.model_name}_changelist")
            rows.append(Waiting(label, number, f"{address}?etat__exact={EtatContribution.RECUE}"))
    rows += senders_waiting(user)
    if not user.has_perm("initiatives.view_initiative"):
        return rows
    rows += revisions_waiting(user)
    fiches = reverse("admin:initiatives_initiative_changelist")
    counts = Initiative.objects.aggregate(
        strategies=Count("pk", filter=strategies.waits()),
        **{code.replace("-", "_"): Count("pk", filter=condition()) for code, (_label, condition) in LISTS.items()},
    )
    for code, (label, _condition) in LISTS.items():
        rows.append(Waiting(label(), counts[code.replace("-", "_")], f"{fiches}?attente={code}"))
    noted = Organisme.objects.actuels().exclude(note_interne="").count()
    organismes = reverse("admin:initiatives_organisme_changelist")
    rows.append(Waiting(_("Organismes à confirmer"), noted, f"{organismes}?note_interne__isempty=0"))
    address = reverse("admin:initiatives_organisme_doublons")
    rows.append(Waiting(_("Organismes en double"), len(alike.likely_pairs()), address))
    if user.has_perm("initiatives.view_classement"):
        address = reverse("admin:initiatives_classement_aconfirmer")
        rows.append(Waiting(_("Stratégies à confirmer"), counts["strategies"], address))
    address = reverse("admin:initiatives_initiative_doublons")
    rows.append(Waiting(_("Doublons possibles"), count_of_pairs(), address))
    return rows


def count_of_pairs() -> int | None:
    """How many pairs of fiches look alike; None where a thousand titles do, and comparing them takes too long."""
    try:
        return len(likely_pairs(WITHIN))
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        return None


def senders_waiting(user) -> list[Waiting]:
    """The senders whom nobody answered of what was decided already, for who sees them. Two queries."""
    rows = []
    labels = {Proposition: _("Propositions réglées, à répondre"), Signalement: _("Signalements réglés, à répondre")}
    for model, label in labels.items() if user.has_perm("initiatives.voir_expediteur") else ():
        decided = model.objects.exclude(etat=EtatContribution.RECUE).exclude(courriel_expediteur="")
        if number := decided.filter(repondu_le=None).count():
            address = reverse(f"admin:initiatives_{model._meta.model_name}_changelist")
            rows.append(Waiting(label, number, f"{address}?reponse=attendue"))
    return rows


def revisions_waiting(user) -> list[Waiting]:
    """What was changed and is to be read again, and of what this account wrote, what was sent back. One query."""
    sent_back = Q(issue=IssueRevision.RENVOYEE, par=user)
    counts = Revision.objects.aggregate(
        waiting=Count("pk", filter=Q(issue=IssueRevision.EN_ATTENTE)), sent_back=Count("pk", filter=sent_back)
    )
    address = reverse("admin:initiatives_revision_changelist")
    rows = [Waiting(_("Modifiées, à relire"), counts["waiting"], f"{address}?issue__exact={IssueRevision.EN_ATTENTE}")]
    if counts["sent_back"]:
        mine = f"{address}?issue__exact={IssueRevision.RENVOYEE}&par__id__exact={user.pk}"
        rows.append(Waiting(_("Renvoyées, à reprendre"), counts["sent_back"], mine))
    return rows


def what_lacks(user) -> list[Missing]:
    """What the public still needs and the directory cannot invent. One query, for who may see the help lines."""
    if not user.has_perm("initiatives.view_ligneaide"):
        return []
    lines = list(LigneAide.objects.affichees())
    address = reverse("admin:initiatives_ligneaide_changelist")
    found = []
    if not any(Appelant.JEUNE in line.pour for line in lines):
        found.append(_("Aucune ligne d'aide n'est encore faite pour les jeunes."))
    if not any(line.texto for line in lines):
        found.append(_("Aucune ligne d'aide ne reçoit de textos."))
    return [Missing(phrase, address) for phrase in found]
