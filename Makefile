# make demo: a trained network from nothing.  make test: the tests.  make clinic: what the doctor finds in sick programs
# and says of healthy ones.  All make .venv first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check clinic clean

demo: .venv/installed
	$(BIN)/gradwise train digits

test: .venv/installed
	$(BIN)/python -m pytest

clinic: .venv/installed
	$(BIN)/python clinic/score.py sixteenth --plain

check: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
