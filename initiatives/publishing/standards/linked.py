"""What engines read in a page: schema.org, as JSON-LD. Only what the page itself shows; no contact that is not public,
no number of ours that could be taken for a service's."""

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiatives.core import enums
from initiatives.models import Initiative, Organisme, Source

from .downloads import DOWNLOADS
from .iris import iri

CONTEXT = "https://schema.org"
QUEBEC = "https://www.wikidata.org/wiki/Q176"
LANGUAGES = ["fr-CA", "en-CA"]
# What schema.org says of an organisation, by the kind of contact.
REACHED = {"telephone": "telephone", "courriel": "email", "site-web": "sameAs", "adresse": "address"}


def spoken() -> str:
    """The language of the page."""
    return LANGUAGES[get_language() == "en"]


def filled(**facts) -> dict:
    """The facts that say something."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def site() -> dict:
    """The home page."""
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "@id": iri("accueil", part="site"),
        "url": iri("accueil"),
        "name": _("Répertoire des initiatives contre l'exploitation sexuelle des mineurs"),
        "inLanguage": LANGUAGES,
    }


def area(region: str | None) -> dict:
    quebec = {"@type": "AdministrativeArea", "name": "Québec", "sameAs": QUEBEC}
    if not region:
        return quebec
    return {"@type": "AdministrativeArea", "name": str(enums.Regions(region).label), "containedInPlace": quebec}


def report(source: Source | None) -> dict | None:
    """The document that the facts come from."""
    if source is None:
        return None
    about = filled(
        name=source.titre,
        author={"@type": "Organization", "name": source.auteur},
        datePublished=str(source.annee or ""),
        inLanguage=LANGUAGES[0],
    )
    named = {"@id": f"urn:isbn:{source.isbn}"} if source.isbn else {}
    return {"@type": "Report", **named, **about}


def labels(enum, codes) -> list[str]:
    return [str(enum(code).label) for code in codes if code]


def audience(fiche: Initiative) -> list[dict]:
    """Whom it is for; the young people alone have ages."""
    ages = filled(suggestedMinAge=fiche.age_min, suggestedMaxAge=fiche.age_max)
    young = {"@type": "PeopleAudience", **ages}
    return [
        (young if code == enums.Clientele.JEUNES else {"@type": "Audience"})
        | {"audienceType": str(enums.Clientele(code).label)}
        for code in fiche.clienteles
    ]


def of_fiche(fiche: Initiative, address: str) -> dict:
    """The page of a public fiche fetched with `entieres()`, its porteurs known. `address`: of that page. No query."""
    itself = iri("initiative", fiche.slug)
    modality = [] if fiche.modalite == enums.Modalite.SANS_OBJET else labels(enums.Modalite, [fiche.modalite])
    service = filled(
        name=fiche.titre,
        url=itself,
        identifier=str(fiche.numero),
        description=fiche.description,
        serviceType=labels(enums.Type, fiche.types),
        category=modality,
        provider=[named(organisme) for organisme in fiche.porteurs],
        areaServed=area(fiche.region_id),
        audience=audience(fiche),
    )
    crumbs = [
        (_("Initiatives"), iri("initiatives")),
        (fiche.region_nom, iri("region", fiche.region_id)),
        (fiche.titre, itself),
    ]
    page = filled(
        url=address,
        name=fiche.titre,
        inLanguage=spoken(),
        dateModified=fiche.modifiee_le and fiche.modifiee_le.isoformat(timespec="seconds"),
        isBasedOn=report(fiche.source),
        about={"@id": f"{itself}#service"},
        isPartOf={"@id": iri("accueil", part="site")},
        breadcrumb={
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": str(name), "item": {"@id": where}}
                for place, (name, where) in enumerate(crumbs, start=1)
            ],
        },
    )
    graph = [
        {"@type": "Service", "@id": f"{itself}#service", **service},
        {"@type": "WebPage", "@id": f"{address}#page", **page},
    ]
    return {"@context": CONTEXT, "@graph": graph}


def named(organisme: Organisme) -> dict:
    address = iri("organisme", organisme.slug)
    return {"@type": "Organization", "@id": f"{address}#organisme", "name": organisme.nom, "url": address}


def of_organisme(organisme: Organisme, fiches: list[Initiative]) -> dict:
    """The page of a public organisation fetched with `joignables()`, and its public fiches. No query."""
    reached: dict[str, list[str]] = {}
    for contact in organisme.contacts_publics:
        if contact["nature"] in REACHED:
            reached.setdefault(REACHED[contact["nature"]], []).append(contact["valeur"])
    offers = [
        {
            "@type": "Offer",
            "itemOffered": {
                "@type": "Service",
                "@id": iri("initiative", fiche.slug, part="service"),
                "name": fiche.titre,
                "url": iri("initiative", fiche.slug),
            },
        }
        for fiche in fiches
    ]
    names = filled(alternateName=organisme.sigle, makesOffer=offers, areaServed=area(organisme.region_id))
    return {"@context": CONTEXT, **named(organisme), **names, **reached}


def dataset(source: Source | None, total: int, version: int, changed: datetime) -> dict:
    """The page of the open data; `total`: how many public fiches, in this version of the data."""
    about = filled(
        url=iri("donnees"),
        name=_("Initiatives contre l'exploitation sexuelle des mineurs au Québec"),
        description=describe(total),
        license=iri("donnees", part="licence"),
        isAccessibleForFree=True,
        inLanguage=LANGUAGES,
        isBasedOn=report(source),
        creator={"@type": "Organization", "name": source.auteur} if source else None,
        publisher={"@type": "Organization", "name": _("Répertoire"), "url": iri("accueil")},
        temporalCoverage=period(source),
        spatialCoverage={"@type": "Place", "name": "Québec"},
        version=str(version),
        dateModified=changed.date().isoformat(),
        includedInDataCatalog={
            "@type": "DataCatalog",
            "name": _("Données ouvertes du répertoire"),
            "url": iri("catalogue-jsonld"),
        },
        distribution=[
            {"@type": "DataDownload", "name": str(row.title), "encodingFormat": row.media, "contentUrl": iri(row.name)}
            for row in DOWNLOADS
        ],
    )
    return {"@context": CONTEXT, "@type": "Dataset", "@id": iri("donnees", part="initiatives"), **about}


def describe(total: int) -> str:
    """What the data are, in two sentences, in the active language."""
    return _(
        "Les %(total)s initiatives du répertoire : qui les offre, où, pour qui, à quel âge, dans quel but, selon quel "
        "document, et quand chacune a été vérifiée. Rien n'y est dit d'une personne."
    ) % {"total": total}


def period(source: Source | None) -> str:
    """When the facts were gathered, as ISO 8601 says it."""
    if source is None or not (source.collecte_debut and source.collecte_fin):
        return ""
    return f"{source.collecte_debut.isoformat()}/{source.collecte_fin.isoformat()}"
