#!/usr/bin/env python
"""Entry point of every command. On a developer's machine it also makes sure of the embedded database."""

import logging
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "repertoire.settings")
    # Neither variable set means a developer's machine: production always gives a DATABASE_URL.
    if not os.environ.get("DATABASE_URL"):
        os.environ.setdefault("REPERTOIRE_ENV", "development")
    if os.environ.get("REPERTOIRE_ENV") == "development":
        from repertoire import embedded_database

        embedded_database.prepare()

    # While the pool waits for a server that does not answer, it warns at every try: one sentence at the end is enough.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)

    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from repertoire import env

    try:
        with env.or_stop():
            execute_from_command_line(sys.argv)
    except OperationalError as error:
        sys.exit(f"The database does not answer; check DATABASE_URL. ({' '.join(str(error).split())})")


if __name__ == "__main__":
    main()
