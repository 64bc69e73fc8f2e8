"""The sessions of staff, in the database. Where it refuses to be written, whoever is logged in still reads."""

import logging

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import InternalError, OperationalError

logger = logging.getLogger(__name__)


class SessionStore(db.SessionStore):
    def save(self, must_create=False):
        """Keeps a session on. A new one that cannot be written, which is a login, raises what the database raises."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if not isinstance(error.__context__, InternalError | OperationalError):
                raise
            logger.warning("A session was not kept on: %s", type(error.__context__.__cause__).__name__)
