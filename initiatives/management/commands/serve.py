"""manage.py serve: what `make run` calls. Brings everything up to date, then serves as production does."""

import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connections
from gunicorn.app.base import BaseApplication

from initiatives.importer.load import load_directory
from repertoire import embedded_database

VAR = Path(settings.BASE_DIR) / "var"


class Server(BaseApplication):
    """gunicorn in this process, with the production configuration and the address of this machine."""

    def __init__(self, bind: str, reload: bool, announce):
        self.settings, self.announce = {"bind": bind, "reload": reload}, announce
        if reload:
            # One process, and the texts watched too: another worker would go on with the templates of before.
            base = Path(settings.BASE_DIR)
            watched = [*(base / "templates").rglob("*.html"), *(base / "locale").rglob("*.mo")]
            self.settings |= {"workers": 1, "reload_extra_files": [str(path) for path in watched]}
        super().__init__()

    def load_config(self):
        from repertoire import gunicorn

        options = {name: value for name, value in vars(gunicorn).items() if name in self.cfg.settings}
        for name, value in {**options, **self.settings, "when_ready": self.announce}.items():
            self.cfg.set(name, value)

    def load(self):
        from repertoire.wsgi import application  # in each worker: it opens a connection

        return application


class Command(BaseCommand):
    help = "Development: migrates, loads the directory, collects the static files, and serves on 127.0.0.1:$PORT."

    def add_arguments(self, parser):
        parser.add_argument("--reload", action="store_true", help="restart when a file changes")

    def handle(self, *, reload, **options):
        if not settings.DEVELOPMENT:
            raise CommandError("serve is for development; in production run gunicorn (docs/operations.md).")
        bind = free_address()
        call_command("migrate", verbosity=0)
        load_directory()
        collect_static_files()
        login = make_admin()
        # The workers are forked from this process: an open pool would be shared between them.
        for connection in connections.all():
            connection.close()
            connection.close_pool()

        def announce(server):
            send_in_background()
            self.stdout.write(f"Répertoire: http://{bind}/  ·  English: http://{bind}/en/")
            self.stdout.write(f"Admin:      http://{bind}/{settings.ADMIN_PATH}  ({login})")
            self.stdout.flush()

        Server(bind, reload, announce).run()


def send_in_background() -> None:
    """The e-mails of campaigns, in a process that ends with this one."""
    command = [sys.executable, "manage.py", "send_campaigns", "--parent", str(os.getpid())]
    subprocess.Popen(command, cwd=settings.BASE_DIR)  # noqa: S603 - our own


def free_address() -> str:
    """Where to serve. Raises CommandError, in a sentence, for an address that is taken."""
    host, _colon, port = settings.BIND.rpartition(":")
    if host != "unix":
        try:
            family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
            socket.create_server((host.strip("[]"), int(port)), family=family).close()
        except OSError as error:
            raise CommandError(
                f"{settings.BIND} cannot be used ({error}). Choose another: PORT=8765 make run"
            ) from None
    return settings.BIND


def make_admin() -> str:
    """An administrator for this machine alone; its password is made once and kept under var/."""
    password = embedded_database.secret("admin_password", 12)
    user, created = get_user_model().objects.get_or_create(
        username="admin", defaults={"is_staff": True, "is_superuser": True}
    )
    if created or not user.check_password(password):
        user.set_password(password)
        user.save()
    return f"admin / {password}"


def collect_static_files() -> None:
    """Collects and compresses the static files, unless they are those of the last time."""
    digest = hashlib.sha256()
    for path in sorted([*Path(settings.BASE_DIR, "static").rglob("*"), Path(settings.BASE_DIR, "requirements.lock")]):
        if path.is_file():
            digest.update(str(path).encode() + path.read_bytes())
    stamp = VAR / "static.digest"
    if stamp.exists() and stamp.read_text() == digest.hexdigest() and Path(settings.STATIC_ROOT).exists():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest.hexdigest())
