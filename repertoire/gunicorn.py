"""gunicorn's configuration: `gunicorn -c repertoire/gunicorn.py repertoire.wsgi` in production, and `make run`."""

import runpy
from pathlib import Path

from gunicorn.glogging import Logger

from repertoire import env, exporter, fleeting, life  # noqa: F401  the key that every worker inherits
from repertoire.logs import FORMATTERS


class DiscreetLogger(Logger):
    """gunicorn's own, whose lines hold no more than Django's."""

    def setup(self, cfg):
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(FORMATTERS[_settings["LOG_FORMAT"]]())


# Read before any worker is forked, so that a bad variable is one sentence; and not imported, so that workers started
# after a change read the settings anew.
with env.or_stop():
    _settings = runpy.run_path(str(Path(env.__file__).with_name("settings.py")))

bind = _settings["BIND"]
workers = _settings["WEB_PROCESSES"]
worker_class = "repertoire.worker.Worker"
threads = _settings["WEB_THREADS"]
timeout = 30
graceful_timeout = 30  # what is being answered when it stops ends: the longest is a document
max_requests = _settings["MAX_REQUESTS"]
max_requests_jitter = max_requests // 2  # two at once would leave nobody
control_socket_disable = True
# A search term must reach no log: there is no access log, and of a broken request gunicorn says nothing.
accesslog = None
logger_class = DiscreetLogger
loglevel = "error"
# Behind a proxy that passes long addresses on, the rest of the site answers them with a sentence.
limit_request_line = 8190
worker_tmp_dir = None


def post_worker_init(worker):
    """Each process that answers pages is ready to set them aside; the first does. All others look what is withdrawn."""
    from initiatives.views import reserve

    reserve.keep(_settings["RESERVE"] if _settings["PROCESS_GROUP"] != "atelier" else None)


def on_starting(server):
    """Who stops is not ready first, then has no new visitor, then none; who is replaced waits for the new one."""
    life.leave_slowly(server, _settings["STOP_DELAY"])
    life.replace_when_ready(server, graceful_timeout)


if _settings["METRICS_BIND"]:
    exporter.prepare()

    def post_fork(server, worker):
        """Each process counts in a place of its own."""
        exporter.take_place()

    def child_exit(server, worker):
        exporter.sweep()

    def when_ready(server):
        exporter.serve()

    def on_reload(server):
        exporter.serve()

    def on_exit(server):
        exporter.clear()
