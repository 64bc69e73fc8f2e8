"""The CSV file described for tools: as a Frictionless data package, and as CSV on the Web."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from initiatives.core.addresses import absolute
from initiatives.models import Initiative, Source
from initiatives.publishing.dataset import cited

from .tables import csv_columns, csvw, frictionless

DIALECT = {"delimiter": ";", "quoteChar": '"', "doubleQuote": True}
CSV_NAME = "initiatives.csv"


def title() -> str:
    return _("Initiatives contre l'exploitation sexuelle des mineurs au Québec")


def about() -> str:
    return _(
        "Les fiches publiques du répertoire : qui fait quoi, pour qui et où. Un répertoire n'est pas une "
        "recommandation, et chaque fiche dit quand ses faits ont été recueillis."
    )


def language() -> str:
    return "en" if get_language() == "en" else "fr"


def sources() -> list[Source]:
    """The documents that public fiches come from, those of most fiches first. One query."""
    return list(Source.objects.filter(pk__in=Initiative.objects.publiees().values("source")).order_by("pk"))


def citation(source: Source) -> str:
    return cited(source.auteur, source.titre, source.annee, source.isbn, "")


def licences(documents: list[Source]) -> list[dict]:
    """What each document allows, in its own words: never a licence that its holder did not choose."""
    said = dict.fromkeys(document.reproduction for document in documents if document.reproduction)
    return [{"title": words, "path": absolute(reverse("sources-et-methode"))} for words in said]


def datapackage(documents: list[Source], changed: datetime, *others: dict) -> dict[str, Any]:
    """The data package, whose table stands beside it. `changed`: when the data became what they are; `others`: what
    else is in the package, besides the table."""
    home = absolute(reverse("accueil"))
    package = {
        "profile": "tabular-data-package" if not others else "data-package",
        "name": "repertoire",
        "id": home,
        "title": title(),
        "description": about(),
        "homepage": home,
        "version": version(changed),
        "created": timezone.localtime(changed).isoformat(timespec="seconds"),
        "keywords": [_("exploitation sexuelle"), pgettext("mot-clé", "mineurs"), "Québec"],
        "licenses": licences(documents),
        "sources": [{"title": citation(document)} for document in documents],
        "contributors": [{"title": author, "role": "author"} for author in authors(documents)],
        "resources": [table(), *others],
    }
    return {name: value for name, value in package.items() if value}  # a list may not be empty


def version(changed: datetime) -> str:
    """What tells a state of the data from those before it: 2026.11.29.140512."""
    return timezone.localtime(changed).strftime("%Y.%m.%d.%H%M%S")


def authors(documents: list[Source]) -> list[str]:
    return list(dict.fromkeys(document.auteur for document in documents if document.auteur))


def table() -> dict[str, Any]:
    """The CSV file as a resource of the package."""
    return {
        "name": "initiatives",
        "path": CSV_NAME,
        "profile": "tabular-data-resource",
        "title": title(),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "dialect": DIALECT,
        "schema": {
            "fields": [frictionless(column) for column in csv_columns()],
            "primaryKey": "numero",
            "missingValues": [""],
        },
    }


def csv_metadata(documents: list[Source]) -> dict[str, Any]:
    """The same table as CSV on the Web describes it."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": language()}],
        "url": CSV_NAME,
        "dc:title": title(),
        "dc:description": about(),
        "dc:license": {"@id": absolute(reverse("sources-et-methode"))},
        "dc:source": [citation(document) for document in documents],
        "dialect": {**DIALECT, "encoding": "utf-8", "header": True},
        "tableSchema": {
            "aboutUrl": "{+url}",
            "primaryKey": "numero",
            "columns": [csvw(column) for column in csv_columns()],
        },
    }
