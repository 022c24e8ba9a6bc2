# Everything a newcomer needs. `make` or `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LANDING ?=
LAKE ?=
export DAGSTER_HOME ?= $(CURDIR)/data/dagster

.PHONY: help setup run ui test soak bench lint format clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | sort

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' \
		|| { echo "Python 3.11 or 3.12 is needed; name it with PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing pinned dependencies into $(VENV), once ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@$(BIN)/python -c 'from orchestration.commands.setup import prepare; prepare()'
	@touch $@

setup: $(VENV)/.installed ## Create .venv and install pinned dependencies

run: setup ## Run everything on the bundled sample, or on LANDING=DIR
ifeq ($(LANDING),)
	@$(BIN)/lakehouse run --sample $(if $(LAKE),--lake "$(LAKE)")
else
	@$(BIN)/lakehouse run --landing "$(LANDING)" $(if $(LAKE),--lake "$(LAKE)")
endif

ui: setup ## Open Dagster on the same lake, http://localhost:3000
	@mkdir -p "$(DAGSTER_HOME)"
	@test -f "$(DAGSTER_HOME)/dagster.yaml" || cp orchestration/dagster.yaml "$(DAGSTER_HOME)/"
	@$(BIN)/dagster dev -w workspace.yaml

format: setup ## Rewrite files in the project's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lint: setup ## Formatting, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint ## Everything that must hold; about ten minutes
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not soak"

soak: setup ## Fault injection at length
	$(BIN)/python -m pytest -m soak

bench: setup ## Speed, as ratios in one run
	$(BIN)/python -m benchmarks

clean: ## Remove the lake, the sample and the build; keeps .venv
	rm -rf data dbt_project/target
