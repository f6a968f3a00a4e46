# Two commands: `make run` starts the studio, `make test` checks everything. The rest is for engineers.
.DEFAULT_GOAL := help
.PHONY: help run test lint format bench faults lock clean
SHELL := /bin/sh

VENV := .venv
PYTHON := $(VENV)/bin/python

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: $(VENV)/run.stamp ## Start the studio: web, queues, watcher and vendor simulator, until Ctrl-C
	@exec $(PYTHON) manage.py run_studio $(ARGS)

test: $(VENV)/dev.stamp ## Check everything; with CI=true nothing may be skipped
	@./scripts/check-all

lint: $(VENV)/dev.stamp ## Style, types, layers and templates, without the tests
	@./scripts/check-all --lint

format: $(VENV)/dev.stamp ## Rewrite Python and templates in the house's format
	@$(VENV)/bin/ruff check --fix --exit-zero .
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/djhtml --tabwidth 2 templates

bench: $(VENV)/dev.stamp ## Print measured figures
	@$(PYTHON) -m tests.bench

faults: $(VENV)/dev.stamp ## Kill every process at every step of a take, FAULT_ROUNDS times (20); takes hours
	@FAULT_ROUNDS=$${FAULT_ROUNDS:-20} nice -n 10 $(PYTHON) -m pytest -q -n 2 \
	  tests/faults/test_killed_at_every_step.py tests/faults/test_chaos.py tests/renders/test_any_order.py \
	  tests/renders/test_webhooks_under_fire.py

lock: ## Pin the newest parts again (needs uv)
	@uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-header --no-annotate \
	  pyproject.toml -o requirements/run.lock
	@uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-header --no-annotate \
	  pyproject.toml --group dev -o requirements/dev.lock
	@echo "requirements/run.lock and requirements/dev.lock are written."

clean: ## Remove the virtual environment and caches; what lasts (var/) stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles

# A stamp holds the lock that was installed: nothing is downloaded while the lock stays the same.
$(VENV)/run.stamp: requirements/run.lock | $(VENV)/bin/python
	@./scripts/install requirements/run.lock $@

$(VENV)/dev.stamp: requirements/dev.lock | $(VENV)/bin/python
	@./scripts/install requirements/dev.lock $@

$(VENV)/bin/python:
	@./scripts/make-venv $(VENV)
