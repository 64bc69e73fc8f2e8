"""manage.py build_fixtures: writes the fixtures that derive from the source texts."""

from django.core.management.base import BaseCommand

from initiatives.importer.build import FIXTURES, build_records, built_fixtures, write_fixture


class Command(BaseCommand):
    help = "Writes fixtures/initiatives.json and fixtures/sondages.json from fixtures/sources/."
    requires_system_checks = ()

    def handle(self, **options):
        for name, rows in built_fixtures().items():
            write_fixture(FIXTURES / name, rows)
            self.stdout.write_fixture(f"{name}: {len(rows)} rows")
        for record in build_records():
            for notice in record.notices:
                self.stdout.write_fixture(f"fiche {record.numero}: {notice}")
