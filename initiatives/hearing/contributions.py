"""What becomes of what the field sends: received within limits, made a draft, applied, refused, and forgotten."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from initiatives.core.enums import EtatContribution, NatureVersion, Statut
from initiatives.keeping import history, moderation, state
from initiatives.models import Initiative, Passage, Proposition, Signalement

PER_HOUR = 10


class TooManyError(Exception):
    """One place sent more in an hour than a person does."""


@transaction.atomic
def receive(contribution: Proposition | Signalement, address: str) -> None:
    """Keeps a contribution, all or nothing; the same form sent twice is kept once. Raises TooManyError.

    The address is forgotten at once: what stays for an hour is a fingerprint of it that changes with the day.
    """
    day = timezone.localdate().isoformat()
    fingerprint = salted_hmac("initiatives.passage" + day, address, algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [fingerprint])
    if type(contribution).objects.filter(jeton=contribution.jeton).exists():
        return
    Passage.objects.filter(le__lt=timezone.now() - timedelta(hours=1)).delete()
    if Passage.objects.filter(empreinte=fingerprint).count() >= PER_HOUR:
        raise TooManyError
    Passage.objects.create(empreinte=fingerprint)
    contribution.save()


@transaction.atomic
def record_decision(contribution, etat: EtatContribution, par, motif: str = ""):
    """Writes the decision, once; gives the contribution as it is now, locked. Raises ValidationError."""
    row = type(contribution).objects.select_for_update().get(pk=contribution.pk)
    if row.etat != EtatContribution.RECUE:
        raise ValidationError(_("Une décision a déjà été prise."))
    if etat == EtatContribution.ECARTEE and not motif.strip():
        raise ValidationError(_("Dites pourquoi."))
    row.etat, row.decidee_par, row.motif, row.decidee_le = etat, par, motif.strip(), timezone.now()
    row.save(update_fields=["etat", "decidee_par", "motif", "decidee_le"])
    return row


@transaction.atomic
def to_draft(proposition: Proposition, par) -> Initiative:
    """Makes a draft with every answer. Raises ValidationError when a decision was taken already."""
    proposition = record_decision(proposition, EtatContribution.RETENUE, par)
    draft = Initiative(statut=Statut.BROUILLON, note_interne=note_of(proposition))
    for name, value in proposition.reponses.items():
        field = state.fields_of(Initiative)[name]
        setattr(draft, field.attname, state.stored_value(field, value))
    draft.save()
    draft.slug = moderation.free_slug(draft)
    draft.save(update_fields=["slug"])
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
def accept_changes(proposition: Proposition, par, fields: list[str]) -> None:
    """Applies the proposed values of these fields to the fiche, and says it verified. Raises ValidationError."""
    proposition = record_decision(proposition, EtatContribution.RETENUE, par)
    motif = _("Proposition n° %(n)s, confirmée par l'organisme") % {"n": proposition.pk}
    if fields:
        with history.change(proposition.initiative, NatureVersion.MODIFICATION, par, motif) as fiche:
            state.apply_state(fiche, proposition.reponses, fields)
    moderation.verify(proposition.initiative, par, motif)


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
