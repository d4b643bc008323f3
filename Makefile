.DEFAULT_GOAL := help
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile setup.cfg --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
DEMO := CRM_DEMONSTRATION=1 CRM_DATABASE_URL=sqlite:///instance/demo.db
# One more than there are cores: the browser and the databases leave each of them waiting a third of the time.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
export HOST PORT

.PHONY: help install tools demo demo-reset run test sure lint types layers lock migrate bench dist

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

install: .venv/.installed ## Create .venv and install the pinned, hashed requirements

.venv/.installed: requirements/base.txt requirements/assets.txt setup.cfg
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the requirements into .venv (once)"
	@$(PIP) install --require-hashes -r requirements/base.txt
	@$(PIP) install --require-hashes --no-deps -r requirements/assets.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.installed-dev: requirements/dev.txt .venv/.installed
	@echo "Installing what the tests and checks need (once)"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

tools: .venv/.installed-dev

demo: install ## Start with the demonstration organisation (kept between calls); PORT= and HOST= are honoured
	@mkdir -p instance
	@$(DEMO) $(BIN)/crm serve --host $(HOST) --port $(PORT)

demo-reset: ## Forget the demonstration's data
	rm -f instance/demo.db instance/demo.db-wal instance/demo.db-shm

run: install ## Start with your own data, empty at first
	@mkdir -p instance
	@$(BIN)/crm serve --host $(HOST) --port $(PORT)

test: tools ## The whole suite: SQLite, PostgreSQL, and a real browser where there is one
	$(BIN)/python -m pytest -n $(WORKERS)

sure: lint types layers test ## Lint, types, layers, tests

lint: tools ## Style of Python and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet

types: tools ## mypy --strict
	$(BIN)/mypy

layers: tools ## Imports run one way
	$(BIN)/lint-imports

lock: tools ## Pin the requirements anew, with hashes and without hosts
	$(COMPILE) --extra build --upgrade -o requirements/base.txt
	$(COMPILE) --extra build --extra dev -c requirements/base.txt -o requirements/dev.txt
	echo django-htmx | $(subst setup.cfg,-,$(COMPILE)) --no-deps --upgrade -o requirements/assets.txt

migrate: install ## Bring the database to the newest shape
	$(BIN)/crm db upgrade

bench: tools ## What a request costs, beside the least that can be done: docs/benchmarks.md; SCALES=, DATABASES=
	$(BIN)/python -m tests.bench

dist: install ## Build the wheel
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
