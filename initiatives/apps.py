"""The application, and the admin that it brings."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = "Répertoire"

    def ready(self):
        from .roles import apply_roles

        post_migrate.connect(apply_roles, sender=self)


class WorkshopConfig(AdminConfig):
    """Django's admin, behind a second factor."""

    default_site = "initiatives.workshop.Workshop"
