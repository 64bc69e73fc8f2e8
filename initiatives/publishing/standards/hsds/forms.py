"""What HSDS's records look like here, as JSON Schema: what is always said of each, then what may be.

HSDS's own schemas say more, and tests hold every record against them; these are whole in the OpenAPI document, for
whoever reads it without the network.
"""

from initiatives.publishing import shapes

from . import SCHEMAS

FORM = shapes.Shape
UUID, TEXT, URI = shapes.UUID, shapes.TEXT, shapes.URI
MAIL = {"type": "string", "format": "email"}
STATUS = shapes.one_of(["active", "inactive", "defunct", "temporarily closed"])


def record(always: dict[str, FORM], perhaps: dict[str, FORM], schema: str = "") -> FORM:
    """An object; `schema`: where HSDS says all of it."""
    form = {"type": "object", "required": list(always), "properties": always | perhaps}
    return form | ({"externalDocs": {"url": f"{SCHEMAS}/{schema}"}} if schema else {})


def named(name: str) -> FORM:
    return {"$ref": f"#/components/schemas/{name}"}


OWNED = {"service_id": UUID, "organization_id": UUID}
ATTRIBUTE = record(
    {"id": UUID, "link_id": UUID, "link_entity": TEXT, "link_type": TEXT},
    {"label": TEXT, "value": TEXT, "taxonomy_term_id": UUID, "taxonomy_term": named("TaxonomyTerm")},
)
PHONE = record({"id": UUID, "number": TEXT}, {"description": TEXT} | OWNED)
CONTACT = record({"id": UUID, "email": MAIL}, {"title": TEXT} | OWNED)
WEBSITE = record({"id": UUID, "url": URI}, {"label": TEXT} | OWNED)
LOCATION = record({"id": UUID, "location_type": shapes.one_of(["physical"]), "name": TEXT}, {"organization_id": UUID})
REACHED = {"email": MAIL, "phones": shapes.some(PHONE), "contacts": shapes.some(CONTACT)}
AREA = record({"id": UUID, "service_id": UUID, "name": TEXT, "uri": URI}, {})
SCHEDULE = record({"id": UUID, "service_id": UUID, "description": TEXT}, {})
FUNDING = record({"id": UUID, "service_id": UUID, "source": TEXT}, {})
PROGRAM = record({"id": UUID, "name": TEXT, "description": TEXT}, {})
SERVICE_LIST = record(
    {"id": UUID, "name": TEXT, "status": STATUS},
    {
        "url": URI,
        "description": TEXT,
        "email": MAIL,
        "eligibility_description": TEXT,
        "minimum_age": {"type": "number"},
        "maximum_age": {"type": "number"},
        "assured_date": shapes.DATE,
        "last_modified": {"type": "string", "format": "date-time"},
        "modified_date": {"type": "string", "format": "date-time"},
        "organization_id": UUID,
        "program_id": UUID,
    },
    "compiled/service_list.json",
)
SERVICE = record(
    {name: SERVICE_LIST["properties"][name] for name in SERVICE_LIST["required"]}
    | {"service_areas": shapes.some(AREA), "attributes": shapes.some(ATTRIBUTE)},
    SERVICE_LIST["properties"]
    | REACHED
    | {
        "organization": named("OrganizationList"),
        "program": PROGRAM,
        "funding": shapes.some(FUNDING),
        "schedules": shapes.some(SCHEDULE),
        "additional_urls": shapes.some(WEBSITE),
        "service_at_locations": shapes.some(named("ServiceAtLocation")),
    },
    "compiled/service.json",
)
ORGANIZATION_LIST = record(
    {"id": UUID, "name": TEXT, "description": TEXT, "uri": URI},
    {"alternate_name": TEXT, "email": MAIL, "website": URI, "parent_organization_id": UUID},
    "compiled/organization_list.json",
)
ORGANIZATION = record(
    {name: ORGANIZATION_LIST["properties"][name] for name in ORGANIZATION_LIST["required"]}
    | {"attributes": shapes.some(ATTRIBUTE)},
    ORGANIZATION_LIST["properties"]
    | REACHED
    | {
        "additional_websites": shapes.some(WEBSITE),
        "locations": shapes.some(LOCATION),
        "services": shapes.some(named("ServiceList")),
    },
    "compiled/organization.json",
)
TAXONOMY = record({"id": UUID, "name": TEXT, "description": TEXT, "uri": URI, "version": TEXT}, {}, "taxonomy.json")
TAXONOMY_TERM = record(
    {
        "id": UUID,
        "code": TEXT,
        "name": TEXT,
        "description": TEXT,
        "taxonomy": TEXT,
        "taxonomy_id": UUID,
        "language": TEXT,
        "term_uri": URI,
        "taxonomy_detail": named("Taxonomy"),
    },
    {},
    "taxonomy_term.json",
)
SERVICE_AT_LOCATION = record(
    {"id": UUID, "service_id": UUID, "location_id": UUID, "location": LOCATION}, {}, "compiled/service_at_location.json"
)
FORMS = {
    "Service": SERVICE,
    "ServiceList": SERVICE_LIST,
    "Organization": ORGANIZATION,
    "OrganizationList": ORGANIZATION_LIST,
    "Taxonomy": TAXONOMY,
    "TaxonomyTerm": TAXONOMY_TERM,
    "ServiceAtLocation": SERVICE_AT_LOCATION,
}
# What an element is alone, in a list, and in a list asked for whole.
NOUNS = {
    "services": ("Service", "ServiceList", "Service"),
    "organizations": ("Organization", "OrganizationList", "Organization"),
    "taxonomies": ("Taxonomy",) * 3,
    "taxonomy_terms": ("TaxonomyTerm",) * 3,
    "service_at_locations": ("ServiceAtLocation",) * 3,
}
