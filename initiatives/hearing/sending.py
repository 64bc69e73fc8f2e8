"""The e-mails that leave: one at a time, never twice, resumed after a crash. The queue is the table; no web process
sends anything.

An e-mail is taken (`tente_le`) before it leaves and marked once the server accepted it; between the two its sender
holds an advisory lock, which the database lets go if that process dies. So an e-mail with `tente_le` that nobody holds
is one whose answer was lost: nobody knows whether it left, and nobody tries it again until somebody asked.
"""

import logging
import time
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.core.enums import Echec, Tache
from initiatives.core.watching import telling
from initiatives.core.watching.runs import Sign
from initiatives.models import Campagne, Envoi
from initiatives.models.campagne import FAILED, to_send

from .campaigns import emails_of, is_email
from .letters import letter

LOCK = 1_668_246_643  # ours among the advisory locks of the database
WAITS = [timedelta(minutes=minutes) for minutes in (5, 15, 60, 240)]  # before each new try
QUIET = timedelta(minutes=2)  # without a sign, whoever sends is not there
logger = logging.getLogger(__name__)


class Refused(Exception):  # noqa: N818 - it says what the server did
    """The server refuses all that comes from us: not this e-mail alone."""


def ready():
    """The e-mails that may leave now."""
    now = timezone.now()
    rows = Envoi.objects.filter(to_send(), campagne__lancee_le__isnull=False, campagne__en_pause=False)
    return rows.filter(Q(pas_avant=None) | Q(pas_avant__lte=now))


def run(once: bool = False, go_on=lambda: True, wait=time.sleep, every: float = 3) -> int:
    """Sends what is ready; then, unless `once`, looks again every so many seconds, until `go_on` says no.

    Returns how many left. Raises ValidationError when no server is configured, and behind a pooler that gives each
    transaction another connection, on which the lock of an e-mail would hold nothing.
    """
    if settings.DATABASE_POOLER == "transaction":
        raise ValidationError(_("L'envoi demande la base elle-même, sans intermédiaire (voir docs/operations.md)."))
    if not settings.EMAIL_CONFIGURED:
        raise ValidationError(_("Aucun serveur de courriel n'est configuré : EMAIL_HOST (voir docs/operations.md)."))
    sent, sign, told = 0, Sign(Tache.COURRIELS), 0.0
    while go_on():
        try:
            done, stopped = send_ready(go_on, wait)
            sign.give(not stopped, stopped)
            if time.monotonic() - told > 60:
                tell()
                told = time.monotonic()
        except (OperationalError, InterfaceError) as error:
            if once:
                raise
            logger.error("The database failed while e-mails left: %s", type(error).__name__)
            done, stopped = 0, "database"
        sent += done
        if once:
            break
        connection.close()
        wait(every * (10 if stopped else 1))
    return sent


def tell() -> None:
    """Who runs the site is told what broke, where nothing else does it."""
    try:
        telling.tell()
    except OSError as error:
        logger.error("Nobody could be told of the faults: %s", type(error).__name__)


def send_ready(go_on=lambda: True, wait=time.sleep) -> tuple[int, str]:
    """Sends all that is ready; how many left, and the kind of what stopped it, if anything did."""
    sent, server = 0, get_connection()
    try:
        while go_on() and ready().exists():
            if too_many():
                wait(1)
                continue
            if server.open():  # before anything is taken; False when it is open already
                Campagne.objects.exclude(arret="").update(arret="")
            with taken() as envoi:
                if not envoi:  # all that is left is in other hands: asking again would only load the database
                    break
                sent += send_one(envoi, server)
    except (OSError, Refused) as error:  # what SMTP refuses is an OSError too
        kind = str(error) if isinstance(error, Refused) else type(error).__name__
        Campagne.objects.filter(pk__in=ready().values("campagne")).update(arret=kind[:60])
        logger.error("The e-mails of campaigns wait: %s", kind)  # its kind alone: what it says may hold addresses
        return sent, kind
    finally:
        close(server)
    return sent, ""


def too_many() -> bool:
    """Whether as many were tried in the last minute as may be. One query."""
    since = timezone.now() - timedelta(minutes=1)
    return Envoi.objects.filter(essaye_le__gt=since).count() >= settings.EMAIL_PER_MINUTE


@contextmanager
def taken():
    """An e-mail that is ready, taken by this process alone; None when the others have them all."""
    with transaction.atomic():
        rows = ready().select_for_update(skip_locked=True, of=("self",), no_key=True)
        envoi = rows.select_related("campagne", "organisme").order_by("pk").first()
        if envoi and not hold(envoi):
            envoi = None
        if envoi:
            Envoi.objects.filter(pk=envoi.pk).update(tente_le=timezone.now(), essaye_le=timezone.now())
    try:
        yield envoi
    finally:
        if envoi:
            let_go(envoi)


def asked(function: str, *values) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(values))})", values)
        return cursor.fetchone()[0]


def hold(envoi: Envoi) -> bool:
    return asked("pg_try_advisory_lock", LOCK, envoi.pk)


def let_go(envoi: Envoi) -> None:
    asked("pg_advisory_unlock", LOCK, envoi.pk)


def leaving() -> set[int]:
    """The e-mails that somebody is sending at this moment. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid::bigint = %s "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK],
        )
        return {row[0] for row in cursor.fetchall()}


def send_one(envoi: Envoi, server) -> bool:
    """Sends an e-mail that was taken, and writes what became of it. Raises Refused."""
    reminder = envoi.envoye_le is not None
    row = Envoi.objects.filter(pk=envoi.pk)
    fiches = list(envoi.initiatives.publiees().order_by("titre"))
    if not fiches:
        row.update(tente_le=None, echec=Echec.RIEN)
        return False
    try:
        letter(envoi, fiches, reminder, connection=server).send()
    except Exception as error:
        close(server)  # after some refusals it is of no use any more, and does not say so
        if answer_was_lost(error):
            logger.error("The answer to an e-mail of a campaign was lost: %s", type(error).__name__)
            return False
        if isinstance(error, SMTPSenderRefused):
            row.update(tente_le=None)
            raise Refused(f"SMTPSenderRefused {error.smtp_code}") from None
        logger.error("An e-mail of a campaign was refused: %s", type(error).__name__)
        row.update(tente_le=None, **failure(error, envoi.essais + 1))
        return False
    mark = "relance_le" if reminder else "envoye_le"
    row.update(tente_le=None, echec="", code_smtp=None, essais=0, pas_avant=None, **{mark: timezone.now()})
    return True


def answer_was_lost(error: Exception) -> bool:
    """Whether the connection broke before the answer, so that the server may have taken the e-mail, or not.

    `SMTPException` is an `OSError` too; but for a broken connection, it is an answer.
    """
    return isinstance(error, SMTPServerDisconnected) or (
        not isinstance(error, SMTPException) and isinstance(error, OSError)
    )


def failure(error: Exception, tries: int) -> dict:
    """Why an e-mail was refused, and when it is tried again, if the server asks for that (4xx): a few times."""
    kind, codes = Echec.AUTRE, []
    if isinstance(error, SMTPRecipientsRefused):
        kind, codes = Echec.ADRESSE, [code for code, _said in error.recipients.values()]
    elif isinstance(error, SMTPResponseException):
        kind, codes = Echec.MESSAGE if isinstance(error, SMTPDataError) else Echec.AUTRE, [error.smtp_code]
    elif isinstance(error, ValueError):
        kind = Echec.MAL_ECRITE
    again = bool(codes) and max(codes) < 500 and tries <= len(WAITS)
    return {
        "echec": kind,
        "code_smtp": max(codes, default=None),
        "essais": tries,
        "pas_avant": timezone.now() + WAITS[tries - 1] if again else None,
    }


def close(server) -> None:
    """Lets the connection go, whatever state it is in: the next e-mail opens another."""
    try:
        server.close()
    except OSError:
        server.connection = None


def try_again(campagne: Campagne, only: int | None = None) -> int:
    """Puts e-mails that failed back in the queue, to the address that is their organisation's now; how many.

    One whose organisation has no e-mail any more is to be called.
    """
    rows = campagne.envois.filter(FAILED)
    rows = rows.filter(pk=only) if only else rows
    emails = emails_of(rows.values("organisme"))
    failed = list(rows)
    for envoi in failed:
        address = next((value for value in emails[envoi.organisme_id] if is_email(value)), "")
        same = rows.filter(pk=envoi.pk)  # still: a second click finds it in the queue
        same.update(courriel=address, echec="", code_smtp=None, essais=0, pas_avant=None)
    return len(failed)


@transaction.atomic
def settle(envoi: Envoi, arrived: bool) -> None:
    """Somebody asked the organisation: the e-mail arrived, or may be tried again. Raises ValidationError."""
    if not asked("pg_try_advisory_xact_lock", LOCK, envoi.pk):
        raise ValidationError(_("Ce courriel est en train de partir : attendez un instant."))
    mark = "relance_le" if envoi.envoye_le else "envoye_le"
    marked = {mark: timezone.now(), "echec": "", "pas_avant": None} if arrived else {}
    if not Envoi.objects.filter(pk=envoi.pk, tente_le__isnull=False).update(tente_le=None, **marked):
        raise ValidationError(_("Cet envoi n'est plus incertain."))


class Sending(Enum):
    """What the sending of a campaign is doing."""

    DONE = "fini"
    PAUSED = "pause"
    STOPPED = "arret"
    ABSENT = "absent"
    LATER = "plus-tard"
    GOING = "cours"


def doing(campagne: Campagne) -> Sending:
    """What the sending of a launched campaign is doing. A few queries."""
    if not campagne.envois.filter(to_send()).exists():
        return Sending.DONE
    if campagne.en_pause:
        return Sending.PAUSED
    if campagne.arret:
        return Sending.STOPPED
    if not ready().filter(campagne=campagne).exists():
        return Sending.LATER
    since = timezone.now() - QUIET
    signs = Q(essaye_le__gt=since) | Q(relance_demandee_le__gt=since)
    there = campagne.lancee_le > since or Envoi.objects.filter(signs).exists()
    return Sending.GOING if there else Sending.ABSENT
