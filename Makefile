# The two commands: `make run` and `make test`. Both work from a bare clone with Python 3.11 or later.
PYTHON ?= python3
PORT ?= 8000
export PORT
# uv trusts the certificates that the machine trusts, as pip does.
export UV_SYSTEM_CERTS := 1
BIN := .venv/bin

.PHONY: run dev test test-browser test-standards test-backup test-faults pictures bench mutants lock messages fixtures clean

run: .venv/ready
	REPERTOIRE_ENV=development $(BIN)/python manage.py serve

dev: .venv/ready
	REPERTOIRE_ENV=development DEBUG=1 $(BIN)/python manage.py serve --reload

# Python keeps what it compiled even where it is asked not to: every process of the suite would compile it all again.
test: .venv/ready
	PYTHONDONTWRITEBYTECODE= REPERTOIRE_ENV=development $(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

# A virtual environment that holds exactly what the lock says; the stamp is last, so an interrupted install is redone.
.venv/ready: requirements.lock requirements-dev.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet requirements-dev.lock
	touch $@

# In a real browser, Debian's chromium, and through the Nu HTML checker (npm, java); skipped with a sentence without them.
VNU := 26.9.27
test-browser: .venv/ready
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements-browser.lock
	@test -e var/vnu/package || ! command -v npm > /dev/null || \
	  { mkdir -p var/vnu && cd var/vnu && npm pack --silent vnu-jar@$(VNU) > /dev/null && tar -xzf vnu-jar-*.tgz; }
	REPERTOIRE_ENV=development $(BIN)/python -m pytest -m browser tests/browser $(ARGS)

# What the tools of strangers accept (OpenAPI, Frictionless, CSVW…), on a started site; they live in var/standards, and one
# that cannot be installed is a failure. make test-standards ARGS="-k openapi" asks some of them.
test-standards: .venv/ready var/standards/ready
	REPERTOIRE_ENV=development $(BIN)/python -m tests.standards.run $(ARGS)

NPM_VALIDATORS := schema-dts@2.1.0 typescript@5.9.3 @adobe/structured-data-validator@1.7.1 @marbec/web-auto-extractor@2.2.1
var/standards/ready: requirements-standards.lock Makefile | .venv/ready
	mkdir -p var/standards/node
	$(PYTHON) -m venv var/standards/env
	VIRTUAL_ENV=var/standards/env $(BIN)/uv pip sync --quiet --require-hashes requirements-standards.lock
	npm install --prefix var/standards/node --no-save --no-audit --no-fund --ignore-scripts --loglevel=error $(NPM_VALIDATORS)
	touch $@

# Backups, point-in-time recovery and the restore drill, on a PostgreSQL 15 and repositories made for it (five minutes).
test-backup: .venv/ready
	tests/backups.sh

# What is promised when something breaks, on real servers of our own: a line a fault, at most twelve minutes.
# make test-faults ARGS="-k dead,hung"; FAULTS_SOAK=3600 for an hour's use; FAULTS_POSTGRES=/usr/lib/postgresql/15/bin
test-faults: .venv/ready
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -W ignore -m tests.faults.run $(ARGS)

# Every template at 390 and 1280 px, light and dark, in both languages, into var/pictures; ONLY="accueil liste" for some.
pictures: .venv/ready
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements-browser.lock
	REPERTOIRE_ENV=development $(BIN)/python -m bench.pictures $(ONLY)

# Ours, an empty view, Datasette and raw SQL, all up at once, on data that varies: make bench SIZES="152 10000 100000";
# under writes: make bench SIZES=10000 ARGS="--writes 600"; the data alone, made for the next runs: ARGS=--prepare
SIZES ?= 152 10000 100000
bench: .venv/ready
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements-bench.lock
	PYTHONDONTWRITEBYTECODE= REPERTOIRE_ENV=development $(BIN)/python -m bench $(SIZES) $(ARGS)

# What the tests do not notice: small faults put one by one into a copy, and only the tests that run that line asked.
# make mutants MODULES="initiatives/keeping" SAMPLE=100 SEED=1 JOBS=2; what was already tried is not tried again.
mutants: .venv/ready
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements-mutants.lock
	REPERTOIRE_ENV=development $(BIN)/python -m bench.mutants $(MODULES) --sample $(or $(SAMPLE),0) --seed $(or $(SEED),0) --jobs $(or $(JOBS),1)

# The locks, with hashes, for every platform; uv is asked to write no address of an index.
lock:
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --group browser --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements-browser.lock
	$(BIN)/uv pip compile pyproject.toml --group bench --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements-bench.lock
	$(BIN)/uv pip compile pyproject.toml --group mutants --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements-mutants.lock
	$(BIN)/uv pip compile pyproject.toml --group standards --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements-standards.lock

# The English catalogue, from the sources. Needs GNU gettext.
messages: .venv/ready
	$(BIN)/python manage.py makemessages --locale en --no-location --no-obsolete --no-wrap --ignore var --ignore .venv --ignore tests --ignore bench
	sed -i /^\"POT-Creation-Date/d locale/en/LC_MESSAGES/django.po
	$(BIN)/python manage.py compilemessages --locale en --locale fr --ignore .venv

# The fixtures that derive from the source documents.
fixtures: .venv/ready
	$(BIN)/python manage.py build_fixtures

clean:
	rm -rf .venv var
