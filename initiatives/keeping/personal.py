"""Whether a way to reach somebody looks like a person's own, and what asks before it is shown to everybody."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from initiatives.core.enums import NatureContact, Regions, Visibilite
from initiatives.core.slugs import plain_slug

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
# What a service, a place or a function is called: an e-mail that begins with one of these is no person's.
SERVICE = set(
    """
    acces accueil admin administration ados aide auberge benevolat benevoles bienvenue bonjour bureau carrefour
    centre clinique comite communication communications contact coordination courriel crise direction dons
    ecoute emploi enquetes equipe exploitation famille familles formation formations general generale gestion
    guichet hebergement hello help info information informations infos intake intervenant intervenante
    intervenants intervention jeunes jeunesse liaison ligne maison media medias nuit office outreach parents
    plaintes police prevention programme projet projets reception recherche recrutement renseignements rue
    secretariat service services sexuelle signalement signalements soir soutien stage support table team travail
    travailleur urgence urgences violence web youth
    """.split()
)
# What says which organisation or which place, and nothing of who: left out before the rest is read.
WHERE = {word for slug in Regions.values for word in slug.split("-")}
WHERE |= set("quebec dpj clsc cjc calacs cavac".split())
ESTABLISHMENT = re.compile(r"(ciusss|cisss|chu|crdp)[a-z]*")
MOBILE = re.compile(r"\b(cell|cellulaire|mobile|texto|personnel)", re.IGNORECASE)
# What stands beside a number and names nobody.
BESIDE = set("bureau et fin frais jour ligne option ou poste sans semaine".split())


def looks_personal(nature: str, valeur: str, precision: str = "") -> bool:
    """Names before the @, whatever follows them; any name on a free mail service; a number said to be somebody's.

    It asks and does not refuse: whoever knows that it is a service's says so with one box.
    """
    if nature == NatureContact.TELEPHONE:
        return bool(MOBILE.search(f"{valeur} {precision}")) or names_somebody(f"{valeur}, {precision}")
    if nature != NatureContact.COURRIEL or "@" not in valeur:
        return False
    local, _at, domain = valeur.lower().partition("@")
    house = domain.partition(".")[0]
    words = [plain_slug(word) for word in re.split(r"[._-]", re.sub(r"\d|\+.*", "", local))]
    words = [word for word in words if word and word not in WHERE and word != house]
    words = [word for word in words if not ESTABLISHMENT.fullmatch(word)]
    if not words or words[0] in SERVICE:
        return False
    if len(words) == 1 and domain not in FREE_MAIL:
        # « jtremblay », unless it says a service, a place or the house: « travailderue », « piampinfo » at piamp.net.
        (word,) = words
        known = {name for name in SERVICE | WHERE if len(name) > 4} | {house}
        return len(word) > 3 and not any(name in word for name in known) and word not in domain
    return any(len(word) > 2 for word in words)


def names_somebody(text: str) -> bool:
    """Whether what stands around a number is a name: two or three words with a capital, or any in brackets."""
    bracketed = re.findall(r"\(([^()\d]*)\)", text)
    parts = [part for part in re.split(r"[(),;:]|\s[–—-]\s|\bpostes?\b|\d+", text) if part not in bracketed]
    capitals = [part for part in parts if len(part.split()) > 1 and all(word[0].isupper() for word in part.split())]
    return any(could_be_a_name(part) for part in [*bracketed, *capitals])


def could_be_a_name(text: str) -> bool:
    """One to four words of which none is a service's, a place's, a time's or a link between words."""
    words = text.split()
    plain = {plain_slug(word) for word in words}
    linked = any(re.match(r"[dlDL]['’]|(de|du|des|la|le|les|pour|en|au|aux|à)$", word) for word in words)
    return 1 <= len(words) <= 4 and not linked and not plain & (SERVICE | WHERE | BESIDE)


def made_public(before: list[dict], after: list[dict]) -> list[str]:
    """The contacts of a state that would become public and look like a person's own."""
    public = [row for row in after if row["visibilite"] == Visibilite.PUBLIQUE and row not in before]
    return [row["valeur"] for row in public if looks_personal(row["nature"], row["valeur"], row["precision"])]


def refuse_personal(before: list[dict], after: list[dict]) -> None:
    """Raises ValidationError for the contacts of a state that would become public and look like a person's own."""
    if found := made_public(before, after):
        sentence = _("On dirait la coordonnée d'une personne : %(valeurs)s. Si c'est celle d'un service, cochez-le.")
        raise ValidationError(sentence % {"valeurs": ", ".join(found)})
