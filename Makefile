# Two commands do all set-up on a fresh machine with Python 3.11+ and make:
#   make demo   the whole job on sample_data/, no credentials
#   make test   lint, format, types and tests
#   make notebook   JupyterLab with the analysis notebooks
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet --require-hashes

.PHONY: demo test lint types unit notebook lock clean

demo: $(VENV)/.run
	$(PY) run_matching.py demo

test: lint types unit

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(VENV)/.dev
	$(PY) -m mypy optimizer ingest publish backend bot benchmarks run_matching.py

# Tests make thousands of small databases: in memory where the machine has such a folder.
unit: $(VENV)/.dev node_modules/.package-lock.json
	@dir=$$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d); chmod 711 $$dir; \
		TMPDIR=$$dir $(PY) -m pytest -n 2 --dist worksteal; code=$$?; rm -rf $$dir; exit $$code

notebook: $(VENV)/.notebook
	$(PY) run_matching.py notebook

# The lock files hold versions and hashes, never addresses.
lock: $(VENV)/.dev
	$(PY) -m pip --disable-pip-version-check install --quiet uv
	$(PY) -m uv pip compile pyproject.toml --universal --no-emit-index-url --no-header --generate-hashes -q -o requirements.lock
	$(PY) -m uv pip compile pyproject.toml --extra dev --universal --no-emit-index-url --no-header --generate-hashes -q -o requirements-dev.lock
	$(PY) -m uv pip compile pyproject.toml --extra notebook --constraint requirements-dev.lock --universal --no-emit-index-url --no-header --generate-hashes -q -o requirements-notebook.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "This project needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "The venv module is missing; on Debian and Ubuntu: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	$(PIP) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	$(PIP) -r requirements-dev.lock
	@touch $@ $(VENV)/.run

$(VENV)/.notebook: requirements-notebook.lock | $(VENV)/bin/python
	$(PIP) -r requirements-notebook.lock
	@touch $@ $(VENV)/.run

# Parts of tests that only npm has; without npm their tests are skipped and say so.
node_modules/.package-lock.json: package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund; else echo "npm is missing: tests that need it are skipped"; fi

clean:
	rm -rf $(VENV) out node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
