"""The settings of `failing_server`: the site's own, without collected files."""

from repertoire.settings import *  # noqa: F403

ROOT_URLCONF = "tests.failing_server"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
