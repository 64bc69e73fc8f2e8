"""The description of every address of the open data."""

from initiatives.finding.parameters import parameters
from initiatives.publishing.standards import openapi as described
from initiatives.publishing.standards.packages import sources

from .answers import as_json
from .porteurs import LONGEST
from .public import public_data


@public_data
def openapi(request):
    """OpenAPI 3.1. Four queries: version, documents, needs, organisations."""
    return as_json(described.document(sources(), parameters(), LONGEST))
