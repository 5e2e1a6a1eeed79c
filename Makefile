# Tocsin: make run starts it, make test proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)

# Wheels only, each with its hash; uv where it is on the PATH, else pip.
ifdef UV
INSTALL = $(UV) pip install --quiet --python $(BIN)/python --require-hashes --only-binary :all:
ITSELF = $(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:
ITSELF = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif

.PHONY: run test lint bench docs starter lock clean

run: $(VENV)/run
	@$(BIN)/tocsin up

test: $(VENV)/dev
	@scripts/install_test_programs
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev
	@$(BIN)/python -m bench

docs: $(VENV)/dev
	$(BIN)/mkdocs build --strict --quiet

starter: $(VENV)/dev
	$(BIN)/python scripts/make_starter.py $(DATA) --retrieved $(RETRIEVED)

lock:
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --only-binary :all: --custom-compile-command "make lock" --output-file requirements.lock
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --only-binary :all: --custom-compile-command "make lock" --constraint requirements.lock --output-file requirements-dev.lock

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tocsin needs Python 3.11 or newer: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) …"
	@$(INSTALL) -r requirements.lock
	@$(ITSELF)
	@touch $@

$(VENV)/dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) …"
	@$(INSTALL) -r requirements-dev.lock
	@$(ITSELF)
	@touch $@ $(VENV)/run

clean:
	rm -rf $(VENV) build dist site
