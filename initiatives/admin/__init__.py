"""The editors' workshop, in Django's own admin."""

from . import accounts, campaigns, contributions, initiatives, lists

__all__ = ["accounts", "campaigns", "contributions", "initiatives", "lists"]
