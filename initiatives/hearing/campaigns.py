"""Verification campaigns: who is asked about which fiches, one e-mail each, one reminder, and what they answer."""

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from smtplib import SMTPException, SMTPServerDisconnected

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from initiatives.core.enums import EtatContribution, NatureContact, Provenance
from initiatives.models import Campagne, Contact, Desabonnement, Envoi, Initiative, Proposition

SALT = "initiatives.campagne"
REMINDER_DAYS = 21
logger = logging.getLogger(__name__)


def due():
    """The public fiches never verified, or whose date is past."""
    late = Q(a_verifier_le=None) | Q(a_verifier_le__lt=timezone.localdate())
    return Initiative.objects.publiees().avec_relations().filter(late)


@transaction.atomic
def prepare(campagne: Campagne) -> None:
    """Makes the campaign's e-mails, unsent: one an organisation, about its fiches that are due.

    Whoever asked not to be written to is left out; an organisation without an e-mail is kept, to be reached otherwise.
    A few queries, whatever their number.
    """
    fiches = defaultdict(list)
    for fiche in due():
        for organisme in fiche.porteurs:
            fiches[organisme].append(fiche)
    silent = set(Desabonnement.objects.values_list("organisme_id", flat=True))
    written = Contact.objects.filter(organisme__in=fiches, nature=NatureContact.COURRIEL).order_by("-pk")
    emails = {pk: value for pk, value in written.values_list("organisme_id", "valeur") if is_email(value)}
    envois = {
        organisme: Envoi(campagne=campagne, organisme=organisme, courriel=emails.get(organisme.pk, ""))
        for organisme in fiches
        if organisme.pk not in silent
    }
    Envoi.objects.bulk_create(envois.values())
    link = Envoi.initiatives.through
    link.objects.bulk_create(link(envoi=envois[row], initiative=fiche) for row in envois for fiche in fiches[row])


def token(envoi: Envoi) -> str:
    return signing.dumps(envoi.pk, salt=SALT)


def read_link(text: str) -> Envoi | None:
    """The e-mail that a link belongs to; None when it is not ours, too old, or when the organisation wants no more."""
    try:
        rows = Envoi.objects.select_related("campagne", "organisme__fusionne_dans")
        envoi = rows.get(pk=signing.loads(text, salt=SALT))
        signing.loads(text, salt=SALT, max_age=timedelta(days=envoi.campagne.jours))
    except (signing.BadSignature, Envoi.DoesNotExist):
        return None
    return None if Desabonnement.objects.filter(organisme=envoi.organisme.actuel).exists() else envoi


def is_email(value: str) -> bool:
    """Whether an e-mail can be written to: those typed before contacts were checked may not be."""
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


@dataclass
class Delivery:
    """What became of the e-mails of one run."""

    sent: int = 0
    failed: list[Envoi] = field(default_factory=list)  # certainly not sent: the next run tries them again
    uncertain: list[Envoi] = field(default_factory=list)  # the server's answer was lost: nobody tries them again
    stopped: str = ""  # why those that follow were not tried


def send(campagne: Campagne) -> Delivery:
    """Sends what was not sent. Raises ValidationError when no server is configured."""
    return deliver(campagne.envois.filter(envoye_le=None), "envoye_le")


def remind(campagne: Campagne, after_days: int = 0) -> Delivery:
    """Reminds, once and never more, who did not answer."""
    limit = timezone.now() - timedelta(days=after_days)
    waiting = campagne.envois.filter(envoye_le__lte=limit, relance_le=None, repondu_le=None)
    return deliver(waiting, "relance_le")


def deliver(waiting, mark: str) -> Delivery:
    """Sends to each organisation that may be written to; one that fails stops none of the others.

    An e-mail is taken (`tente_le`) before it leaves and marked once the server accepted it, so that whatever happens
    between the two, nothing is marked that was not sent, and nobody is written to twice.
    """
    if not settings.EMAIL_CONFIGURED:
        raise ValidationError(_("Aucun serveur de courriel n'est configuré : EMAIL_HOST (voir docs/operations.md)."))
    silent = Desabonnement.objects.values("organisme")
    reachable = waiting.filter(tente_le=None, organisme__fusionne_dans=None)
    reachable = reachable.exclude(courriel="").exclude(organisme__in=silent)
    outcome, server = Delivery(), get_connection()
    try:
        for pk in list(reachable.values_list("pk", flat=True)):
            server.open()  # before anything is taken; nothing when it is open already
            if reachable.filter(pk=pk).update(tente_le=timezone.now()):  # still: somebody may have sent it meanwhile
                send_one(Envoi.objects.select_related("campagne", "organisme").get(pk=pk), server, mark, outcome)
    except OSError as error:  # what SMTP refuses is one too
        reason = {"raison": type(error).__name__}
        outcome.stopped = _("Le serveur de courriel ne répond pas (%(raison)s) : réessayez plus tard.") % reason
    finally:
        close(server)
    return outcome


def send_one(envoi: Envoi, server, mark: str, outcome: Delivery) -> None:
    """Sends an e-mail that was taken, and writes what became of it."""
    try:
        email(envoi, server, reminder=mark == "relance_le").send()
    except Exception as error:
        close(server)  # after some refusals it is of no use any more, and does not say so
        if answer_was_lost(error):
            outcome.uncertain.append(envoi)
            return
        # Its kind alone: what it says holds addresses.
        logger.error("An e-mail of a campaign was refused: %s", type(error).__name__)
        Envoi.objects.filter(pk=envoi.pk).update(tente_le=None)
        outcome.failed.append(envoi)
    else:
        Envoi.objects.filter(pk=envoi.pk).update(tente_le=None, **{mark: timezone.now()})
        outcome.sent += 1


def answer_was_lost(error: Exception) -> bool:
    """Whether the connection broke before the answer, so that the server may have taken the e-mail, or not.

    `SMTPException` is an `OSError` too; but for a broken connection, it is an answer.
    """
    return isinstance(error, SMTPServerDisconnected) or (
        not isinstance(error, SMTPException) and isinstance(error, OSError)
    )


def close(server) -> None:
    """Lets the connection go, whatever state it is in: the next e-mail opens another."""
    try:
        server.close()
    except OSError:
        server.connection = None


def email(envoi: Envoi, server, reminder: bool) -> EmailMessage:
    """One e-mail, in French with a line of English."""
    with override("fr-ca"):
        address = settings.SITE_URL + reverse("verification", args=[token(envoi)])
        until = timezone.localdate() + timedelta(days=envoi.campagne.jours)
        context = {"envoi": envoi, "adresse": address, "rappel": reminder, "jusqu_au": until}
        subject = _("Vos fiches au Répertoire sont-elles encore justes?")
        body = render_to_string("courriels/verification.txt", context)
        return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [envoi.courriel], connection=server)


def settle_uncertain(envoi: Envoi, arrived: bool) -> None:
    """Somebody asked the organisation: the e-mail arrived, or may be tried again. Raises ValidationError."""
    mark = "relance_le" if envoi.envoye_le else "envoye_le"
    marked = {mark: timezone.now()} if arrived else {}
    if not Envoi.objects.filter(pk=envoi.pk, tente_le__isnull=False).update(tente_le=None, **marked):
        raise ValidationError(_("Cet envoi n'est plus incertain."))


@transaction.atomic
def record_answer(envoi: Envoi, initiative: Initiative, changes: dict, details: str = "") -> None:
    """What an organisation says of a fiche, as a proposition; the last answer counts until somebody decides.

    No change at all says that the fiche holds true. Raises ValidationError once a decision was taken.
    """
    key = {"jeton": f"verification-{envoi.pk}-{initiative.pk}"}
    # Of two first answers at once there is none to lock: the second waits for the e-mail.
    Envoi.objects.select_for_update().get(pk=envoi.pk)
    row = Proposition.objects.select_for_update().filter(**key).first() or Proposition(**key)
    if row.etat != EtatContribution.RECUE:
        raise ValidationError(_("Votre réponse a déjà été traitée. Merci!"))
    row.provenance, row.initiative = Provenance.VERIFICATION, initiative
    row.reponses, row.autres_initiatives = changes, details
    row.save()
    Envoi.objects.filter(pk=envoi.pk).update(repondu_le=timezone.now())


def unsubscribe(envoi: Envoi) -> None:
    Desabonnement.objects.get_or_create(organisme=envoi.organisme.actuel)
