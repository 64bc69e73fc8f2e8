"""Who stands behind the directory: what the settings say of it, and when the data last changed. Nothing is supposed."""

from datetime import datetime

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .words import Part, Row, in_words

# Setting → what the pages do not say while it is empty.
TOLD = {
    "RUN_BY": lambda: _("qui tient le répertoire"),
    "RUN_SINCE": lambda: _("depuis quand"),
    "CONTACT_EMAIL": lambda: _("à qui écrire"),
}


def keepers(changed: datetime | None) -> list[Row]:
    """What is known, a row each. No query. `changed`: when the data last did, None where that is not known."""
    english = get_language() == "en"
    name = Part(settings.RUN_BY_EN) if english and settings.RUN_BY_EN else Part(settings.RUN_BY, "fr-CA" * english)
    email, since = settings.CONTACT_EMAIL, settings.RUN_SINCE
    rows = [
        (_("Tenu par"), name),
        (_("Depuis le"), Part(in_words(since) if since else "")),
        (_("Écrire à"), Part(email, link=f"mailto:{email}")),
        (_("Site mis à jour le"), Part(in_words(localdate(changed)) if changed else "")),
    ]
    return [Row(label, [[part]]) for label, part in rows if part.text]


def untold() -> dict[str, str]:
    """What no page says, because the settings do not: name of the setting → in words."""
    return {name: said() for name, said in TOLD.items() if not getattr(settings, name)}
