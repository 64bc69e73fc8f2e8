"""manage.py check_data: proves that no word of Annexe C is lost, and says what the database holds."""

from django.core.management.base import BaseCommand, CommandError

from initiatives.importer.verify import database_state, verify


class Command(BaseCommand):
    help = "Verifies the fixtures against the source text word by word; fails if a word is lost or added."

    def handle(self, **options):
        report = verify()
        for name, totals in report.totals.items():
            self.stdout.write(f"{name}: " + ", ".join(f"{code} {n}" for code, n in sorted(totals.items())))
        for name, numeros in report.unknown.items():
            self.stdout.write(f"{name}: {len(numeros)} ({', '.join(map(str, numeros))})")
        for line in database_state():
            self.stdout.write(line)
        if report.errors:
            raise CommandError("\n".join(report.errors))
        self.stdout.write(f"{report.words} words of the source verified, each in exactly one field; none lost.")
