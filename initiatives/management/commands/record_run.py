"""Notes that something which is not ours ended: a backup, a restore drill. The last line of its script."""

from argparse import ArgumentTypeError
from math import inf

from django.core.management.base import BaseCommand

from initiatives.core.enums import Tache
from initiatives.core.watching import runs


def duration(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < inf:
        raise ArgumentTypeError("a number of seconds")
    return seconds


class Command(BaseCommand):
    help = "Notes that a task ended just now, for the first screen of the workshop, the metrics and the alarms."

    def add_arguments(self, parser):
        parser.add_argument("task", metavar="TACHE", choices=Tache.values, help=", ".join(Tache.values))
        parser.add_argument("--failed", action="store_true", help="it did not do what it should")
        parser.add_argument("--seconds", type=duration, help="how long it took")
        parser.add_argument("--detail", default="", help="in a few words that hold nobody's name, address or words")

    def handle(self, *, task, failed, seconds, detail, **options):
        runs.record(Tache(task), not failed, seconds, detail)
