"""What becomes of what the field sends: received within limits, made a draft, applied, refused, and forgotten."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from initiatives.core.enums import (
    Confirmation,
    EtatContribution,
    NatureGeste,
    NatureVersion,
    Provenance,
    Raison,
    Statut,
)
from initiatives.keeping import acts, history, moderation, porteurs, revisions, state
from initiatives.models import Geste, Initiative, Organisme, Proposition, Signalement

from . import answering, client

PER_HOUR = 10


class TooManyError(Exception):
    """One place sent more in an hour than a person does."""


def receive(contribution: Proposition | Signalement, address: str) -> None:
    """Keeps a contribution, all or nothing; the same form sent twice is kept once. Raises TooManyError.

    The address is forgotten at once, and its fingerprint within the hour (client.may_pass).
    """
    same = type(contribution).objects.filter(jeton=contribution.jeton)
    if same.exists():
        return
    if not client.may_pass(address, PER_HOUR):
        raise TooManyError
    try:
        with transaction.atomic():
            contribution.save()
    except IntegrityError:
        if not same.exists():  # else both were sent at once, and the other is kept
            raise


CHANGED = gettext_lazy("L'organisme a changé sa réponse entre-temps : relisez-la.")


@transaction.atomic
def record_decision(contribution, etat: EtatContribution, par, motif: str = ""):
    """Writes the decision, once; gives the contribution as it is now, locked. Raises ValidationError, also where an
    organisation wrote something else since.
    """
    row = type(contribution).objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if row.etat == EtatContribution.RETIREE:
        raise ValidationError(_("L'organisme vient de retirer ce qu'il avait écrit."))
    if row.etat != EtatContribution.RECUE:
        raise ValidationError(_("Une décision a déjà été prise."))
    if answering.mark(row) != answering.mark(contribution):
        raise ValidationError(CHANGED)
    if etat == EtatContribution.ECARTEE and not motif.strip():
        raise ValidationError(_("Dites pourquoi."))
    row.etat, row.decidee_par, row.motif, row.decidee_le = etat, par, motif.strip(), timezone.now()
    row.save(update_fields=["etat", "decidee_par", "motif", "decidee_le"])
    return row


@dataclass(frozen=True)
class Named:
    """Which organisation an editor says that a proposition names: one that is there, or a new one by its name."""

    slug: str = ""
    nouveau: bool = False
    nom: str = ""
    categorie: str = ""


LATER = Named()


def organisation(proposition: Proposition, named: Named, par) -> Organisme | None:
    """The organisation that an editor named, made where it is new; None where she decides later.

    Raises ValidationError, under `porteur`.
    """
    if named.slug:
        if found := Organisme.objects.filter(slug=named.slug).first():
            return found.actuel
        raise ValidationError({"porteur": _("Cet organisme n'existe plus : choisissez-en un autre.")})
    if not named.nouveau:
        return None
    motif = _("Proposition n° %(n)s") % {"n": proposition.pk}
    region = proposition.reponses.get("region")
    try:
        return porteurs.create(named.nom, named.categorie, region, par, motif)
    except ValidationError as refusal:
        names = getattr(refusal, "error_dict", {})
        said = [_("Choisissez la catégorie de l'organisme.")] if "categorie" in names else refusal.messages
        raise ValidationError({"porteur": said}) from None


@transaction.atomic
def to_draft(proposition: Proposition, par, named: Named = LATER) -> Initiative:
    """Makes a draft with every answer, carried by the organisation that an editor named. Raises ValidationError, also
    when a decision was taken already.
    """
    proposition = record_decision(proposition, EtatContribution.RETENUE, par)
    draft = Initiative(statut=Statut.BROUILLON, note_interne=note_of(proposition))
    answers = dict(proposition.reponses)
    reached = answers.pop("contacts", [])  # kept for editors: nobody read them yet
    for name, value in answers.items():
        field = state.fields_of(Initiative)[name]
        setattr(draft, field.attname, state.stored_value(field, value))
    carrier = organisation(proposition, named, par)
    draft.porteurs = [carrier] if carrier else []  # unsaved, it has no link yet
    moderation.save_new(draft)
    if carrier:
        state.set_porteurs(draft, [carrier.slug])
    state.set_contacts(draft, reached)
    history.record(draft, NatureVersion.CREATION, par, _("Proposition n° %(n)s") % {"n": proposition.pk})
    proposition.initiative = draft
    proposition.save(update_fields=["initiative"])
    return draft


def note_of(proposition: Proposition) -> str:
    note = _("Tirée de la proposition n° %(n)s.") % {"n": proposition.pk}
    if proposition.autres_initiatives:
        note += "\n" + _("Autres initiatives nommées :") + f"\n{proposition.autres_initiatives}"
    return note


@transaction.atomic
def accept_changes(proposition: Proposition, par, fields: list[str]) -> Signalement | None:
    """Applies the proposed values of these fields to the fiche, and says it verified; both wait to be read again where
    this account may not publish. What is said besides, in words that no field takes, is returned as a report, which
    waits until somebody wrote it. Raises ValidationError.
    """
    proposition = record_decision(proposition, EtatContribution.RETENUE, par)
    motif = _("Proposition n° %(n)s, confirmée par l'organisme") % {"n": proposition.pk}

    def change(fiche: Initiative) -> None:
        state.apply_state(fiche, proposition.reponses, fields)
        if revisions.must_wait(fiche, par):
            moderation.verified_today(fiche)

    fiche, nature = proposition.initiative, NatureVersion.MODIFICATION
    if not fields or revisions.write(fiche, par, nature, motif, change) is None:
        moderation.verify(fiche, par, motif)
    return precised(proposition) if proposition.autres_initiatives else None


# An organisation says that its fiche holds true, and nothing else.
UNCHANGED = Q(provenance=Provenance.VERIFICATION, reponses={}, autres_initiatives="")


@transaction.atomic
def accept_unchanged(rows: Iterable[Proposition], marks: Iterable[str], par) -> Geste:
    """Says of several answers at once that nothing changed: their fiches are verified today, all or none, and it is
    undone as one act. `marks`: those of the fiches as they were shown (acts.mark). Raises ValidationError.
    """
    rows, marks, of = sorted(rows, key=lambda row: row.pk), set(marks), {}
    for row in rows:
        row = record_decision(row, EtatContribution.RETENUE, par)
        if row.provenance != Provenance.VERIFICATION or row.reponses or row.autres_initiatives:
            raise ValidationError(_("« %(fiche)s » : cette réponse propose des changements.") % {"fiche": row})
        of.setdefault(row.initiative_id, []).append(row.pk)
    if {acts.numero(text) for text in marks} != of.keys():
        raise ValidationError(_("Cette page avait changé : recommencez."))
    geste = acts.perform(NatureGeste.VERIFIER, marks, par, str(Confirmation.LIEN.label))
    geste.fiches = [fiche | {"propositions": of[fiche["numero"]]} for fiche in geste.fiches]
    geste.save(update_fields=["fiches"])
    return geste


def precised(proposition: Proposition) -> Signalement:
    """The words of an organisation beside the fields, as a report of how it is reached: it opens the fiche there, and
    the version that answers it shows them. Written after the changes, which do not answer it.
    """
    with override("fr-ca"):
        said = _("Précision de %(qui)s (proposition n° %(n)s) : %(mots)s")
        who = proposition.envoi.organisme if proposition.envoi else _("l'organisme")
        words = said % {"qui": who, "n": proposition.pk, "mots": proposition.autres_initiatives}
    return Signalement.objects.create(
        jeton=f"precision-{proposition.pk}",
        initiative=proposition.initiative,
        raisons=[Raison.COORDONNEES],
        texte=words,
    )


def to_answer(model):
    """What was sent by somebody who left an e-mail, and whom nobody answered yet. `Contribution.attend_reponse`."""
    return model.objects.exclude(courriel_expediteur="").filter(repondu_le=None)


def answered(contribution, par) -> bool:
    """Writes that its sender was answered, once, and by whom; says whether it was still to be done. One query."""
    rows = to_answer(type(contribution)).filter(pk=contribution.pk)
    return bool(rows.update(repondu_le=timezone.now(), repondu_par=par))


@transaction.atomic
def erase_contacts(days: int | None = None) -> dict[str, list[int]]:
    """Erases the name and e-mail of whoever sent what was decided long enough ago; says which, by model."""
    limit = timezone.now() - timedelta(days=settings.CONTACT_RETENTION_DAYS if days is None else days)
    erased = {}
    for model in (Proposition, Signalement):
        rows = model.objects.filter(decidee_le__lte=limit, contact_efface_le=None)
        rows = rows.exclude(nom_expediteur="", courriel_expediteur="")
        erased[model._meta.verbose_name_plural] = sorted(rows.values_list("pk", flat=True))
        rows.update(nom_expediteur="", courriel_expediteur="", contact_efface_le=timezone.now())
    return erased
