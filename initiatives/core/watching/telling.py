"""The e-mail to who runs the site: what broke since the last one, and what is late. No web process sends it."""

import hashlib
import os
import tempfile
from datetime import timedelta
from pathlib import Path
from time import time

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from initiatives.core.addresses import absolute
from initiatives.core.enums import Tache
from initiatives.models import Execution, Panne
from repertoire.release import code_version

from . import runs, standby
from .state import moment, tasks

LOCK = 1_668_246_644  # ours among the advisory locks of the database
REST = timedelta(hours=1)  # between two e-mails
AGAIN = timedelta(days=1)  # what is late is said again
COPY = "La copie que lisent les visiteurs ne suit plus : ils lisent ce qui était vrai avant (DATABASE_READ_URL)."


def tell() -> bool:
    """Tells ADMINS what is new, at most once an hour; whether an e-mail left. A few queries.

    Raises OSError where the mail server does not take it: it is told with the next.
    """
    if not settings.ADMINS:
        return False
    try:
        with transaction.atomic():
            return told()
    except OSError as error:
        runs.record(Tache.ANNONCE, False, detail=type(error).__name__)
        raise


def told() -> bool:
    now = timezone.now()
    with connection.cursor() as cursor:
        if not cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK]).fetchone()[0]:
            return False
    last = Execution.objects.filter(tache=Tache.ANNONCE, reussi=True).first()
    if last and abs(now - last.fini_le) < REST:  # told in a time to come, by a clock that was wrong: told to nobody
        return False
    faults = list(Panne.objects.filter(Q(annoncee_le=None) | Q(derniere_le__gt=F("annoncee_le")), reglee_le=None))
    needs = [task for task in tasks(now) if task.besoin and task.tache != Tache.ANNONCE]
    phrases, codes = [task.phrase for task in needs], [f"{task.tache}:{task.besoin}" for task in needs]
    if standby.is_late():
        phrases, codes = [*phrases, COPY], [*codes, "copie:retard"]
    codes = " ".join(codes)
    known = last.detail if last else ""
    if not faults and (not codes or (codes == known and abs(now - last.fini_le) < AGAIN)):
        if not codes and known:
            Execution.objects.filter(pk=last.pk).update(detail="")
        return False
    send(subject(len(faults), len(phrases)), [*map(line, faults), *phrases])  # before a row is held: it may take long
    Panne.objects.filter(pk__in=[fault.pk for fault in faults]).update(annoncee_le=now)
    runs.record(Tache.ANNONCE, detail=codes)
    return True


def subject(faults: int, needs: int) -> str:
    parts = [f"{faults} panne{'s' if faults > 1 else ''}"] * bool(faults)
    parts += [f"{needs} tâche{'s' if needs > 1 else ''} à voir"] * bool(needs)
    return f"Répertoire : {', '.join(parts)}"


def line(fault: Panne) -> str:
    return (
        f"{fault.nature}\n  adresse : {fault.route}\n  endroit : {fault.endroit}\n  fois : {fault.nombre}, "
        f"du {moment(fault.premiere_le)} au {moment(fault.derniere_le)}\n  version : {fault.version}"
    )


def send(title: str, paragraphs: list[str]) -> None:
    """In French, the language of the workshop. Raises OSError."""
    end = f"{absolute(reverse('admin:index'))} · version {code_version()}"
    EmailMessage(title, "\n\n".join([*paragraphs, end]), to=[address for _name, address in settings.ADMINS]).send()


def tell_away(kind: str) -> bool:
    """Tells ADMINS that the database does not answer, at most once an hour: a file remembers, for nothing else can.

    Raises OSError.
    """
    site = hashlib.sha256(absolute().encode()).hexdigest()[:8]  # another of the same user tells for itself
    stamp = Path(tempfile.gettempdir(), f"repertoire-{os.getuid()}-{site}-annonce")
    if not settings.ADMINS or (stamp.exists() and abs(time() - stamp.stat().st_mtime) < REST.total_seconds()):
        return False
    send("Répertoire : la base de données ne répond pas", [f"La base de données ne répond pas ({kind})."])
    stamp.touch()  # once it left: one that did not is tried again
    return True
