"""Whether a way to reach somebody looks like a person's own, rather than a service's."""

import re

from initiatives.core.enums import NatureContact

FREE_MAIL = {
    "gmail.com",
    "hotmail.com",
    "hotmail.ca",
    "outlook.com",
    "yahoo.ca",
    "yahoo.com",
    "videotron.ca",
    "icloud.com",
}
SERVICE = {
    *("info", "accueil", "administration", "admin", "direction", "contact", "intervention", "urgence", "reception"),
    *("communication", "communications", "service", "services", "secretariat", "clinique", "prevention", "jeunesse"),
}
MOBILE = re.compile(r"\b(cell|cellulaire|mobile|texto|personnel)", re.IGNORECASE)


def looks_personal(nature: str, valeur: str, precision: str = "") -> bool:
    """first.last@ and p.last@, any name on a free mail service, a number said to be a mobile."""
    if nature == NatureContact.TELEPHONE:
        return bool(MOBILE.search(f"{valeur} {precision}"))
    if nature != NatureContact.COURRIEL or "@" not in valeur:
        return False
    local, _at, domain = valeur.lower().partition("@")
    parts = [part for part in re.split(r"[._-]", local) if part]
    if SERVICE & set(parts):
        return False
    two_names = len(parts) == 2 and all(part.isalpha() for part in parts) and len(parts[1]) > 2
    return two_names or domain in FREE_MAIL
