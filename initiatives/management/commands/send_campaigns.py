"""The e-mails of campaigns, in the background: a service that stays, or `--once` for a timer (docs/operations.md)."""

import os

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from initiatives.hearing import sending


class Command(BaseCommand):
    help = "Sends the e-mails of launched campaigns: one at a time, never twice, resumed after a crash."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="send what is ready, then end")
        parser.add_argument("--parent", type=int, help="end when this is no longer the parent process")

    def handle(self, *, once, parent, **options):
        try:
            sent = sending.run(once, lambda: parent in (None, os.getppid()))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except KeyboardInterrupt:
            return
        self.stdout.write(f"{sent} sent")
