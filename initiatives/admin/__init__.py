"""The editors' workshop, in Django's own admin."""

from . import accounts, contributions, initiatives, lists

__all__ = ["accounts", "contributions", "initiatives", "lists"]
