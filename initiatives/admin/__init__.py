"""The editors' workshop, in Django's own admin."""

from . import accounts, initiatives, lists

__all__ = ["accounts", "initiatives", "lists"]
