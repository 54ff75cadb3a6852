# Octavo's tasks.  `make demo` and `make test` are all that a fresh clone needs.
#
# The environment is made on first use (tools/environment.sh) and again when pyproject.toml or
# constraints.txt change.  ARGS goes to pytest: make test ARGS="-k percent -x"

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OLDEST := build/oldest-lab
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow test-lab-oldest explore coverage lint format types layers docs bench wheel-test all \
        generate labextension messages lock matrix hooks clean distclean

help: ## list the tasks
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

$(READY): pyproject.toml constraints.txt tools/environment.sh
	@tools/environment.sh $(VENV) "$(PYTHON)"
	@touch $@

demo: $(READY) ## convert the notebooks of examples/ and prove each round trip
	@PATH="$(CURDIR)/$(BIN):$$PATH" examples/demo.sh

test: $(READY) ## run the tests
	$(BIN)/python -m pytest $(ARGS)

test-slow: $(READY) ## run the slow and the end-to-end tests
	$(BIN)/python -m pytest -m slow $(ARGS)

$(OLDEST)/.ready: pyproject.toml constraints.txt constraints-oldest-lab.txt tools/environment.sh
	@mkdir -p build
	@awk -F== 'NR == FNR { oldest[$$1] } NR == FNR || !($$1 in oldest)' \
	    constraints-oldest-lab.txt constraints.txt >$(OLDEST).txt
	@tools/environment.sh $(OLDEST) "$(PYTHON)" oldest-lab $(OLDEST).txt
	@touch $@

test-lab-oldest: labextension $(OLDEST)/.ready ## run the tests of Jupyter in JupyterLab 4.4 and Notebook 7.4
	$(OLDEST)/bin/python -m pytest -m slow $(ARGS) \
	    tests/end_to_end/test_lab_*.py tests/end_to_end/test_jupyter_*.py

explore: $(READY) ## look for new failures: long model runs, odd inputs on a calm machine
	OCTAVO_EXPLORE=1 $(BIN)/python -m pytest -m slow tests/properties $(ARGS)

# Tracing slows some lines more than others, so tests that compare times are left out.
coverage: $(READY) ## run the tests and report lines and branches that none of them reached
	$(BIN)/python -m pytest --cov --cov-report=term -k "not linear and not grows" $(ARGS)

lint: $(READY) ## check style and formatting
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(READY) ## mend style and formatting
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

types: $(READY) ## check types
	$(BIN)/mypy

layers: $(READY) ## check which layer imports which
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/architecture

docs: $(READY) ## build the site into build/site, let Sphinx judge its sources, run the examples
	$(BIN)/octavo build site --quiet
	$(BIN)/python -m sphinx -nWEq --keep-going -b html docs build/docs
	$(BIN)/python -m pytest -q tests/test_docs.py

bench: $(READY) ## measure beside the peers; results go to bench/results; ARGS names areas
	$(BIN)/python bench/run.py $(ARGS)

wheel-test: $(READY) ## build, install into an empty environment, convert there
	@tools/wheel_test.sh $(BIN)

all: lint types layers test docs wheel-test test-slow ## everything but the measurements

generate: $(READY) ## write the index of the formats and the reference pages from the code
	$(BIN)/python tools/generate.py
	$(BIN)/python tools/reference.py

labextension: $(READY) ## build the extension of JupyterLab (needs Node.js with npm)
	$(BIN)/python tools/labextension.py --link

messages: $(READY) ## collect what the pages of JupyterLab say, for translators
	$(BIN)/python tools/messages.py

lock: ## renew constraints.txt (needs uv)
	uv export --quiet --upgrade --all-groups --no-hashes --no-header --no-annotate \
	    --no-emit-project --output-file constraints.txt >/dev/null
	rm -f uv.lock

matrix: ## run the tests on Python 3.11, 3.12 and 3.13 (needs nox)
	nox

hooks: $(READY) ## install the git hooks
	$(BIN)/prek install

clean: ## remove what the tasks made, but not the environment
	rm -rf build dist labextension/lib src/octavo/jupyter/labextension .pytest_cache .mypy_cache \
	    .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find src tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the environment too
	rm -rf $(VENV) .nox labextension/node_modules
