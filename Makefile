# run · test · check · bench · install — and for developers: lock · migration
PORT ?= 8000
BIN := .venv/bin
ARGS ?=
# Enough to read the settings where no database is needed.
NO_DATABASE := EVENKEEL_SECRET_KEY=only-for-checks-only-for-checks-only DJANGO_SETTINGS_MODULE=evenkeel.project.settings
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: run test check bench install lock migration
.SILENT:

run: install
	exec $(BIN)/evenkeel run --with-parent --port $(PORT)

test: install
	exec $(BIN)/pytest --numprocesses auto --dist loadfile $(ARGS)

check: install
	$(BIN)/ruff format --check --quiet . || { echo "Format: run .venv/bin/ruff format ."; exit 1; }
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/codespell
	tools/hosts
	$(NO_DATABASE) $(BIN)/python -m django check --fail-level WARNING
	$(NO_DATABASE) $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run
	$(BIN)/pytest -q tests/test_house.py tests/test_docs.py tests/test_newcomer.py

bench: install
	exec $(BIN)/evenkeel bench $(ARGS)

install:
	tools/install

lock:
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) pyproject.toml --group dev --output-file requirements-dev.txt
	tools/hosts

migration: install
	exec $(BIN)/evenkeel manage makemigrations $(ARGS)
