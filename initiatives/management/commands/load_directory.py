"""manage.py load_directory: creates what is missing in the database, and overwrites nothing."""

from django.core.management.base import BaseCommand

from initiatives.importer.load import load_directory


class Command(BaseCommand):
    help = "Creates the fiches, organisations and lists that are missing; never overwrites an edit."

    def handle(self, **options):
        created = load_directory()
        for label, number in sorted(created.items()):
            self.stdout.write(f"{label}: {number} created")
        if not created:
            self.stdout.write("Nothing missing, nothing changed.")
