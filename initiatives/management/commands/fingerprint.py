"""manage.py fingerprint: everything that the site says and keeps, as digests; equal sites print the same."""

import hashlib
import re
import zipfile
from io import BytesIO

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from initiatives.core.versioned import data_version
from initiatives.models import Initiative, Organisme
from initiatives.urls import urlpatterns
from initiatives.views.inside import ask
from initiatives.views.reserve import addresses

# What moves without anybody writing in the directory: who is logged in, who mistyped, what ran by itself.
RESTLESS = re.compile(r"django_session|axes_|initiatives_(passage|execution|panne)$|otp_")
# A form is made for who asks, and is no answer.
FORMS = re.compile(r"^(proposer|merci|signaler|verification|integrer|navigation)")
ROWS = """
SELECT count(*),
       encode(sha256(convert_to(coalesce(string_agg(row, E'\\n' ORDER BY row COLLATE "C"), ''), 'UTF8')), 'hex')
FROM (SELECT t::text AS row FROM {table} t) rows
"""


class Command(BaseCommand):
    help = (
        "Prints a line a public page, document and data address (path, SHA-256 of the answer), and a line a table "
        "(number of rows, digest), history and private ones included; the data version last. No value is shown."
    )

    def add_arguments(self, parser):
        parser.add_argument("--without-documents", action="store_true", help="leave the PDFs out: they take longest")
        parser.add_argument("--tables", action="store_true", help="the tables and the version alone")

    def handle(self, *, without_documents, tables, **options):
        for path in [] if tables else every_address(without_documents):
            self.stdout.write(f"{digest(path)}  {path}")
        for table in kept_tables():
            count, found = rows_of(table)
            self.stdout.write(f"{found}  {table} ({count})")
        self.stdout.write(f"version {data_version()}")


def every_address(without_documents: bool) -> list[str]:
    """The pages of the sitemap, and every other public address that the directory has, in both languages."""
    known = {
        "initiative": list(Initiative.objects.publiees().order_by("slug").values_list("slug", flat=True)),
        "organisme": list(Organisme.objects.publics().order_by("slug").values_list("slug", flat=True)),
    }
    found = set(addresses())
    for language in ("fr-ca", "en"):
        with translation.override(language):
            for pattern in urlpatterns:
                found.update(paths(pattern, known))
    return sorted(path for path in found if not (without_documents and path.endswith(".pdf")))


def paths(pattern, known: dict[str, list[str]]) -> list[str]:
    """The addresses of a pattern: one, or one for each of what it names; those that ask for something else are left."""
    if FORMS.match(pattern.name) or pattern.name.startswith("selection"):
        return []
    named = pattern.name.partition("-")[0]
    values = [[]] if not pattern.pattern.converters else [[slug] for slug in known.get(named, [])]
    try:
        return [reverse(pattern.name, args=value) for value in values]
    except NoReverseMatch:
        return []


def digest(path: str) -> str:
    response = ask(path)
    body = response.getvalue()
    if path.endswith(".xlsx"):
        body = contents(body)
    return hashlib.sha256(str(response.status_code).encode() + body).hexdigest()


def contents(workbook: bytes) -> bytes:
    """What a workbook says, without the moments when it was made."""
    with zipfile.ZipFile(BytesIO(workbook)) as files:
        return b"".join(files.read(name) for name in sorted(files.namelist()) if name != "docProps/core.xml")


def kept_tables() -> list[str]:
    """Those of the models that are kept for good, in their order."""
    every = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence = 'p'")
        return sorted(name for (name,) in cursor.fetchall() if name in every and not RESTLESS.search(name))


def rows_of(table: str) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(table=connection.ops.quote_name(table)))
        return cursor.fetchone()
