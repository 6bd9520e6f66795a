# One command for each thing that people do here; `make` alone lists them.
# The environment is made on the first run and renewed when a requirements file changes.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
HOST ?= 127.0.0.1
PORT ?= 8080
WORKERS ?= 2

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input
RUNTIME := .venv/runtime.stamp
TOOLS := .venv/tools.stamp
ASSETS := app/static/vendor/fetched.stamp
CATALOGUES := $(wildcard app/translations/*/LC_MESSAGES/*.po addons/*/translations/*/LC_MESSAGES/*.po)
TRANSLATIONS := $(CATALOGUES:.po=.mo)

export FLASK_APP := app.cli:create_app
export PYTHONPATH := $(CURDIR)
export PYTHONDONTWRITEBYTECODE := # Empty: whoever starts hundreds of processes wants a thousand files compiled once.

.PHONY: help demo run worker screenshots test suite e2e bench lint format types imports db-check rules sdk assets translations

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUNTIME) assets translations ## Start the product with two demo companies on port 8080
	@$(BIN)/flask demo
	@$(BIN)/python setup/serve.py --host $(HOST) --port $(PORT)

run: $(RUNTIME) assets translations ## Start a development server that reloads on changes
	@$(BIN)/flask run --debug --host $(HOST) --port $(PORT)

worker: $(RUNTIME) ## Start a background worker with the schedule (needs ZHANGGUI_REDIS_URL)
	@$(BIN)/celery --app app.worker worker --beat --loglevel INFO

test: lint $(ASSETS) $(TRANSLATIONS) ## Run everything: style, types, import contracts, all tests (BOTH=1: pages on both databases)
	@$(MAKE) --jobs=2 types suite

suite: $(TOOLS)
	@$(BIN)/python -m pytest --quiet --numprocesses $(WORKERS) --dist worksteal

e2e: $(TOOLS) assets translations ## Run only the tests that drive a browser
	@$(BIN)/python -m pytest --quiet tests/e2e

bench: $(TOOLS) assets translations ## Measure speed against the targets, one file after the other
	@for file in bench/[!_]*.py; do echo "$$file"; $(BIN)/python $$file || exit 1; done

screenshots: $(TOOLS) assets translations ## Take the README's pictures from the product
	@$(BIN)/python docs/screenshots.py

lint: $(TOOLS) ## Check style and format
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "Some files are not formatted: run make format"; exit 1; }

format: $(TOOLS) ## Put every file into the project's format
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format --quiet

types: $(TOOLS) ## Check the types of app and addons
	@$(BIN)/mypy --no-error-summary

imports: $(TOOLS) ## Check who imports whom
	@$(BIN)/lint-imports --no-logo

db-check: $(TOOLS) ## Fail when models and migrations differ
	@$(BIN)/flask db check

rules: $(TOOLS) ## List the business rules that no test proves yet
	@$(BIN)/python -m tests.architecture.rules_report

sdk: $(TOOLS) ## Pin the public interface as it is now, after a wanted change
	@$(BIN)/python -m tests.architecture.sdk_surface

assets: $(ASSETS) ## Fetch the browser files and the PDF font

translations: $(TRANSLATIONS) ## Compile the translations

.venv/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed and was not found. Name one: make PYTHON=/path/to/python"; exit 1; fi
	@echo "Making the environment in .venv"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing (Debian: the package python3-venv)."; exit 1; }

$(RUNTIME): requirements.txt | .venv/bin/python
	@echo "Installing what the product needs"
	@$(PIP) -r requirements.txt
	@touch $@

$(TOOLS): requirements-dev.txt $(RUNTIME)
	@echo "Installing what the tests and tools need"
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(ASSETS): app/static/assets.lock.json setup/fetch_assets.py $(RUNTIME)
	@echo "Fetching the browser files and the PDF font"
	@$(BIN)/python setup/fetch_assets.py
	@touch $@

%.mo: %.po $(RUNTIME)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
