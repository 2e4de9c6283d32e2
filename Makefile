.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
WORKERS ?= 3
RUN := @$(PYTHON) config/bootstrap.py
DEV := @$(PYTHON) config/bootstrap.py --dev
# A production-like environment, and servers of a moment beside a command.
BESIDE := .venv/bin/python -m config.embedded
PRODUCTION := env DEBUG=false DEMO=false SECRET_KEY=$$(head -c 48 /dev/urandom | base64 -w 0) \
	SITE_URL=https://foothold.example MAIL_HOST=mail.example TRUSTED_PROXIES=1

# The documentation site; a warning is an error.
SITE := .venv/bin/python -m sphinx --fail-on-warning --fresh-env --keep-going --quiet docs var/docs

.PHONY: help up services test check types wiring docs audit sbom format bench fuzz mutants chaos \
	evaluate screenshots mail-pictures logs clean

help: ## List what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

up: ## Start everything with the demo market: http://localhost:8000 (PORT=8001 for another port)
	@DEMO=true DEBUG=false $(PYTHON) config/bootstrap.py manage.py up --port $(PORT) $(ARGS)

services: ## Start only PostgreSQL and Valkey, and print their addresses
	$(RUN) -m config.embedded

test: ## Run the tests on real PostgreSQL and Valkey (ARGS="tests/matching -x" for some of them)
	$(DEV) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

check: ## Lint, types, import order, documentation, migrations, production settings
	$(DEV) -m ruff check .
	@.venv/bin/ruff format --check .
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target types wiring

types:
	@.venv/bin/mypy

wiring:
	@.venv/bin/lint-imports
	@$(SITE)
	@$(PRODUCTION) $(BESIDE) manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(BESIDE) manage.py check --deploy --fail-level WARNING

docs: ## Build the documentation site into var/docs; a broken link fails
	$(DEV) -m tests.reference
	@$(SITE)
	@echo "The documentation stands in var/docs/index.html."

audit: ## Compare the locked packages with known advisories; says so where none can be reached
	$(RUN) --audit

sbom: ## Write the bill of materials of what production installs into var/sbom.json
	$(RUN) --sbom

format: ## Format the code
	$(DEV) -m ruff format .

bench: ## Measure against the yardsticks (ARGS=--full for a million candidates)
	$(DEV) -m tests.benchmarks $(ARGS)

fuzz: ## Send generated requests to the API as each role (FUZZ=500 for fewer than 5,000)
	@FUZZ=$(or $(FUZZ),5000) $(PYTHON) config/bootstrap.py --dev -m pytest -n $(WORKERS) \
		tests/api/test_schemathesis.py $(ARGS)

mutants: ## Put small faults in, one at a time, and see that the tests notice (JOBS=2, ARGS=pay)
	$(DEV) -m tests.mutants $(ARGS)

chaos: ## Kill workers, broker and database under load, and count what is lost
	$(DEV) -m tests.chaos $(ARGS)

evaluate: ## Judge the ranking on simulated markets
	$(DEV) -m tests.benchmarks.evaluate $(ARGS)

screenshots: ## Photograph the main pages into var/screenshots (ARGS=--keep: those of the guides)
	$(DEV) -m tests.screenshots $(ARGS)

mail-pictures: ## Photograph every mail, in each language, into var/screenshots
	$(DEV) -m tests.mail_pictures

logs: ## Follow the logs of make up
	@tail -n 20 -F var/log/*.log

clean: ## Remove the demo market's database and the caches
	rm -rf var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache staticfiles
