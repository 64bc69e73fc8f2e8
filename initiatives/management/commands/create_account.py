"""The first account of a new installation, or any other, without the admin."""

import getpass
import secrets

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from initiatives.keeping.roles import ROLES, role_named


class Command(BaseCommand):
    help = "Creates an account of the team. Its second factor is set up at the first login."

    def add_arguments(self, parser):
        parser.add_argument("name")
        roles = "with or without accents"
        parser.add_argument("--role", type=role_named, choices=list(ROLES), default="administration", help=roles)
        parser.add_argument("--generate", action="store_true", help="makes a password and prints it once")

    def handle(self, *, name, role, generate, **options):
        user = User(username=name, is_staff=True)
        password = secrets.token_urlsafe(15) if generate else getpass.getpass("Mot de passe : ")
        try:
            user.full_clean(exclude=["password"])
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        user.set_password(password)
        user.save()
        user.groups.set(Group.objects.filter(name=role))
        self.stdout.write(f"{name}: {role}." + (f" Password, shown once: {password}" if generate else ""))
