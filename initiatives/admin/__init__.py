"""The editors' workshop, in Django's own admin."""

from . import initiatives, lists

__all__ = ["initiatives", "lists"]
