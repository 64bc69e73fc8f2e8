"""Tells those who run the site, by e-mail, what broke and what is late. For a timer (docs/operations.md)."""

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError

from initiatives.core.watching import telling


class Command(BaseCommand):
    help = "Mails ADMINS the faults and late tasks that are new, at most once an hour. Never a value of a visitor."

    def handle(self, **options):
        if not settings.ADMINS:
            raise CommandError("There is nobody to tell: set ADMINS (see docs/operations.md).")
        try:
            told = self.told()
        except OSError as error:  # its kind alone: what it says may hold addresses
            raise CommandError(f"The e-mail did not leave: {type(error).__name__}") from None
        self.stdout.write("told" if told else "nothing to tell")

    def told(self) -> bool:
        try:
            return telling.tell()
        except (DatabaseError, InterfaceError) as error:  # without its tables, or only read, it tells nothing either
            return telling.tell_away(type(error.__cause__ or error).__name__)
