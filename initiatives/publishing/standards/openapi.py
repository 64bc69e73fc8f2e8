"""Every address of the open data as OpenAPI 3.1 tells it: the columns and the parameters are read from where they are
declared."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core.addresses import absolute
from initiatives.core.enums import NatureChangement, PublicRessource, Regions, Stade
from initiatives.models import Source
from initiatives.publishing import organisations_data, regions_data, resources, shapes
from initiatives.publishing.dataset import schema
from initiatives.publishing.shapes import Shape

from .packages import about, licences, title
from .workbook import TYPE as XLSX

# Of the contract: the first number grows when something that somebody may rely on goes, the second when one comes.
VERSION = "1.0.0"
CSV, JSON, ATOM = "text/csv", "application/json", "application/atom+xml"
JSON_LD, OPENSEARCH = "application/ld+json", "application/opensearchdescription+xml"
# What an address may be asked.
LIST, REPORT, CHOSEN, NAMED, SINCE, FOLLOWED = "liste", "recension", "selection", "nom", "depuis", "fil"
RESOURCES = "ressources"
OBJECT: Shape = {"type": "object"}
BYTES: Shape = {}  # nothing is said of what no text is


@dataclass(frozen=True)
class Address:
    """An address of data, by the name of its view. `asked`: its parameters; `shape`: what it answers; `place`: the part
    of its path that changes."""

    name: str
    summary: Promise
    media: str = JSON
    shape: Shape = field(default_factory=lambda: OBJECT)
    asked: str = ""
    place: str = ""

    @property
    def path(self) -> str:
        """As a template, in the active language."""
        address = reverse(self.name, args=[self.place] if self.place else [])
        return address.replace(f"/{self.place}.", f"/{{{self.place}}}.") if self.place else address


def named(component: str) -> Shape:
    return {"$ref": f"#/components/schemas/{component}"}


def every(component: str) -> Shape:
    """All of them in one file."""
    return shapes.having(total=shapes.INTEGER, resultats=shapes.some(named(component)))


PAGE = shapes.having(
    total=shapes.INTEGER,
    page=shapes.INTEGER,
    pages=shapes.INTEGER,
    par_page=shapes.INTEGER,
    resultats=shapes.some(named("Fiche")),
    facettes=named("Facettes"),
)
WHOLE = shapes.having(
    version=shapes.INTEGER, total=shapes.INTEGER, resultats=shapes.some(named("Fiche"))
)  # the version from which a copy asks what changed
PORTEURS = shapes.having(total=shapes.INTEGER, resultats=shapes.some(named("Valeur")))
MEASURE = shapes.having(
    code=shapes.TEXT,
    libelle=shapes.TEXT,
    regle=shapes.TEXT,
    limites=shapes.TEXT,
    nombre=shapes.INTEGER,
    stades=shapes.having(**dict.fromkeys(Stade.values, shapes.INTEGER)),
    regions=shapes.having(**dict.fromkeys(Regions.values, shapes.INTEGER)),
)
PORTRAIT = shapes.having(
    recension={"type": "boolean"},
    mesures=shapes.some(MEASURE),
    chiffres_du_rapport=shapes.some(OBJECT),
    images=shapes.some(OBJECT),
    vides=shapes.some(OBJECT),
    limites=shapes.some(shapes.TEXT),
)
CHANGE = shapes.having(
    numero=shapes.INTEGER,
    nature=shapes.one_of(NatureChangement.values),
    version=shapes.INTEGER,
    fait_le={"type": "string", "format": "date-time"},
    colonnes=shapes.some(shapes.TEXT),
    vers=shapes.or_nothing(shapes.INTEGER),
    url=shapes.or_nothing(shapes.URI),
    json=shapes.or_nothing(shapes.URI),
)
CHANGES = shapes.having(
    version=shapes.INTEGER, marque=shapes.TEXT, suite=shapes.or_nothing(shapes.URI), changements=shapes.some(CHANGE)
)
ADDRESSES = [
    Address("initiatives-json", gettext_lazy("Une page de la liste, et ses facettes"), shape=PAGE, asked=LIST),
    Address("initiatives-csv", gettext_lazy("Toute la liste, ou une page"), CSV, shapes.TEXT, LIST),
    Address("initiatives-xlsx", gettext_lazy("La même en classeur"), XLSX, BYTES, LIST),
    Address(
        "initiatives-atom",
        gettext_lazy("Un fil de la liste, les dernières changées d'abord"),
        ATOM,
        shapes.TEXT,
        FOLLOWED,
    ),
    Address(
        "changements-json",
        gettext_lazy("Ce qui a changé depuis, retraits et fusions compris"),
        shape=CHANGES,
        asked=SINCE,
    ),
    Address("initiative-json", gettext_lazy("Une fiche"), shape=named("Fiche"), place="slug"),
    Address("donnees-initiatives", gettext_lazy("Toutes les fiches en un fichier"), shape=WHOLE),
    Address("donnees-zip", gettext_lazy("Tout en un paquet de données"), "application/zip", BYTES),
    Address("donnees-sqlite", gettext_lazy("Tout en une base SQLite"), "application/vnd.sqlite3", BYTES),
    Address("organismes-json", gettext_lazy("Tous les organismes"), shape=every("Organisme")),
    Address("organisme-json", gettext_lazy("Un organisme"), shape=named("Organisme"), place="slug"),
    Address("regions-json", gettext_lazy("Les seize régions du rapport"), shape=every("Region")),
    Address("porteurs-json", gettext_lazy("Les organismes d'une liste"), shape=PORTEURS, asked=NAMED),
    Address("selection-csv", gettext_lazy("Des fiches choisies"), CSV, shapes.TEXT, CHOSEN),
    Address("portrait-json", gettext_lazy("Chaque nombre du portrait"), shape=PORTRAIT, asked=REPORT),
    Address("portrait-csv", gettext_lazy("Les mesures du portrait, par région"), CSV, shapes.TEXT, REPORT),
    Address("ressources-json", gettext_lazy("Les ressources"), shape=every("Ressource"), asked=RESOURCES),
    Address("ressources-csv", gettext_lazy("Les ressources"), CSV, shapes.TEXT, RESOURCES),
    Address("catalogue-jsonld", gettext_lazy("Le catalogue des données (DCAT)"), JSON_LD),
    Address("catalogue-ttl", gettext_lazy("Le catalogue des données (DCAT)"), "text/turtle", shapes.TEXT),
    Address("opensearch", gettext_lazy("Chercher depuis la barre du navigateur"), OPENSEARCH, shapes.TEXT),
    Address("datapackage", gettext_lazy("Le fichier CSV, décrit pour Frictionless")),
    Address("initiatives-csv-metadata", gettext_lazy("Le fichier CSV, décrit pour CSV on the Web")),
    Address("openapi", gettext_lazy("Ce document")),
]


def document(documents: list[Source], parameters: Sequence[Any], name_length: int) -> dict[str, Any]:
    """The whole, in the active language. `documents`: where the fiches come from; `parameters`: those of the list, each
    with a name, a help, a schema and whether it may be given several times; `name_length`: of an organisation's."""
    mark = {"type": "string", "pattern": "^[0-9]{1,15}(-[0-9]{1,9})?$"}
    since = {"anyOf": [mark, shapes.DATE, {"type": "string", "maxLength": 0}]}
    asked = {LIST: [parameter(*told(one)) for one in parameters]}
    asked[NAMED] = [*asked[LIST], parameter("nom", _("Nom ou sigle"), {"type": "string", "maxLength": name_length})]
    asked[REPORT] = [one for one in asked[LIST] if one["name"] == "recension"]
    # There, nothing chosen is nothing to answer.
    number = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    asked[CHOSEN] = [
        parameter("f", one["description"], number, several=True) | {"required": True}
        for one in asked[LIST]
        if one["name"] == "f"
    ]
    asked[FOLLOWED] = [one for one in asked[LIST] if one["name"] != "q"]
    public = parameter("pour", _("Celles d'un public"), shapes.one_of(PublicRessource.values, blank=True))
    asked[RESOURCES] = [public, *(one for one in asked[LIST] if one["name"] == "q")]
    asked[SINCE] = [parameter("depuis", _("Une version, une marque ou un jour; sans lui, tout"), since)]
    facets = {one.name: shapes.some(named("Valeur")) for one in parameters if getattr(one, "counted", False)}
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": title(),
            "version": VERSION,
            "description": f"{about()} {rules()}",
            **licence(documents),
        },
        "servers": [{"url": absolute()}],
        "paths": {one.path: path_item(one, asked.get(one.asked, [])) for one in ADDRESSES},
        "components": {
            "schemas": {
                "Fiche": schema(),
                "Organisme": organisations_data.schema(),
                "Ressource": resources.schema(),
                "Region": regions_data.schema(),
                "Facettes": shapes.having(**facets),
                "Valeur": shapes.having(
                    valeur=shapes.TEXT, libelle=shapes.TEXT, nombre=shapes.INTEGER, choisie={"type": "boolean"}
                ),
                "Erreurs": shapes.having(
                    erreurs=shapes.some(shapes.having(parametre=shapes.TEXT, valeur=shapes.TEXT, message=shapes.TEXT))
                ),
            },
        },
    }


def rules() -> str:
    return _(
        "Sans clé. Redemandez avec l'ETag reçu : 304 veut dire que rien n'a changé. Un paramètre vide vaut un "
        "paramètre absent; un paramètre ou une valeur inconnus sont refusés (400), une page après la dernière est "
        "absente (404). Des colonnes et des codes peuvent s'ajouter."
    )


def licence(documents: list[Source]) -> dict[str, Any]:
    """What the first document allows, in its own words; a record says its own."""
    first = next(iter(licences(documents)), None)
    return {"license": {"name": first["title"], "url": first["path"]}} if first else {}


def told(one) -> tuple[str, str, Shape, bool]:
    return one.name, one.help, one.schema, one.several


def parameter(name: str, about: str, shape: Shape, several: bool = False) -> dict[str, Any]:
    """A parameter of the query; given several times, its values stand beside one another."""
    said = {"name": name, "in": "query", "description": about, "schema": shape}
    return said | {"schema": shapes.some(shape), "style": "form", "explode": True} if several else said


def path_item(address: Address, asked: list[dict]) -> dict[str, Any]:
    """What an address answers to those who read it, and to a browser that asks first whether it may."""
    operation = {"operationId": address.name, "summary": str(address.summary)}
    parts = []
    if address.place:
        said = _("Fin de l'adresse, permanente.")
        parts = [{"name": address.place, "in": "path", "required": True, "description": said, "schema": SLUG}]
    return {
        **({"parameters": parts} if parts else {}),
        "get": operation | ({"parameters": asked} if asked else {}) | {"responses": responses(address)},
        "options": {
            "operationId": f"{address.name}-options",
            "summary": _("Ce qu'une page d'un autre site peut demander"),
            "responses": {
                "204": {"description": _("Lecture seulement, de partout.")},
                **({"404": responses(address)["404"]} if address.place else {}),
            },
        },
    }


SLUG: Shape = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}
TEXT_HEADER = {"schema": shapes.TEXT}


def responses(address: Address) -> dict[str, Any]:
    errors = {JSON: {"schema": named("Erreurs")}}
    answer = partial(dict, content=errors)
    found = {
        "200": {
            "description": str(address.summary),
            "headers": {"ETag": TEXT_HEADER, "Last-Modified": TEXT_HEADER},
            "content": {address.media: {"schema": address.shape}},
        },
        "304": {"description": _("Rien n'a changé depuis.")},
        "400": answer(description=_("Ce qui est demandé n'est pas compris : pourquoi, paramètre par paramètre.")),
        "404": answer(description=_("Il n'y a rien à cette adresse.")),
        "405": answer(description=_("Les données se lisent seulement.")),
        "503": answer(
            description=_("Trop de demandes à la fois, ou une panne : l'en-tête Retry-After dit quand revenir.")
        ),
    }
    if address.asked in (LIST, NAMED, FOLLOWED) or address.place:
        found["301"] = {"description": _("Fusionnée dans une autre : la voici.")}
    if address.place:
        found["410"] = answer(description=_("Publiée, puis retirée."))
    return dict(sorted(found.items()))
