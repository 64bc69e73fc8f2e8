"""gunicorn's configuration: `gunicorn -c repertoire/gunicorn.py repertoire.wsgi` in production, and `make run`."""

from repertoire import env

bind = env.text("BIND", "127.0.0.1:8000")
workers = env.integer("WEB_CONCURRENCY", 2)
worker_class = "gthread"
threads = env.integer("WEB_THREADS", 4)
timeout = 30
# A search term must reach no log: there is no access log, and what gunicorn says of a broken request is only an error.
accesslog = None
loglevel = "error"
# Behind a proxy that passes long addresses on, the rest of the site answers them with a sentence.
limit_request_line = 8190
worker_tmp_dir = None
