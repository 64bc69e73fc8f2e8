"""What an organisation is written: one e-mail, in French then in English, plain, that can be refused and checked."""

import re
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from initiatives.core.addresses import absolute
from initiatives.models import Envoi

SALT = "initiatives.campagne"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
# The space before a sign, or inside quotes, where a mail program would begin a line.
ALONE = re.compile(r" (?=[:;»])|(?<=«) ")


def token(envoi: Envoi) -> str:
    return signing.dumps(envoi.pk, salt=SALT)


def read_link(text: str, for_ever: bool = False) -> Envoi | None:
    """The e-mail that a link belongs to; None when it is not ours or of no use any more.

    `for_ever`: to ask for silence, or for its end, which an old link may still do.
    """
    try:
        rows = Envoi.objects.select_related("campagne", "organisme__fusionne_dans")
        envoi = rows.get(pk=signing.loads(text, salt=SALT))
        if not for_ever:
            signing.loads(text, salt=SALT, max_age=timedelta(days=envoi.campagne.jours))
    except (signing.BadSignature, Envoi.DoesNotExist):
        return None
    return envoi


def letter(envoi: Envoi, fiches: list, reminder: bool, link: str = "", connection=None) -> EmailMessage:
    """The e-mail about these fiches. No query. `link`: another token than the true one, to show it without sending.

    Whatever the language of who sends: French first, then English. Nothing in it tells whether it was read.
    """
    link = link or token(envoi)
    until = timezone.localdate() + timedelta(days=envoi.campagne.jours)
    context = {
        "organisme": envoi.organisme,
        "fiches": fiches,
        "jusqu_au": until,
        "ministere": settings.MINISTRY_NAME,
        "telephone": settings.MINISTRY_PHONE,
        "rappel": reminder,
    }
    parts = []
    for language in ("fr-ca", "en"):
        with override(language):
            address = absolute(reverse("verification", args=[link]))
            text = render_to_string("courriels/verification.txt", context | {"adresse": address}).strip()
            parts.append(ALONE.sub(NO_BREAK_SPACE, text))
    with override("fr-ca"):
        subject = str(_("Vos fiches au Répertoire sont-elles encore justes?"))
        silence = absolute(reverse("verification-silence", args=[link]))
    with override("en"):
        subject += f" / {_('Vos fiches au Répertoire sont-elles encore justes?')}"
    headers = {
        "List-Unsubscribe": f"<{silence}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(
        subject,
        "English follows.\n\n" + "\n\n----------\n\n".join(parts) + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [envoi.courriel],
        headers=headers,
        reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
        connection=connection,
    )


def lacking() -> list[tuple[str, str]]:
    """What the settings do not say and the e-mail would need: (name of the setting, in words)."""
    found = []
    if not settings.EMAIL_CONFIGURED:
        found.append(("EMAIL_HOST", _("aucun serveur de courriel : rien ne peut partir")))
    if parseaddr(settings.DEFAULT_FROM_EMAIL)[1].endswith("@localhost"):
        found.append(("DEFAULT_FROM_EMAIL", _("aucune adresse d'expéditeur")))
    if not settings.MINISTRY_PHONE:
        found.append(("MINISTRY_PHONE", _("aucun téléphone où vérifier que le courriel est vrai")))
    if not settings.CONTACT_EMAIL:
        found.append(("CONTACT_EMAIL", _("aucune adresse où répondre")))
    return found
