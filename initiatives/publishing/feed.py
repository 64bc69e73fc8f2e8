"""The public record's changes as a feed that a reader subscribes to (Atom, RFC 4287)."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiatives.core.enums import NatureChangement, Regions
from initiatives.models import Changement, Initiative

from . import words
from .rows import Fiche


class Feed(Atom1Feed):
    """Says when the data last changed, rather than the moment at which it is read, where it holds nothing."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=self.feed["changed"])

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for rel, href in self.feed["pages"].items():
            handler.addQuickElement("link", "", {"rel": rel, "href": href})


def column_in_words(name: str) -> str:
    """What a public column is called, in the active language."""
    known = {
        "porteurs": _("organismes porteurs"),
        "contacts": _("coordonnées"),
        "points_entree": _("qui appeler dans la région"),
        "corrections": _("corrections de la conversion"),
        "licence": _("licence"),
        "strategie_principale": _("stratégie principale"),
        "strategies_provenance": _("provenance des stratégies"),
    }
    if name in known:
        return known[name]
    try:
        return str(Initiative._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name


def said(change: Changement) -> str:
    """What happened, in a sentence: never a word of what was there before."""
    if change.nature != NatureChangement.MODIFICATION:
        return _("Publiée.")
    return _("Modifiée%(colon)s%(columns)s.") % {
        "colon": words.colon(),
        "columns": ", ".join(map(column_in_words, change.colonnes)),
    }


def feed(
    title: str,
    list_address: str,
    pages: dict[str, str],
    changed: datetime,
    entries: list[tuple[Changement, Fiche]],
    absolute: Callable[[str], str],
) -> str:
    """The feed of some fiches, each with its last change, in the active language. `pages`: addresses of the feed by
    relation, `self` and `first` among them; `changed`: when the data last changed."""
    site = absolute(reverse("accueil"))
    made = Feed(
        title=title,
        link=list_address,
        description=None,
        feed_url=pages["self"],
        feed_guid=pages["first"],
        language=get_language(),
        author_name=_("Répertoire"),
        author_link=site,
        changed=changed,
        pages={rel: href for rel, href in pages.items() if rel != "self"},
    )
    host = urlsplit(site).hostname
    for change, fiche in entries:
        made.add_item(
            title=fiche.titre,
            link=absolute(reverse("initiative", args=[fiche.slug])),
            description=escape(capfirst(said(change))),
            unique_id=f"tag:{host},2026:initiative/{fiche.numero}",
            pubdate=min(fiche.publiee_le or change.fait_le, change.fait_le),
            updateddate=change.fait_le,
            categories=[str(Regions(fiche.region_id).label)],
            item_copyright=fiche.source.reproduction if fiche.source else None,
        )
    return made.writeString("utf-8")
