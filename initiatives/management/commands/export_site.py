"""manage.py export_site: the whole public site as files that outlive the service."""

from pathlib import Path
from time import monotonic

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils import timezone

from initiatives.core.enums import Tache
from initiatives.core.watching import runs
from initiatives.publishing.copies.folder import NotOursError
from initiatives.publishing.copies.whole import CopyError, export
from initiatives.views.copies import search_page
from initiatives.views.inside import ask


class Command(BaseCommand):
    help = "Writes the whole public site into DIR, as files that open from a USB key or any static host."

    def add_arguments(self, parser):
        parser.add_argument("dir", type=Path, help="absent, empty, or a former export, which is replaced")
        parser.add_argument("--without-pdf", action="store_true", help="leaves the documents to print out")

    def handle(self, *, dir, without_pdf, **options):  # noqa: A002 - what it is called on the command line
        if getattr(staticfiles_storage, "hashed_files", True) == {}:
            raise CommandError("The static files were not collected: run manage.py collectstatic first.")
        since = monotonic()
        try:
            with runs.recorded(Tache.EXPORT) as said:
                about = export(dir.absolute(), ask, search_page, timezone.now(), not without_pdf, self.stdout.write)
                said.append(f"{about['total']} fichiers")
        except (NotOursError, CopyError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{dir} cannot be written ({error.strerror}): nothing was.") from None
        megabytes = about["octets"] / 1_000_000
        self.stdout.write(f"{dir}: {about['total']} files, {megabytes:.1f} MB, {monotonic() - since:.0f} s")
