# Needs Python 3.11 to 3.13 and make; everything else is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint soak bench docs requirements
.DELETE_ON_ERROR:

run: .venv/runtime.stamp
	@exec $(BIN)/python manage.py portal

# In as many processes as there are processors, four at most; WORKERS=0 is this one.
WORKERS ?= auto
test: .venv/development.stamp
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: .venv/development.stamp
	PATH="$(CURDIR)/$(BIN):$$PATH" sh .ci/lint

# The long form of the tests that kill, starve and flood the portal; their short form is part of `make test`.
soak: .venv/development.stamp
	PORTAL_SOAK=1 $(BIN)/python -m pytest -q -m soak --timeout 7200 $(SOAK)

# Generates a million matters in a data folder of its own, once, and measures; see docs/performance.md.
bench: .venv/runtime.stamp
	$(BIN)/python -m tests.bench $(BENCH)

# Prints the pages of docs/ that come from the code anew.
docs: .venv/development.stamp
	PORTAL_WRITE_DOCS=1 $(BIN)/python -m pytest -q tests/architecture/test_documents_are_current.py

# Pins every dependency of the two short lists, with hashes, for all platforms.
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/uv pip compile --quiet --no-config --universal \
	--generate-hashes --python-version 3.11
requirements: .venv/development.stamp
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv .venv

.venv/runtime.stamp: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/development.stamp: requirements-dev.txt .venv/runtime.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
