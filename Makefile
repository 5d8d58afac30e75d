# Acuerdo. `make help` lists what can be done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT ?= 8000

.PHONY: help setup run test lint bench lock

help: ## what can be done
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(STAMP) ## creates .venv and installs the pinned dependencies; nothing the second time

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(STAMP) ## starts everything on the embedded default, with a sample portfolio
	@PORT=$(PORT) $(BIN)/acuerdo run --port $(PORT)

test: $(STAMP) ## checks and tests everything; brings what it needs
	@./.ci/browser
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/acuerdo flows check
	$(BIN)/pytest -q -n 2

lint: $(STAMP) ## formatting, lint, types, import rules
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: $(STAMP) ## measures the turn against its floor, in one run
	$(BIN)/python -m bench.step
	$(BIN)/python -m bench.turn

lock: $(STAMP) ## pins what pyproject.toml names anew, by version and hash; what is pinned already stays
	$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet --disable-pip-version-check pip-tools
	@printf '%s\n' '# Every package that Acuerdo runs, tests and checks with, by version and hash. Made by: make lock' > $(VENV)/lock/head
	$(BIN)/python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb')); \
		print(*p['project']['dependencies'], *p['dependency-groups']['dev'], *p['build-system']['requires'], sep='\n')" > $(VENV)/lock/in.txt
	cp requirements.lock $(VENV)/lock/out.txt
	$(VENV)/lock/bin/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras --no-header --no-annotate --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --output-file $(VENV)/lock/out.txt $(VENV)/lock/in.txt
	cat $(VENV)/lock/head $(VENV)/lock/out.txt > requirements.lock
