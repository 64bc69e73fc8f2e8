"""The application, and the admin that it brings."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate

SCREENS = [
    *("accounts", "campaigns", "contributions", "faults", "initiatives", "lists", "needs", "reports", "resources"),
    *("strategies", "texts"),
]


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = "Répertoire"

    def ready(self):
        from .keeping.roles import apply_roles

        post_migrate.connect(apply_roles, sender=self)


class WorkshopConfig(AdminConfig):
    """Django's admin, behind a second factor."""

    default_site = "initiatives.admin.site.Workshop"

    def ready(self):
        """Registers the screens once the site exists: they take away what other applications registered."""
        super().ready()
        for screen in SCREENS:
            import_module(f"initiatives.admin.{screen}")
