# Everything sets itself up: a fresh machine needs Python 3.11 or newer and make.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install -q
SOURCES := bot handlers liaison storage tests setup.py
TESTS  ?=

.PHONY: demo test test-browser lint format lock bench texts clean
.DEFAULT_GOAL := demo

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml setup.py | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.txt pyproject.toml setup.py | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements-dev.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev
	$(PIP) --require-hashes -r requirements-bench.txt
	@touch $@

# Translations: collected from the code, merged into the .po files, compiled (the compiled files are not committed).
LOCALES := handlers/locales
COMPILE  = $(BIN)/pybabel -q compile -d $(LOCALES) -D uakil 2>/dev/null

demo: $(VENV)/.run
	@$(COMPILE)
	@$(BIN)/uakil demo

test: $(VENV)/.dev
	@$(COMPILE)
	$(BIN)/pytest -n auto --maxprocesses 4 -m "not browser" $(TESTS)

test-browser: $(VENV)/.dev
	@$(COMPILE)
	@command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-color-emoji)
	$(BIN)/pytest -m browser $(TESTS)

lint: $(VENV)/.dev
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

bench: $(VENV)/.bench
	@$(COMPILE)
	@$(BIN)/python -m tests.bench

# Header lines that differ from run to run or name nobody: they would only make noise in the history.
DATED := POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Generated-By
texts: $(VENV)/.dev
	$(BIN)/pybabel -q extract -F babel.cfg --no-location --sort-output --omit-header -k say -k nsay:1,2 -k psay:1c,2 -k npsay:1c,2,3 -o $(LOCALES)/uakil.pot handlers
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete -w 120 -D uakil -i $(LOCALES)/uakil.pot -d $(LOCALES)
	sed -i -E '/^"($(DATED)): /d' $(LOCALES)/*/LC_MESSAGES/uakil.po
	rm $(LOCALES)/uakil.pot
	$(COMPILE)

# Only hashes and versions go into the lock files, no address of any package index.
UV_COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml --extra build
lock: $(VENV)/.dev
	$(UV_COMPILE) $(LOCK) -o requirements.txt
	$(UV_COMPILE) $(LOCK) --extra dev -c requirements.txt -o requirements-dev.txt
	$(UV_COMPILE) $(LOCK) --extra dev --extra bench -c requirements-dev.txt -o requirements-bench.txt

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
