"""gunicorn's configuration: `gunicorn -c repertoire/gunicorn.py repertoire.wsgi` in production, and `make run`."""

import runpy
from pathlib import Path

from repertoire import env

# Read before any worker is forked, so that a bad variable is one sentence; and not imported, so that workers started
# after a change read the settings anew.
with env.or_stop():
    _settings = runpy.run_path(str(Path(env.__file__).with_name("settings.py")))

bind = _settings["BIND"]
workers = _settings["WEB_PROCESSES"]
worker_class = "gthread"
threads = _settings["WEB_THREADS"]
timeout = 30
# A search term must reach no log: there is no access log, and what gunicorn says of a broken request is only an error.
accesslog = None
loglevel = "error"
# Behind a proxy that passes long addresses on, the rest of the site answers them with a sentence.
limit_request_line = 8190
worker_tmp_dir = None
