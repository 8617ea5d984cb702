# The commands that this project keeps: demo, test, check, bench, eval, train, attack. Each sets up what it needs.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP_FLAGS ?=
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt $(PIP_FLAGS)

.PHONY: demo test test-slow check bench eval train attack clean
.DEFAULT_GOAL := demo

demo: .venv/.installed
	@echo "==> Starting the demo"
	@$(BIN)/trustbot demo $(DEMO)

test: .venv/.installed-dev
	@echo "==> Running the tests (some minutes)"
	@$(BIN)/python -m pytest -n 2 -m "not slow"

test-slow: .venv/.installed-dev
	@echo "==> Running the slow tests"
	@$(BIN)/python -m pytest -n 2 -m slow

check: .venv/.installed-dev
	@echo "==> ruff";        $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "==> mypy";        $(BIN)/mypy
	@echo "==> import-linter"; $(BIN)/lint-imports --no-cache
	@echo "==> guides, containers, hooks"; $(BIN)/python -m pytest -q -m "not slow" tests/guides
	@echo "==> wheel";       $(BIN)/python .ci/smoke_wheel.py

bench: .venv/.installed-dev
	@$(BIN)/python -m tests.benchmarks $(BENCH)

eval: .venv/.installed-dev
	@$(BIN)/python -m tests.evaluation $(EVAL)
	@$(BIN)/python -m tests.evaluation.written

# TRAIN names the folder of training data. Without it, what is trained on the package's own lines goes to build/.
train: .venv/.installed-dev
	@$(BIN)/python -m knowledge.safety.train $(TRAIN)

attack: .venv/.installed-dev
	@echo "==> Attacking (some minutes)"
	@$(BIN)/python -m tests.attacks $(ATTACK)

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Trustbot needs Python 3.11 or newer. Install it, then run this again."; exit 1; }
	@echo "==> Making a Python environment in .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing (on Debian and Ubuntu: apt install python3-venv)."; exit 1; }

.venv/.installed: pyproject.toml constraints.txt | .venv/bin/python
	@echo "==> Installing Trustbot and what it stands on (some 3 GB; a few minutes the first time)"
ifdef LOCKED
	@$(BIN)/python -m pip install --disable-pip-version-check $(PIP_FLAGS) --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check $(PIP_FLAGS) --no-deps -e .
else
	@$(INSTALL) -e '.[ocr]'
endif
	@$(BIN)/python -c 'import cv2' 2>/dev/null || { \
		echo "==> This machine has no libGL: taking OpenCV without windows, which reads scans as well"; \
		$(INSTALL) --no-deps --force-reinstall opencv-python-headless; }
	@touch $@

.venv/.installed-dev: pyproject.toml constraints.txt .venv/.installed
	@echo "==> Installing what the tests need"
	@$(INSTALL) -e '.[ocr,dev]'
	@touch $@ .venv/.installed

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
