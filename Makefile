# Two commands matter: `make run` and `make test`. Each sets up what it needs and can be repeated.
SHELL := /bin/sh
CONFIG ?= config
# Three workers for two cores: many tests wait for processes and sockets.
WORKERS ?= 3
# How many times the daemon is killed -9 on each database in `make test`, and in `make faults`.
KILLS ?= 4
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PIP := .venv/bin/python -m pip --disable-pip-version-check --quiet
MARSAD := .venv/bin/python -m marsad

.PHONY: run demo test slow lint faults bench lock clean format

run: .venv/.ready
	$(MARSAD) --config "$(CONFIG)" run

demo: .venv/.ready
	$(MARSAD) demo

# Tests start Marsad some two hundred times: without bytecode each start would compile all of it.
test slow faults: export PYTHONDONTWRITEBYTECODE =

test: .venv/.ready-dev
	MARSAD_TEST_KILLS=$(KILLS) .venv/bin/python -m pytest -n $(WORKERS) --dist worksteal -m "not sweep and not slow and not bench"

# What takes minutes of processor time beside `make test`: CI runs both.
slow: .venv/.ready-dev
	.venv/bin/python -m pytest -n $(WORKERS) --dist worksteal -m "(slow or bench) and not sweep"

lint: .venv/.ready-dev
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m ruff check .
	.venv/bin/python -m mypy service tests
	.venv/bin/lint-imports

faults: .venv/.ready-dev
	MARSAD_TEST_KILLS=40 .venv/bin/python -m pytest -n 2 tests/faults

bench: .venv/.ready-dev
	.venv/bin/python -m tests.bench

format: .venv/.ready-dev
	.venv/bin/python -m ruff format .
	.venv/bin/python -m ruff check --fix .

# Needs uv; writes exact versions and hashes, and names no index.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--quiet --upgrade --extra build pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--quiet --upgrade --extra build --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage*

# A stamp is written last, so an interrupted set-up is simply done again.
.venv/.python:
	@test -n "$(PYTHON)" || { echo "Marsad needs Python 3.11 or newer; none was found. Install it, or say make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up .venv …"
	@.venv/bin/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear .venv
	@touch .venv/.python

.venv/.ready: .venv/.python requirements.lock pyproject.toml
	@echo "Installing what Marsad needs …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch .venv/.ready

.venv/.ready-dev: .venv/.ready requirements-dev.lock
	@echo "Installing what the tests need …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch .venv/.ready-dev
