# For a machine with Python 3.11 and make. Everything else is installed into .venv, from the locks.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
WORKERS ?= 3
TEST = $(BIN)/python -m pytest
SLICES = $(wildcard tests/slices/test_*.py)
DEATHS = tests/slices/test_deaths.py
DOCS = $(wildcard tests/docs/test_*.py)

# Hundreds of processes start in the tests: what was compiled of them is kept, also where the environment says otherwise.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help venv demo test rollback check lint types layers docs format slices deep bench bench-peers wheel lock clean

help:  ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The stamp: as long as the lock and the project file do not change, nothing is installed again.
.venv/.installed: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; try make PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what requirements-dev.lock lists into .venv" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

venv: .venv/.installed  ## the virtual environment in .venv

demo: venv  ## the main job: orders out, ship, inventory and ack files back
	@$(BIN)/translator demo

test: venv  ## the tests (the documentation's are make docs, the sweeps make slices)
	$(TEST) --numprocesses $(WORKERS) --dist worksteal --ignore tests/docs -m "not sweep"

rollback: venv  ## the road once more, over a SQLite that is not safe in WAL mode
	TRANSLATOR_TEST_JOURNAL=rollback $(TEST) --numprocesses $(WORKERS) --dist loadfile tests/road

check: lint types layers docs test rollback  ## all that must hold before a change lands

lint: venv  ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: venv  ## ruff: put right what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: venv  ## mypy, strict
	$(BIN)/mypy

layers: venv  ## import-linter: who may import whom
	$(BIN)/lint-imports --no-logo

docs: venv  ## the documentation does what it says
	$(if $(DOCS),$(TEST) --numprocesses $(WORKERS) --dist worksteal $(DOCS),@echo "no tests of the documentation yet")

# The deaths are counted, so many as there is time for: nothing runs beside them.
slices: venv  ## the sweeps among the tests, and bounded slices of the long ones, with their figures
	$(TEST) --numprocesses $(WORKERS) --dist worksteal --ignore tests/docs -m sweep
	$(TEST) $(DEATHS)
	$(TEST) --numprocesses 2 --dist worksteal $(filter-out $(DEATHS),$(SLICES))

deep: venv  ## one sweep in full: make deep SLICE=kill; goes on where it stopped, results in deep/results.jsonl
	@test -f "tests/slices/test_$(SLICE).py" || { echo "make deep SLICE=k, k one of: $(SLICES:tests/slices/test_%.py=%)" >&2; exit 2; }
	TRANSLATOR_DEEP=1 $(TEST) tests/slices/test_$(SLICE).py

bench: venv  ## the benchmarks, into benchmarks/results.json
	$(BIN)/python -m benchmarks

bench-peers: venv .venv-peers/.installed  ## the benchmarks beside Bots, in an environment of its own
	$(BIN)/python -m benchmarks --peers .venv-peers/bin/python

# Bots is measured only: never imported, never shipped.
.venv-peers/.installed: Makefile
	@test -x .venv-peers/bin/python || $(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check 'bots-ediint==3.3.1' 'Django<4'
	@touch $@

wheel: venv  ## the wheel, in dist/
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

LOCK = .venv-lock/bin/pip-compile --quiet --upgrade --generate-hashes --strip-extras --annotation-style line --no-header --no-emit-options

lock:  ## both locks anew, with hashes and without an address
	@test -x .venv-lock/bin/pip-compile || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet pip-tools; }
	$(LOCK) --extra postgres --output-file requirements.lock pyproject.toml
	$(LOCK) --extra postgres --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean:  ## everything that was made, except deep/
	rm -rf .venv .venv-peers .venv-lock build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
