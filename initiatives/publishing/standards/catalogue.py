"""The catalogue of the open data, as DCAT-AP 3 says it: for the harvesters of Données Québec and of others.

One dictionary in JSON-LD, with its context inside (a harvester fetches nothing); Turtle is written from the same. The
identifiers are addresses that never change: a harvester keeps a dataset under its own.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import count

from django.utils.translation import gettext as _
from django.utils.translation import override

from initiatives.models import Source

from . import linked
from .downloads import DOWNLOADS, Download
from .iris import iri

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcatap": "http://data.europa.eu/r5r/",
}
AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "http://www.iana.org/assignments/media-types/"
QUEBEC = "https://www.geonames.org/6115047/"
TONGUES = {"fr": "fr-ca", "en": "en"}


def both(say: Callable[[], object]) -> list[dict]:
    """What `say` gives in each language."""
    told = []
    for tongue, language in TONGUES.items():
        with override(language):
            told.append({"@value": str(say()), "@language": tongue})
    return told


def french(text: str) -> list[dict]:
    return [{"@value": text, "@language": "fr"}]


def thing(address: str, kind: str, **facts) -> dict:
    return {"@id": address, "@type": kind, **facts}


def concept(address: str, label: str) -> dict:
    return thing(address, "skos:Concept", **{"skos:prefLabel": [{"@value": label, "@language": "en"}]})


def day(moment) -> dict:
    return {"@value": moment.isoformat()[:10], "@type": "xsd:date"}


def languages() -> list[dict]:
    return [thing(f"{AUTHORITY}language/{code}", "dct:LinguisticSystem") for code in ("FRA", "ENG")]


def publisher() -> dict:
    kind = concept("http://purl.org/adms/publishertype/RegionalAuthority", "Regional authority")
    return thing(
        iri("accueil", part="editeur"),
        "foaf:Agent",
        **{
            "dct:type": kind,
            "foaf:name": both(lambda: _("Répertoire des initiatives contre l'exploitation sexuelle des mineurs")),
            "foaf:homepage": thing(iri("accueil"), "foaf:Document"),
        },
    )


def licence(source: Source | None) -> dict:
    """What the report's own sentence allows; each record says what its own document does."""
    return thing(
        iri("donnees", part="licence"),
        "dct:LicenseDocument",
        **{
            "dct:type": concept("http://purl.org/adms/licencetype/Attribution", "Attribution"),
            "dct:title": both(lambda: _("Reproduction permise, source citée; une fiche dit ce que permet la sienne")),
            "dct:description": french(source.reproduction if source else ""),
        },
    )


def rights() -> dict:
    return thing(
        iri("donnees", part="droits"),
        "dct:RightsStatement",
        **{"rdfs:label": both(lambda: _("Figurer dans ce répertoire n'est pas une recommandation."))},
    )


def distribution(row: Download) -> dict:
    address = iri(row.name)
    where = thing(address, "rdfs:Resource")
    made = {
        "dct:title": both(lambda: row.title),
        "dct:description": both(lambda: row.help),
        "dcat:accessURL": where,
        "dcat:downloadURL": where,
        "dcat:mediaType": thing(MEDIA_TYPES + row.media, "dct:MediaType"),
        "dct:license": {"@id": iri("donnees", part="licence")},
        "dct:rights": {"@id": iri("donnees", part="droits")},
        "dct:language": languages(),
        "dcatap:availability": concept(f"{AUTHORITY}planned-availability/AVAILABLE", "available"),
    }
    if row.kind:
        made["dct:format"] = thing(f"{AUTHORITY}file-type/{row.kind}", "dct:MediaTypeOrExtent")
    if row.standard:
        made["dct:conformsTo"] = thing(row.standard, "dct:Standard")
    return thing(f"{address}#distribution", "dcat:Distribution", **made)


def dataset(source: Source | None, total: int, version: int, began: datetime, changed: datetime) -> dict:
    itself = iri("donnees", part="initiatives")
    made = {
        "dct:identifier": itself,
        "dct:title": both(lambda: _("Initiatives contre l'exploitation sexuelle des mineurs au Québec")),
        "dct:description": both(lambda: linked.describe(total)),
        "dcat:keyword": [
            *both(lambda: _("exploitation sexuelle")),
            *both(lambda: _("mineurs")),
            *both(lambda: _("prévention")),
        ],
        "dct:publisher": publisher(),
        "dcat:contactPoint": {
            "@id": iri("accueil", part="contact"),
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": both(lambda: _("Équipe du répertoire")),
            "vcard:hasURL": {"@id": iri("a-propos")},
        },
        "dcat:theme": [
            concept(f"{AUTHORITY}data-theme/SOCI", "Population and society"),
            concept(f"{AUTHORITY}data-theme/HEAL", "Health"),
        ],
        "dct:language": languages(),
        "dct:spatial": thing(QUEBEC, "dct:Location", **{"skos:prefLabel": french("Québec")}),
        "dct:accrualPeriodicity": thing(f"{AUTHORITY}frequency/IRREG", "dct:Frequency"),
        "dct:accessRights": thing(f"{AUTHORITY}access-right/PUBLIC", "dct:RightsStatement"),
        "dct:issued": day(began),
        "dct:modified": day(changed),
        "dcat:version": str(version),
        "dct:provenance": thing(
            iri("sources-et-methode"),
            "dct:ProvenanceStatement",
            **{"rdfs:label": both(lambda: _("Chaque fiche dit de quel document elle vient et ce qu'on y a corrigé."))},
        ),
        "dcat:landingPage": thing(iri("donnees"), "foaf:Document"),
        "foaf:page": thing(iri("sources-et-methode"), "foaf:Document"),
        "dcat:distribution": [distribution(row) for row in DOWNLOADS],
    }
    if source:
        made["dct:creator"] = thing(iri("donnees", part="auteur"), "foaf:Agent", **{"foaf:name": french(source.auteur)})
    if source and source.collecte_debut and source.collecte_fin:
        made["dct:temporal"] = thing(
            iri("donnees", part="periode"),
            "dct:PeriodOfTime",
            **{"dcat:startDate": day(source.collecte_debut), "dcat:endDate": day(source.collecte_fin)},
        )
    return thing(itself, "dcat:Dataset", **made)


def service(name: str, where: str, described: str, standard: str, title, says) -> dict:
    """A way to ask questions of the data; `where` and `described`: names of addresses."""
    return thing(
        iri("accueil", part=name),
        "dcat:DataService",
        **{
            "dct:title": both(title),
            "dct:description": both(says),
            "dct:publisher": {"@id": iri("accueil", part="editeur")},
            "dcat:endpointURL": thing(iri(where), "rdfs:Resource"),
            "dcat:endpointDescription": thing(iri(described), "rdfs:Resource"),
            "dct:conformsTo": thing(standard, "dct:Standard"),
            "dcat:servesDataset": {"@id": iri("donnees", part="initiatives")},
            "dct:license": {"@id": iri("donnees", part="licence")},
            "dct:accessRights": {"@id": f"{AUTHORITY}access-right/PUBLIC"},
            "dcat:contactPoint": {"@id": iri("accueil", part="contact")},
            "dcat:theme": [{"@id": f"{AUTHORITY}data-theme/SOCI"}],
            "dcat:keyword": both(lambda: _("exploitation sexuelle")),
        },
    )


def services() -> list[dict]:
    return [
        service(
            "api",
            "initiatives-json",
            "openapi",
            "https://spec.openapis.org/oas/v3.1.0",
            lambda: _("Interroger le répertoire"),
            lambda: _("Les mêmes fiches, avec les mêmes filtres que la liste du site, page par page."),
        ),
        service(
            "hsds",
            "hsds",
            "hsds-openapi",
            "https://docs.openreferral.org/en/3.1/",
            lambda: _("Le répertoire selon HSDS 3.1 (Open Referral)"),
            lambda: _("Services, organismes et taxonomies, pour qui échange des répertoires de services."),
        ),
    ]


def catalogue(source: Source | None, total: int, version: int, began: datetime, changed: datetime) -> dict:
    """The whole catalogue. `source`: the report; `total`: how many public fiches; `began`, `changed`: when the data
    were first public here, and last changed. No query."""
    return {
        "@context": PREFIXES,
        "@id": iri("catalogue-jsonld").removesuffix(".jsonld"),
        "@type": "dcat:Catalog",
        "dct:title": both(lambda: _("Données ouvertes du répertoire")),
        "dct:description": both(
            lambda: _("Ce que le répertoire des initiatives contre l'exploitation sexuelle des mineurs donne à tous.")
        ),
        "dct:publisher": publisher(),
        "dct:license": licence(source),
        "dct:rights": rights(),
        "dct:language": languages(),
        "foaf:homepage": thing(iri("donnees"), "foaf:Document"),
        "dct:issued": day(began),
        "dct:modified": day(changed),
        "dct:spatial": {"@id": QUEBEC},
        "dcat:themeTaxonomy": thing(
            f"{AUTHORITY}data-theme",
            "skos:ConceptScheme",
            **{"dct:title": [{"@value": "Data theme", "@language": "en"}]},
        ),
        "dcat:dataset": [dataset(source, total, version, began, changed)],
        "dcat:service": services(),
    }


ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def as_turtle(document: dict) -> str:
    """The same document in Turtle: of JSON-LD, what `catalogue` writes, and no more."""
    blocks, unnamed = [], count(1)

    def literal(value: str, mark: str = "") -> str:
        return f'"{value.translate(ESCAPED)}"{mark}'

    def said(value) -> str:
        if isinstance(value, str):
            return literal(value)
        if "@value" in value:
            mark = f"@{value['@language']}" if "@language" in value else f"^^{value['@type']}"
            return literal(value["@value"], mark)
        return node(value)

    def node(facts: dict) -> str:
        name = f"<{facts['@id']}>" if "@id" in facts else f"_:b{next(unnamed)}"
        lines = []
        for key, value in facts.items():
            values = value if isinstance(value, list) else [value]
            if key == "@type":
                lines.append(f"a {', '.join(values)}")
            elif not key.startswith("@"):
                lines.append(f"{key} {', '.join(map(said, values))}")
        if lines:
            blocks.append(f"{name} " + " ;\n    ".join(lines) + " .\n")
        return name

    node(document)
    heads = [f"@prefix {prefix}: <{address}> ." for prefix, address in document["@context"].items()]
    return "\n".join([*heads, "", *dict.fromkeys(blocks)])
