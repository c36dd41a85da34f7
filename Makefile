# Everything a person types here: demo, test, check, docs, messages, audit, bench, themes, chaos, soak, fuzz,
# mutants, migration, format, lock.
# Nothing is installed outside this folder.

PYTHON ?= python3
UV := $(shell command -v uv || echo .tools/bin/uv)
RUN := .venv/bin/python -m

# The environment is made anew when what it is made from, or the place it is in, has changed.
READY := .venv/ready-$(shell { cat pyproject.toml requirements.lock; pwd; } | cksum | tr ' ' '-')

# Twice as many as there are cores, because many tests wait for a socket, a browser or a database.
export PYTEST_XDIST_AUTO_NUM_WORKERS ?= $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')

export UV_PYTHON_INSTALL_DIR = $(CURDIR)/.tools/python
export UV_NO_PROGRESS = 1
unexport PYTHONDONTWRITEBYTECODE # a bot that must compile every part anew starts three times as slowly

.PHONY: demo test check docs messages audit bench themes chaos soak fuzz mutants migration format lock

demo: $(READY)
	@$(RUN) bot demo

test: $(READY)
	$(RUN) pytest -n auto --maxprocesses 8 --dist worksteal

check: $(READY)
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	.venv/bin/lint-imports --no-logo
	$(RUN) pytest tests/docs

docs: $(READY)
	$(RUN) bot.devtools.reference_docs

messages: $(READY)
	$(RUN) bot.devtools.extract_messages

# Asks who keeps a list of known weaknesses; what cannot be looked up is said, and fails too (not where KNOWN=1).
audit: $(READY)
	@$(if $(KNOWN),timeout 120) $(UV) tool run --quiet pip-audit --disable-pip --require-hashes --requirement requirements.lock \
		--format json --progress-spinner off 2>/dev/null | $(RUN) tests.audit $(if $(KNOWN),--known)

# PARTS= names those to measure, WHOLE=1 measures ten times as much where that takes minutes.
bench: $(READY)
	$(RUN) tests.bench $(PARTS) $(if $(WHOLE),--whole)

# Compares the themes of summaries with other methods, on labelled rounds. HELD=1 takes those set aside, SHOW=1 shows each.
themes: $(READY)
	@test -d build/yake || $(UV) pip install --quiet --python .venv --target build/yake yake==0.7.3
	PYTHONPATH=build/yake $(RUN) tests.domain.themes $(if $(HELD),--held) $(if $(SHOW),--show)

# SHORT=1 kills a few times in each kind of work, as CI does once the suite is done.
chaos: $(READY)
	$(RUN) $(if $(SHORT),pytest --kills -n 2,tests.chaos)

soak: $(READY)
	$(RUN) tests.soak

fuzz: $(READY)
	@test -d build/atheris || $(UV) pip install --quiet --python .venv --target build/atheris 'atheris>=3,<4'
	PYTHONPATH=build/atheris $(RUN) tests.fuzz

# Puts small faults into PACKAGES= (bot/cadence and bot/core), SAMPLE= of them drawn by SEED=, and says which no test notices.
mutants: $(READY)
	@test -d build/cosmic-ray || $(UV) pip install --quiet --no-deps --python .venv --target build/cosmic-ray \
		cosmic-ray==8.7.0 parso==0.8.7 stevedore==5.10.0
	PYTHONPATH=build/cosmic-ray $(RUN) tests.mutants $(PACKAGES)

migration: $(READY)
	$(RUN) storage.migrations "$(MESSAGE)"

format: $(READY)
	$(RUN) ruff check --fix --select I
	$(RUN) ruff format

lock: $(UV)
	$(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --group dev pyproject.toml --output-file requirements.lock

$(READY): | $(UV)
	@echo "Preparing .venv (once, about a minute at most)"
	@$(UV) venv --quiet --allow-existing --relocatable .venv
	@$(UV) pip sync --quiet --python .venv --require-hashes requirements.lock
	@$(UV) pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@rm -f .venv/ready-* && touch $@

.tools/bin/uv:
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { \
		echo "Commonplace needs pip to fetch its parts, and $(PYTHON) has none."; \
		echo "Install pip (on Debian or Ubuntu: apt install python3-pip) or uv, then run make again."; \
		exit 1; }
	@echo "Fetching uv into .tools"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-warn-script-location \
		--root-user-action=ignore --target .tools 'uv>=0.9,<1'
