"""The floor's WSGI application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "repertoire.settings")

from django.conf import settings

settings.ROOT_URLCONF = "bench.floor"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
