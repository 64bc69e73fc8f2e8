"""Loaded before Django's settings: a development environment and, with no DATABASE_URL, the embedded database."""

import os

os.environ.setdefault("REPERTOIRE_ENV", "development")

from repertoire import embedded_database

embedded_database.prepare()
# Tests need no collected file, but whitenoise warns of a missing folder, and warnings are errors here.
(embedded_database.VAR / "static").mkdir(parents=True, exist_ok=True)
