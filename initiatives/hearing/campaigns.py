"""Verification campaigns: who is asked about which fiches, one e-mail each, one reminder, and what they answer."""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
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


def due():
    """The public fiches never verified, or whose date is past."""
    late = Q(a_verifier_le=None) | Q(a_verifier_le__lt=timezone.localdate())
    return Initiative.objects.publiees().avec_relations().filter(late)


@transaction.atomic
def prepare(campagne: Campagne) -> None:
    """Makes the campaign's e-mails, unsent: one an organisation, about its fiches that are due.

    Whoever asked not to be written to is left out; an organisation without an e-mail is kept, to be reached otherwise.
    """
    fiches = defaultdict(list)
    for fiche in due():
        for organisme in fiche.porteurs:
            fiches[organisme].append(fiche)
    silent = set(Desabonnement.objects.values_list("organisme_id", flat=True))
    emails = dict(
        Contact.objects.filter(organisme__in=fiches, nature=NatureContact.COURRIEL)
        .order_by("-pk")
        .values_list("organisme_id", "valeur")
    )
    for organisme, rows in fiches.items():
        if organisme.pk not in silent:
            envoi = Envoi.objects.create(campagne=campagne, organisme=organisme, courriel=emails.get(organisme.pk, ""))
            envoi.initiatives.set(rows)


def token(envoi: Envoi) -> str:
    return signing.dumps(envoi.pk, salt=SALT)


def read_link(text: str) -> Envoi | None:
    """The e-mail that a link belongs to; None when it is not ours, too old, or when the organisation wants no more."""
    try:
        envoi = Envoi.objects.select_related("campagne", "organisme").get(pk=signing.loads(text, salt=SALT))
        signing.loads(text, salt=SALT, max_age=timedelta(days=envoi.campagne.jours))
    except (signing.BadSignature, Envoi.DoesNotExist):
        return None
    return None if Desabonnement.objects.filter(organisme=envoi.organisme).exists() else envoi


def send(campagne: Campagne) -> tuple[int, list[Envoi]]:
    """Sends what was not sent; (how many, those that failed). Raises ValidationError when no server is configured."""
    return deliver(campagne.envois.filter(envoye_le=None), "envoye_le")


def remind(campagne: Campagne, after_days: int = 0) -> tuple[int, list[Envoi]]:
    """Reminds, once and never more, who did not answer."""
    limit = timezone.now() - timedelta(days=after_days)
    waiting = campagne.envois.filter(envoye_le__lte=limit, relance_le=None, repondu_le=None)
    return deliver(waiting, "relance_le")


def deliver(waiting, mark: str) -> tuple[int, list[Envoi]]:
    """Marks an e-mail before it leaves: whatever happens between the two, nobody is written to twice."""
    if not settings.EMAIL_CONFIGURED:
        raise ValidationError(_("Aucun serveur de courriel n'est configuré : EMAIL_HOST (voir docs/operations.md)."))
    sent, failed = 0, []
    silent = Desabonnement.objects.values("organisme")
    reachable = waiting.exclude(courriel="").exclude(organisme__in=silent)
    for pk in list(reachable.values_list("pk", flat=True)):
        now = timezone.now()
        if not Envoi.objects.filter(pk=pk, **{mark: None}).update(**{mark: now}):
            continue  # somebody else just did
        envoi = Envoi.objects.select_related("campagne", "organisme").get(pk=pk)
        try:
            send_email(envoi, reminder=mark == "relance_le")
            sent += 1
        except OSError:
            Envoi.objects.filter(pk=pk).update(**{mark: None})
            failed.append(envoi)
    return sent, failed


def send_email(envoi: Envoi, reminder: bool) -> None:
    """One e-mail, in French with a line of English. Raises OSError."""
    with override("fr-ca"):
        address = settings.SITE_URL + reverse("verification", args=[token(envoi)])
        until = timezone.localdate() + timedelta(days=envoi.campagne.jours)
        context = {"envoi": envoi, "adresse": address, "rappel": reminder, "jusqu_au": until}
        subject = _("Vos fiches au Répertoire sont-elles encore justes?")
        body = render_to_string("courriels/verification.txt", context)
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [envoi.courriel])


@transaction.atomic
def record_answer(envoi: Envoi, initiative: Initiative, changes: dict, details: str = "") -> None:
    """What an organisation says of a fiche, as a proposition; the last answer counts until somebody decides.

    No change at all says that the fiche holds true. Raises ValidationError once a decision was taken.
    """
    key = {"jeton": f"verification-{envoi.pk}-{initiative.pk}"}
    # Of two first answers at once there is none to lock: the second waits for the e-mail.
    Envoi.objects.select_for_update(no_key=True).get(pk=envoi.pk)
    row = Proposition.objects.select_for_update().filter(**key).first() or Proposition(**key)
    if row.etat != EtatContribution.RECUE:
        raise ValidationError(_("Votre réponse a déjà été traitée. Merci!"))
    row.provenance, row.initiative = Provenance.VERIFICATION, initiative
    row.reponses, row.autres_initiatives = changes, details
    row.save()
    Envoi.objects.filter(pk=envoi.pk).update(repondu_le=timezone.now())


def unsubscribe(envoi: Envoi) -> None:
    Desabonnement.objects.get_or_create(organisme=envoi.organisme)
