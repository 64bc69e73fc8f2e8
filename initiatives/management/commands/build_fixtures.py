"""manage.py build_fixtures: writes the fixtures that derive from the source texts."""

from django.core.management.base import BaseCommand

from initiatives.finding.search import sentences
from initiatives.importer.build import FIXTURES, build_records, built_fixtures, write_fixture
from initiatives.importer.needs import delivered_texts


class Command(BaseCommand):
    help = "Writes fixtures/initiatives.json, fixtures/sondages.json from fixtures/sources/, and fixtures/vecteurs.npz."
    requires_system_checks = ()

    def handle(self, **options):
        for name, rows in built_fixtures().items():
            write_fixture(FIXTURES / name, rows)
            self.stdout.write(f"{name}: {len(rows)} rows")
        made = sentences.write_vectors(delivered_texts())
        self.stdout.write(f"{sentences.VECTORS.name}: {made} rows")
        for record in build_records():
            for notice in record.notices:
                self.stdout.write(f"fiche {record.numero}: {notice}")
