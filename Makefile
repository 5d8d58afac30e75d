# Acuerdo. `make help` lists what can be done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
RUNS := $(VENV)/.installed
TESTS := $(VENV)/.installed-tests
PORT ?= 8000
JOBS ?= 2
SAMPLE ?= 150
RATE ?= 10
MINUTES ?= 20
# MEASURE=1 measures branch coverage too, of a test on both databases on SQLite alone
COVERAGE := $(if $(MEASURE),--cov --cov-branch --cov-report=term:skip-covered)

.PHONY: help setup train-setup run test check lint audit drill soak bench-town drill-talk drill-offers drill-books drill-year drill-api mutants handbook pictures bench bench-desk bench-outreach bench-scale bench-workers lock

help: ## what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: $(RUNS) ## creates .venv with what running needs; nothing the second time

$(RUNS): locks/run.txt pyproject.toml
	@echo "Setting up, once: $$(grep -c '==' locks/run.txt) packages, about 75 MB to download, 470 MB in $(VENV)"
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit((3, 11) > v and "Python 3.11 or newer is needed, this is %d.%d: make PYTHON=python3.12" % v[:2])'
	@echo "1/3 creating $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "2/3 downloading and installing the pinned packages"
	@$(PIP) --require-hashes -r locks/run.txt
	@echo "3/3 installing acuerdo"
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(TESTS): $(RUNS) locks/test.txt
	@echo "Installing what the tests need besides, once: about 250 MB to download"
	@$(PIP) --require-hashes -r locks/test.txt
	@touch $@

train-setup: $(RUNS) ## what `acuerdo nlu train` needs besides
	@$(PIP) --require-hashes -r locks/train.txt

run: $(RUNS) ## starts everything on the embedded default, with a sample portfolio
	@PORT=$(PORT) $(BIN)/acuerdo run --port $(PORT)

test: lint ## checks and tests everything; installs what it needs
	@./.ci/browser
	$(BIN)/acuerdo flows check
	$(BIN)/pytest -q -n $(JOBS) --dist worksteal --durations=20 $(COVERAGE)

check: lint ## the fast half of `make test`: lint, types, flows, unit and conversation tests
	$(BIN)/acuerdo flows check
	$(BIN)/pytest -q -n $(JOBS) --durations=5 tests/unit tests/conversations tests/broken_flows

lint: $(TESTS) ## formatting, lint, import rules, types
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

audit: $(TESTS) ## known vulnerabilities of the pinned packages, where the advisory service answers
	@./.ci/audit

drill: $(TESTS) ## all processes, 200 kills and 120 other faults in 10,000 turns: what is lost, doubled
	$(BIN)/python -m bench.town drill

soak: $(TESTS) ## the same processes under even traffic: RATE=10 turns a second, MINUTES=20: memory, errors
	$(BIN)/python -m bench.town soak --per-second $(RATE) --minutes $(MINUTES)

bench-town: $(TESTS) ## turns a second with all processes on PostgreSQL and Redis, against the floor of a turn
	$(BIN)/python -m bench.town rate

handbook: $(TESTS) ## builds docs/ into site/, the settings' page anew; fails at a warning
	$(BIN)/python -m bot.settings_reference
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

drill-talk: $(TESTS) ## 20,000 conversations with a robot borrower, in memory
	$(BIN)/python -m tests.robot --conversations 20000

drill-offers: $(TESTS) ## 5,000 cases of each property of offers, then 20,000 negotiations over 200 random policies
	ACUERDO_OFFER_CASES=5000 $(BIN)/pytest -q tests/properties/test_offers.py
	$(BIN)/python -m bench.offers

drill-books: $(TESTS) ## 20,000 reports of money and tapes on each database, against a model of the world
	$(BIN)/python -m bench.books

drill-year: $(TESTS) ## a year of outreach to 20,000 borrowers in every zone, then the auditor
	$(BIN)/python -m bench.year

pictures: $(TESTS) ## takes the pictures of docs/images anew from a demo that runs
	$(BIN)/python -m tests.browser.pictures

bench-desk: $(TESTS) ## measures what agents' pages cost, and how soon they show a change
	$(BIN)/python -m bench.desk

bench-outreach: $(TESTS) ## measures planning and dispatching against their floors, in one run
	$(BIN)/python -m bench.outreach

bench-scale: $(TESTS) ## ten million messages on PostgreSQL: what pages take, what walks a table; then SQLite
	$(BIN)/python -m bench.size
	$(BIN)/python -m bench.size --on sqlite --conversations 10000 --messages 100000 --loans 3000

bench-workers: $(TESTS) ## 1, 2 and 4 workers on PostgreSQL: what each adds, what working together costs
	$(BIN)/python -m bench.scale

drill-api: $(TESTS) ## 100 machine-made calls for each operation of the API, held against its description
	ACUERDO_SCHEMA_EXAMPLES=100 $(BIN)/pytest -q tests/integration/test_schema.py

mutants: $(TESTS) ## breaks SAMPLE lines of what must never be wrong, one at a time: 85 % must be caught
	$(BIN)/python -m bench.mutants --sample $(SAMPLE)

bench: $(TESTS) ## measures the turn and the charging against their floors, in one run
	$(BIN)/python -m bench.step
	$(BIN)/python -m bench.turn
	$(BIN)/python -m bench.charging

lock: $(RUNS) ## pins what pyproject.toml names, by version and hash; what is pinned already stays
	$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet --disable-pip-version-check pip-tools
	$(VENV)/lock/bin/python locks/make.py
