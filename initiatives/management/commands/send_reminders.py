"""The single reminder of each campaign. For a daily timer."""

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from initiatives.hearing.campaigns import REMINDER_DAYS, remind
from initiatives.models import Campagne


class Command(BaseCommand):
    help = "Reminds, once, the organisations that did not answer --days days after the e-mail of a campaign."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=REMINDER_DAYS)

    def handle(self, *, days, **options):
        for campagne in Campagne.objects.all():
            try:
                outcome = remind(campagne, days)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from None
            if outcome.stopped:
                self.stderr.write(f"{campagne}: {outcome.stopped}")
            failed, uncertain = len(outcome.failed), len(outcome.uncertain)
            if outcome.sent or failed or uncertain:
                self.stdout.write(f"{campagne}: {outcome.sent} reminded, {failed} failed, {uncertain} uncertain")
