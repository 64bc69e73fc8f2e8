"""Forgets who wrote to us, once the decision is old enough, and where wrong passwords came from. For a daily timer."""

from argparse import ArgumentTypeError

from axes.models import AccessAttempt
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from initiatives.core.cells import whole_number
from initiatives.core.enums import Tache
from initiatives.core.watching import runs
from initiatives.hearing.client import forget_passages
from initiatives.hearing.contributions import erase_contacts


def number_of_days(text: str) -> int:
    days = whole_number(text, 4)
    if days is None:
        raise ArgumentTypeError("a number of days, 0 to 9999")
    return days


class Command(BaseCommand):
    help = "Erases the name and e-mail of senders, CONTACT_RETENTION_DAYS (or --days) after the decision."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=number_of_days)

    def handle(self, *, days, **options):
        with runs.recorded(Tache.EFFACEMENT) as said:
            for name, numbers in erase_contacts(days).items():
                self.stdout.write(f"{name}: {len(numbers)} erased {numbers or ''}".rstrip())
                said.append(f"{name} : {len(numbers)}")
            forget_passages()
            AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - settings.AXES_COOLOFF_TIME).delete()
