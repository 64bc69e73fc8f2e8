"""A fiche as a page."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiatives.core.addresses import absolute
from initiatives.core.enums import ProvenanceClassement, SousRubrique, Strategie
from initiatives.core.querysets import PROCHES
from initiatives.core.versioned import remembered
from initiatives.core.written import Written
from initiatives.finding import partners
from initiatives.finding.index import index_ready
from initiatives.finding.index import nearby as from_index
from initiatives.models import Initiative
from initiatives.publishing import glossary, resources, words
from initiatives.publishing.standards import linked

from .answers import or_former
from .public import public_page

FICHE = Written(lambda slug: Initiative.objects.publiees().entieres().filter(slug=slug), str)
NEAR = Written(Initiative.objects.proches, int, str, [int], str, [str], [str], str)


@public_page
@or_former
def detail_page(request, slug):
    """A fiche. Five queries: version, fiche with all that is its own, near fiches, organisations, help lines.

    The last two are remembered until the data change, and the near fiches come from the index in the process where it
    is there: two queries then.
    """
    initiative = next(iter(FICHE.rows(slug)), None)
    if initiative is None:
        raise Http404
    names = remembered("organismes", request.data_version, partners.public_names)
    initiative.porteurs = [names.organismes[pk] for pk in initiative.organismes_ids]
    context = fiche_context(request, initiative, names)
    context["liees"] = linked.of_fiche(initiative, context["adresse"])
    return render(request, "initiatives/fiche.html", context)


def fiche_context(request, initiative: Initiative, names: partners.PartnerNames) -> dict:
    """What the page of a fiche shows, for a fiche fetched with `entieres()`, its porteurs being known. Queries: those
    of `nearby`."""
    return {
        "initiative": initiative,
        "fiche": words.fiche(initiative, partners.linked_parts(initiative.partenaires, initiative.region_id, names)),
        "hors_recension": initiative.fiche_du_rapport is None,
        "besoins": needs_of(initiative),
        "strategies": strategies_of(initiative),
        "rubriques": headings_of(initiative),
        "ressources": resources.beside(initiative.ressources_liees),
        "mots_du_metier": glossary.said_by(initiative),
        "proches": nearby(initiative, getattr(request, "data_version", None)),
        "adresse": absolute(initiative.get_absolute_url()),
        "code": reverse("initiative-code", args=[initiative.slug]) if initiative.est_publique else "",
    }


def needs_of(initiative: Initiative) -> list[tuple[str, str]]:
    """Code and name of each need that a fiche fetched with `entieres()` answers, in their order. No query."""
    language = "en" if get_language() == "en" else "fr"
    return [(need["slug"], need[language]) for need in initiative.besoins_nommes]


def strategies_of(initiative: Initiative) -> list[tuple[Strategie, bool, str]]:
    """Each strategy of a fiche, the main one first: whether it is that one, and who says it. No query."""
    said = zip(initiative.strategies, initiative.provenances, strict=True)
    found = [(Strategie(code), code == initiative.strategie, str(ProvenanceClassement(by).label)) for code, by in said]
    return sorted(found, key=lambda one: not one[1])


def headings_of(initiative: Initiative) -> list[tuple[SousRubrique, str]]:
    """The headings under which the body of the report names a fiche fetched with `entieres()`, each with its section.
    No query."""
    named = dict.fromkeys((one["sous_rubrique"], one["section"]) for one in initiative.citations_sures)
    return [(SousRubrique(code), section) for code, section in named]


def nearby(initiative: Initiative, version: int | None) -> list[tuple[str, list[words.Near]]]:
    """The near fiches under the reason that brings them, at most four for each. One query, or none where the index
    of this version is in the process.
    """
    reasons = {
        "famille": _("Même programme : %(famille)s") % {"famille": initiative.famille},
        "porteur": _("Du même organisme"),
        "besoin": _("Pour un même besoin, dans la région"),
    }
    found: dict[str, list[dict]] = {lien: [] for lien in reasons}
    index = index_ready(version)
    for row in from_index(index, initiative) if index else from_database(initiative):
        found[row["lien"]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row["ecart"], row["numero"]))
    return [(reasons[lien], [words.near(row) for row in rows[:PROCHES]]) for lien, rows in found.items() if rows]


def from_database(fiche: Initiative) -> list[dict]:
    """The same. One query."""
    carried_by = [row.pk for row in fiche.porteurs]
    values = (fiche.pk, fiche.famille, carried_by, fiche.region_id, fiche.clienteles, fiche.types, fiche.modalite)
    return NEAR.rows(*values)
