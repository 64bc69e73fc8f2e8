"""The settings of a server started by a test: the site's own, with the quick passwords of the tests."""

from repertoire.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
