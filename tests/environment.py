"""Loaded before Django's settings: a development environment and, with no DATABASE_URL, the embedded database."""

import os

os.environ.setdefault("REPERTOIRE_ENV", "development")

from repertoire import embedded_database

embedded_database.prepare()
