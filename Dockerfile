# The site as an image: `--target site`, which runs unprivileged on a root file system that is read-only; and `--target base`,
# PostgreSQL with what backs it up (docs/operations.md, « Containers »).
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/repertoire
COPY requirements.lock ./
RUN python3 -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . ./
# The settings want their variables; collecting files reads none of them.
RUN SECRET_KEY=0123456789012345678901234567890123456789012345678901234567890 ALLOWED_HOSTS=localhost \
    DATABASE_URL=postgresql://nobody@localhost/nothing .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && .venv/bin/python -m compileall -q repertoire initiatives

FROM python:3.11-slim-bookworm AS site
RUN useradd --system --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin repertoire
WORKDIR /srv/repertoire
COPY --from=build /srv/repertoire ./
ENV PATH=/srv/repertoire/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0:8000 RESERVE=/tmp/reserve.zip
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=2s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/sante/vivant/', timeout=1)"]
CMD ["gunicorn", "-c", "repertoire/gunicorn.py", "repertoire.wsgi"]

FROM postgres:15-bookworm AS base
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends pgbackrest python3 && rm -rf /var/lib/apt/lists/* \
    && install -d -o postgres -g postgres -m 700 /var/lib/pgbackrest && ln -sf /usr/bin/python3 /usr/local/bin/python3
# What marks a backup in the site, and compares what was restored with it.
COPY --from=build /srv/repertoire /srv/repertoire
COPY deploy/postgresql.conf /etc/postgresql/repertoire.conf
# What it says goes to the log of the container, and what it keeps for a moment into /tmp, the one folder that all may write.
ENV PGBACKREST_LOG_LEVEL_FILE=off PGBACKREST_SPOOL_PATH=/tmp/pgbackrest-spool
USER postgres
CMD ["postgres", "-c", "config_file=/etc/postgresql/base.conf"]
