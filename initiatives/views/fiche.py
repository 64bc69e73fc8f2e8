"""A fiche as a page."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiatives.core.querysets import PROCHES
from initiatives.core.versioned import remembered
from initiatives.core.written import Written
from initiatives.finding import partners
from initiatives.models import Initiative
from initiatives.publishing import glossary, words

from .answers import or_former
from .public import public_page

FICHE = Written(lambda slug: Initiative.objects.publiees().entieres().filter(slug=slug), str)
NEAR = Written(Initiative.objects.proches, int, str, [int], str, [str], [str], str)


@public_page
@or_former
def detail_page(request, slug):
    """A fiche. Five queries: version, fiche with all that is its own, near fiches, organisations, help lines.

    The last two are remembered until the data change: three queries then.
    """
    initiative = next(iter(FICHE.rows(slug)), None)
    if initiative is None:
        raise Http404
    names = remembered("organismes", request.data_version, partners.public_names)
    initiative.porteurs = [names.organismes[pk] for pk in initiative.organismes_ids]
    return render(request, "initiatives/fiche.html", fiche_context(request, initiative, names))


def fiche_context(request, initiative: Initiative, names: partners.PartnerNames) -> dict:
    """What the page of a fiche shows, for a fiche fetched with `entieres()`. One query, its porteurs being known."""
    return {
        "initiative": initiative,
        "fiche": words.fiche(initiative, partners.linked_parts(initiative.partenaires, initiative.region_id, names)),
        "besoins": needs_of(initiative),
        "mots_du_metier": glossary.said_by(initiative),
        "proches": nearby(initiative),
        "adresse": request.build_absolute_uri(initiative.get_absolute_url()),
        "code": reverse("initiative-code", args=[initiative.slug]) if initiative.est_publique else "",
    }


def needs_of(initiative: Initiative) -> list[tuple[str, str]]:
    """Code and name of each need that a fiche fetched with `entieres()` answers, in their order. No query."""
    language = "en" if get_language() == "en" else "fr"
    return [(need["slug"], need[language]) for need in initiative.besoins_nommes]


def nearby(initiative: Initiative) -> list[tuple[str, list[words.Near]]]:
    """The near fiches under the reason that brings them, at most four for each. One query."""
    reasons = {
        "famille": _("Même programme : %(famille)s") % {"famille": initiative.famille},
        "porteur": _("Du même organisme"),
        "besoin": _("Pour un même besoin, dans la région"),
    }
    found: dict[str, list[dict]] = {lien: [] for lien in reasons}
    carried_by, fiche = [row.pk for row in initiative.porteurs], initiative
    for row in NEAR.rows(
        *(fiche.pk, fiche.famille, carried_by, fiche.region_id, fiche.clienteles, fiche.types, fiche.modalite)
    ):
        found[row["lien"]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row["ecart"], row["numero"]))
    return [(reasons[lien], [words.near(row) for row in rows[:PROCHES]]) for lien, rows in found.items() if rows]
