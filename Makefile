# Everything from a fresh machine: needs Python 3.11 or newer, its venv module, and make.
#
#   make brief                      sets up, then tells what's next in israel-iran-2024-04
#   make brief CRISIS=FILE.yaml     the same for another crisis
#   make test                       what the continuous integration runs
#   make brief PYTHON=/path/python  with an interpreter of your choice
#   make test PYTEST_OPTIONS=       one test after the other; by default two at a time
#   make test POSTGRESQL=no         without installing PostgreSQL where it is missing
#   make test CHROMIUM=no           without installing Chromium where it is missing

VENV := .venv
BIN := $(VENV)/bin
CRISIS := israel-iran-2024-04
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$python"; break; }; done)
POSTGRESQL := yes
PYTEST_OPTIONS := -n 2
CHROMIUM := yes
PIP := $(BIN)/python -m pip --quiet --no-input --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup warm brief test postgresql chromium format fit docs clean

help:
	@echo "make setup   virtual environment in $(VENV), with the package"
	@echo "make brief   what's next in $(CRISIS)"
	@echo "make warm    compile the kernels, so that the first brief does not have to"
	@echo "make test    lint, format, types and tests"
	@echo "make postgresql  install PostgreSQL by apt, for the tests of the ledger on it"
	@echo "make chromium  install Chromium by apt, for the tests of the board in it"
	@echo "make format  mend lint and format where a tool can"
	@echo "make fit     derive the shipped figures anew from the datasets in OFFRAMP_DATA"
	@echo "make docs    write anew the pages and schemas that are generated"
	@echo "make clean   remove $(VENV) and what the tools cached here"

setup: $(VENV)/.installed

brief: setup
	$(BIN)/offramp brief $(CRISIS)

warm: setup
	$(BIN)/offramp brief $(CRISIS) --futures 200 --json > /dev/null

test: $(VENV)/.installed-test postgresql chromium
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest $(PYTEST_OPTIONS)

# $(call by-apt,package,name): where there is no apt, or nobody may install without a password, the
# tests that need it are skipped and say so; this never fails.
define by-apt
	if ! command -v apt-get > /dev/null; then sudo=no; \
	elif [ "$$(id -u)" = 0 ]; then sudo=; \
	elif sudo -n true 2> /dev/null; then sudo="sudo -n"; else sudo=no; fi; \
	if [ "$$sudo" = no ]; then \
		echo "make: $(2) is not installed and cannot be from here: its tests are skipped"; \
	else \
		$$sudo apt-get -qq update < /dev/null; \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
			--no-install-recommends $(1) < /dev/null > /dev/null \
		|| echo "make: $(2) could not be installed: its tests are skipped"; \
	fi
endef

# The tests start a server of their own.
postgresql:
	@if [ "$(POSTGRESQL)" = no ] || ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 \
		|| command -v initdb > /dev/null; then exit 0; fi; \
	$(call by-apt,postgresql,PostgreSQL)

# The tests of the board look at it in a browser without a window.
chromium:
	@if [ "$(CHROMIUM)" = no ]; then exit 0; fi; \
	for name in chromium chromium-browser google-chrome google-chrome-stable; do \
		if command -v $$name > /dev/null; then exit 0; fi; \
	done; \
	$(call by-apt,chromium,Chromium)

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fit: $(VENV)/.installed-history
	$(BIN)/offramp fit --editions --out src/offramp/choice/figures
	$(BIN)/offramp history points --out src/offramp/choice/figures/decision_points.npz
	$(BIN)/offramp judgements --out src/offramp/choice/figures/judgements.json

docs: $(VENV)/.installed-test
	$(BIN)/python docs/generate.py
	$(BIN)/python -m offramp.crisis.json_schema
	$(BIN)/python -m offramp.brief.schema docs/brief.schema.json

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests docs -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is touched only once its step has succeeded.
$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer found;" \
		"install one, or name it: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: $(PYTHON) is not Python 3.11 or newer" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "make: $(PYTHON) cannot make virtual environments with pip in them;" \
		"on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	"$(PYTHON)" -m venv --clear $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-history: $(VENV)/.made pyproject.toml
	$(PIP) install --editable '.[history]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-test: $(VENV)/.made pyproject.toml
	$(PIP) install --editable '.[test]'
	@touch $@ $(VENV)/.installed
