"""The home page, the help page, and what the site says of itself."""

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import render

from initiatives.core.enums import Appelant, IssueSondage, Modalite, Regions, Voix
from initiatives.core.querysets import SOURCE_DU_RAPPORT
from initiatives.core.slugs import plain_slug
from initiatives.core.written import Written
from initiatives.finding.facets import FacetValue, count_facets
from initiatives.finding.filters import InitiativeFilter
from initiatives.finding.voices import Voice, voices
from initiatives.models import Besoin, Contact, Correction, Initiative, Sondage
from initiatives.publishing import glossary, help_lines, house
from initiatives.publishing.standards import linked

from .context import lines_shown
from .public import public_page

# How many needs of each voice the home offers: the first, in the order that the workshop gives them.
OFFERED = {Voix.MOI: 9, Voix.PROCHE: 5, Voix.PROFESSIONNEL: 6}
OF_THE_REPORT = Written(
    lambda: Initiative.objects.publiees().du_rapport().order_by().values("source").annotate(nombre=Count("pk"))
)
SHOWN = ("besoin", "region", "clientele", "stade", "modalite")
KINDS = 6  # and how many kinds of help, the commonest first


@public_page
def home(request):
    """Help lines, the needs, the search, and the ways in with their counts.

    Four queries: version, lines, those of the report, texts; counts and needs too where the index in the process is not
    there, which is not made for so little.
    """
    counts = count_facets(InitiativeFilter.of_everything(request.data_version), few=SHOWN)
    needs = {voice.code: (voice.titre, offered(voice)) for voice in voices(counts) if voice.code in OFFERED}
    context = {
        "liees": linked.site(),
        "total": counts.total,
        "du_rapport": sum(row["nombre"] for row in OF_THE_REPORT.rows()),
        "facettes": counts.facettes,
        "sortes": kinds(counts.facettes["modalite"]),
        "besoins_du_milieu": needs.pop(Voix.PROFESSIONNEL, ("", []))[1],
        "besoins": list(needs.values()),
    }
    return render(request, "initiatives/accueil.html", context)


def offered(voice: Voice) -> list[Besoin]:
    """The needs of a voice that fiches answer; those of danger are the help lines', above all else."""
    needs = [need for need, value in voice.besoins if value.nombre and not need.urgence]
    return needs[: OFFERED[voice.code]]


def kinds(values: list[FacetValue]) -> list[FacetValue]:
    """The kinds of help that most fiches give, those that name none left out."""
    named = [value for value in values if value.nombre and value.valeur not in (Modalite.AUTRE, Modalite.SANS_OBJET)]
    return sorted(named, key=lambda value: -value.nombre)[:KINDS]


@public_page
def help_page(request):
    """Who to call, in the order of whoever asks (`qui`), and what to do. Two queries: lines, texts."""
    asker = request.GET.get("qui", "")
    asker = asker if asker in Appelant.values else Appelant.JEUNE
    kept = lines_shown(request, asker)
    context = {"lignes_aide": kept, "appelants": help_lines.askers(kept), "appelant": asker}
    return render(request, "initiatives/aide.html", context)


@public_page
def discreet_page(request):
    """What leaving quickly does and does not do, and how to erase a history. One query."""
    return render(request, "initiatives/navigation_discrete.html")


@public_page
def about_page(request):
    """What the directory is, and is not. Two queries: lines, texts."""
    return render(request, "initiatives/a_propos.html", {"inconnu": house.untold().values()})


@public_page
def privacy_page(request):
    """What the site knows of its visitors: nothing, and what others may see. Two queries: lines, texts."""
    return render(request, "initiatives/confidentialite.html", {"jours": settings.CONTACT_RETENTION_DAYS})


@public_page
def glossary_page(request):
    """The words of the field in plain ones, in the alphabetical order of the language. One query: lines."""
    terms = sorted(glossary.TERMS, key=lambda term: plain_slug(str(term.word)))
    return render(request, "initiatives/glossaire.html", {"termes": terms})


@public_page
def accessibility_page(request):
    """The accessibility statement. Two queries: lines, texts."""
    return render(request, "initiatives/accessibilite.html", {"courriel_du_site": settings.CONTACT_EMAIL})


@public_page
def method_page(request):
    """Where the data come from and what they lack, counted now. Four queries."""
    fiches = Initiative.objects.publiees()
    contacts = Contact.objects.publics().filter(initiative=OuterRef("pk"))
    counts = fiches.aggregate(
        total=Count("pk"),
        jamais=Count("pk", filter=Q(verifiee_le=None)),
        types_inconnus=Count("pk", filter=Q(types_connus=False)),
        tronquees=Count("pk", filter=Q(partenaires_tronques=True)),
        sans_contact=Count("pk", filter=~Exists(contacts)),
        fiches=Count("pk", filter=Q(source__slug=SOURCE_DU_RAPPORT)),
    )
    with_fiches = set(fiches.order_by().values_list("region_id", flat=True).distinct())
    approached = Sondage.objects.aggregate(
        approches=Count("pk"),
        regions=Count("region", filter=Q(issue=IssueSondage.SONDE), distinct=True),
        **{issue.name.lower(): Count("pk", filter=Q(issue=issue)) for issue in IssueSondage},
    )
    context = {
        **counts,
        **approached,
        "reponses": approached["sonde"] + approached["rien_a_recenser"],
        "corrections": Correction.objects.filter(initiative__in=fiches).count(),
        "vides": ", ".join(label for code, label in Regions.choices if code not in with_fiches) or "—",
    }
    return render(request, "initiatives/sources_et_methode.html", context)
