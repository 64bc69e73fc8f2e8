"""The open data as files, and what describes these files to tools."""

from initiatives.core.versioned import last_change
from initiatives.publishing.standards import packages

from .answers import as_json
from .public import public_data


@public_data
def datapackage(request):
    """The Frictionless package of the CSV file. Two queries: version, documents."""
    changed = last_change(request.data_version)
    return as_json(packages.datapackage(packages.sources(), changed))


@public_data
def csv_metadata(request):
    """The CSV file as CSV on the Web describes it. Two queries: version, documents."""
    return as_json(packages.csv_metadata(packages.sources()))
