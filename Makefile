# Every command of the project. `make app` is all a visitor needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ZOO ?= zoos/demo
DEVICE ?= cpu

.DEFAULT_GOAL := help
.PHONY: help app test slow check fix bench load claims faults lock graph zoo clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

app: $(VENV)/installed  ## open Tauscope on the demo zoo (ZOO=folder for another)
	$(BIN)/python -m app --zoo $(ZOO)

test: $(VENV)/installed-dev  ## run every test but the slow ones, the browser's included
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadgroup

slow: $(VENV)/installed-dev  ## run the slow tests
	$(BIN)/python -m pytest -m slow

check: $(VENV)/installed-dev  ## format, lint, types and import contracts; no tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/installed-dev  ## format, mend what can be mended safely, write the schemas and the import graph
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m app schema recipe > docs/recipe.schema.json
	$(BIN)/python -m app schema zoo > docs/zoo.schema.json
	$(BIN)/python docs/import_graph.py --write

bench: $(VENV)/installed-dev  ## each hot path against its floor, in one run (DEVICE=cuda on an NVIDIA GPU)
	$(BIN)/python -m benchmarks --device $(DEVICE)

load: $(VENV)/installed-dev  ## many tabs that move sliders at once: how long they wait
	$(BIN)/python -m benchmarks.load

faults: $(VENV)/installed-dev  ## kill processes at random moments, damage caches, and see what holds
	$(BIN)/python -m benchmarks.faults

lock: $(VENV)/installed-dev  ## compile the pinned requirements for every platform
	$(BIN)/uv pip compile -q --universal --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt

claims: $(VENV)/installed-dev  ## how often each sentence claims an effect where there is none
	$(BIN)/python -m benchmarks.false_claims

graph: $(VENV)/installed-dev  ## write the import graph in docs/architecture.md again
	$(BIN)/python docs/import_graph.py --write

zoo: $(VENV)/installed-dev  ## make the demo zoo again, from nothing
	$(BIN)/python zoos/demo/build.py

clean:  ## forget the environment
	rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Tauscope needs Python 3.11 or newer; $(PYTHON) is older. Try make PYTHON=python3.12 app."; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: $(VENV)/bin/python requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $(VENV)/installed $@
