# The one place for what is done with this project; CI runs `make test` too.
# PYTHON chooses the interpreter when the environment is made: make install PYTHON=python3.12

# Tests start many processes, and each would compile the source anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
		>/dev/null 2>&1 && { echo "$$python"; break; }; done)

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo test bench format clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

install: $(INSTALLED) ## make .venv with everything pinned; the command is .venv/bin/tiimi

$(INSTALLED): pyproject.toml constraints.txt
	@if [ ! -x $(BIN)/python ]; then \
		if [ -z "$(PYTHON)" ]; then \
			echo "tiimi needs Python 3.11, 3.12 or 3.13 on the path (or: make install PYTHON=...)" >&2; \
			exit 1; \
		fi; \
		if ! "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then \
			echo "$(PYTHON) cannot make a virtual environment: its venv module is missing." >&2; \
			echo "On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; \
			exit 1; \
		fi; \
		"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; \
	fi
	$(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check \
		--constraint constraints.txt --editable '.[dev]'
	@touch $(INSTALLED)

demo: install ## plan the example city (57 people) into demo/
	$(BIN)/tiimi propose fixtures/jamsa-2018 --out demo
	@echo
	@echo "The proposal is in the folder demo:"
	@ls demo | sed 's|^|  demo/|'

test: install ## format, lint, types, import direction, speed, tests with coverage
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@# Meanwhile the tests are compiled: each of those who run them would do it anew.
	$(BIN)/pytest --collect-only --quiet --quiet >/dev/null & $(BIN)/mypy; typed=$$?; wait; exit $$typed
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m benchmarks.gate
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder --cov --cov-report=

# TIER=standard takes 20 minutes, TIER=full hours. A run that failed is in the page, too.
TIER ?= smoke

bench: install ## measure, and write results and a page into measured/; TIER=standard, full
	@mkdir -p measured
	$(BIN)/python -m benchmarks.run --tier $(TIER) --out measured/$(TIER).json; ran=$$?; \
		$(BIN)/python -m benchmarks.report measured/$(TIER).json --out measured/$(TIER).html \
		&& exit $$ran

format: install ## rewrite the source in the common format, and what lint can mend
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

clean: ## remove the environment and what is generated from the source
	rm -rf $(VENV) build dist demo .coverage htmlcov *.egg-info
	rm -rf .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -type d -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
