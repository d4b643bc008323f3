.DEFAULT_GOAL := help
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
DEMO := CRM_DEMONSTRATION=1 CRM_DATABASE_URL=sqlite:///instance/demo.db
export HOST PORT

.PHONY: help install demo demo-reset run test sure lint types layers lock migrate bench dist

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

install: .venv/.installed ## Create .venv and install the pinned, hashed requirements

.venv/.installed: requirements/dev.txt setup.cfg
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: install ## Start with the demonstration organisation (kept between calls); PORT= and HOST= are honoured
	@mkdir -p instance
	@$(DEMO) $(BIN)/crm demo load --if-empty
	@$(DEMO) $(BIN)/crm serve --host $(HOST) --port $(PORT)

demo-reset: ## Forget the demonstration's data
	rm -f instance/demo.db instance/demo.db-wal instance/demo.db-shm

run: install ## Start with your own data, empty at first
	@mkdir -p instance
	@$(BIN)/crm serve --host $(HOST) --port $(PORT)

test: install ## The whole suite: SQLite, PostgreSQL, and a real browser where there is one
	$(BIN)/python -m pytest -n auto --dist loadgroup

sure: lint types layers test ## Lint, types, layers, tests

lint: install ## Style of Python and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet

types: install ## mypy --strict
	$(BIN)/mypy

layers: install ## Imports run one way
	$(BIN)/lint-imports

lock: ## Pin the requirements anew, with hashes and without hosts
	$(BIN)/uv pip compile setup.cfg --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --upgrade --quiet -o requirements/base.txt
	$(BIN)/uv pip compile setup.cfg --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -c requirements/base.txt --quiet -o requirements/dev.txt

migrate: install ## Bring the database to the newest shape
	$(BIN)/crm db upgrade

bench: install ## Load the large demonstration organisation and time it
	@mkdir -p instance
	rm -f instance/bench.db*
	time CRM_DEMONSTRATION=1 CRM_DATABASE_URL=sqlite:///instance/bench.db $(BIN)/crm demo load --scale large

dist: install ## Build the wheel
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
