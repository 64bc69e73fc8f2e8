"""The next release: the site's settings, and a migration that the present one has not."""

from tests.failing_settings import *  # noqa: F403

MIGRATION_MODULES = {"initiatives": "tests.later"}
