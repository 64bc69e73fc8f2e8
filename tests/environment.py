"""Loaded before Django's settings: a development environment and, with no DATABASE_URL, the embedded database."""

import os

os.environ.setdefault("REPERTOIRE_ENV", "development")

from repertoire import embedded_database

embedded_database.prepare()
# Tests need no collected file, and each new browser would have whitenoise go through all of them. It warns of a missing
# folder, and warnings are errors here.
NO_FILES = embedded_database.VAR / "nothing"
NO_FILES.mkdir(parents=True, exist_ok=True)
