# One word a chore; .ci/run says the same words. Set-up is part of each: a fresh clone needs Python 3.11+, make and a package index.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help demo test lint types docs bench kills faults load upgrade soak months siege fuzz format audit clean
help:
	@echo "make demo    the whole pipeline against a bundled newsroom on loopback"
	@echo "make test    the tests"
	@echo "make lint | types | docs | bench | format | audit | clean"
	@echo "make kills | faults | load   the long runs: 500 kills of the daemon, hostile servers, 10,000 sources"
	@echo "make upgrade | soak | siege  old databases upgraded under 100 kills; a day of 1,000 sources in 35 minutes; pages under attack"
	@echo "make months                  60 days of sources that do everything wrong, on a clock that is turned, in a quarter of an hour"
	@echo "make fuzz                    changed samples into all that reads outside text; longer where atheris is installed"

$(READY): pyproject.toml constraints.txt dev-requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[mcp,datasette]' --requirement dev-requirements.txt
	@touch $(READY)

demo: $(READY)
	$(BIN)/aiwatch demo$(if $(DIRECTORY), --directory "$(DIRECTORY)")

test: $(READY)
	$(BIN)/python -m pytest -q --numprocesses auto --maxprocesses 4 --dist worksteal

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

docs: $(READY)
	$(BIN)/python -m pytest -q tests/test_docs.py

bench: $(READY)
	$(BIN)/python -m bench

kills: $(READY)
	$(BIN)/python bench/kills.py --kills 500 --warm

faults: $(READY)
	$(BIN)/python bench/faults.py --runs 3

load: $(READY)
	$(BIN)/python bench/load.py

upgrade: $(READY)
	$(BIN)/python bench/upgrade.py

soak: $(READY)
	$(BIN)/python bench/soak.py

months: $(READY)
	$(BIN)/python bench/months.py

siege: $(READY)
	$(BIN)/python bench/siege.py

fuzz: $(READY)
	$(BIN)/python bench/fuzz.py --seconds 120

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

audit: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
