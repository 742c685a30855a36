# The front door. `make` alone says what there is; every target does the set-up that it needs.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
QA ?= $(BIN)/qa
READY := $(VENV)/.installed

# Q is never expanded by make or by a shell: it travels as it was typed, in a variable of the environment.
unexport Q
export QA_QUESTION := $(value Q)

HERE := $(dir $(firstword $(MAKEFILE_LIST)))
BENCHES := retrieval languages abroad news quiz desk orders polar phrases decision unprobed premises grounding rivals attribution quoted checking citing citing_fit citing_reading entailment followups memos hostile injection copies pages ramdocs batch killed damage memory speed flame indexing scale ivf servers

.PHONY: help setup ask chat index test check package bench $(BENCHES:%=bench-%) soak fuzz lock sbom licences clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(HERE)Makefile | while IFS='|' read -r name does; do \
	  printf '  make %-19s %s\n' "$$name" "$$does"; [ "$$name" != bench ] || for each in $(BENCHES); do \
	  printf '    bench-%-16s %s\n' "$$each" "$$(sed -n '1s/^"""//;1s/[:.]\( `.*\)*$$//p;q' $(HERE)bench/$$each.py)"; done; done

setup: $(READY)  ## the environment in .venv, exact versions from requirements.lock

ask: index  ## make ask Q="your question": one answer with quotes
	@[ -n "$$QA_QUESTION" ] || { echo 'usage: make ask Q="your question"' >&2; exit 2; }
	@printf '%s' "$$QA_QUESTION" | $(QA) ask - || [ $$? -eq 3 ]  # 3: the articles do not answer it, which is no failure of make

chat: index  ## a conversation with your articles
	@$(QA) chat

index: $(READY)  ## fetch the models once, then bring the library up to date (the first time: seeds/)
	@$(QA) models fetch --quiet
	@$(QA) index --quiet

test: check-static  ## lint, types and every test, those with the real models too
	@$(QA) models fetch --quiet
	$(FAST)
	$(BIN)/python -m pytest -m model

check: check-static  ## lint, types and the fast tests
	$(FAST)

# a test file at a time on each core; those with the real models, which need all cores, one after the other
FAST = $(BIN)/python -m pytest -m "not model" --numprocesses auto --maxprocesses 4 --dist loadfile

package: $(READY)  ## build the sdist and the wheel, install the wheel by itself and try it
	$(BIN)/python -m pytest tests/test_wheel.py tests/test_extras.py

.PHONY: check-static
check-static: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(BENCHES:%=bench-%)  ## every measurement that docs/ reports (some hours), or one of these:

$(BENCHES:%=bench-%): bench-%: $(READY)
	@$(QA) models fetch --quiet
	$(BIN)/python -m bench.$*

soak: $(READY)  ## kills, damage, hostile files, full disks (make soak MINUTES=55): what is lost
	@$(QA) models fetch --quiet
	$(BIN)/python -m bench.soak --minutes $(or $(MINUTES),55)

fuzz: $(READY)  ## inputs that nobody would write (make fuzz MINUTES=30): what breaks
	$(BIN)/python -m bench.fuzz --minutes $(or $(MINUTES),30)

# What is installed is what the lock names, file by file, and nothing that it does not: no dependency is added, and none is built, which would run its code.
INSTALL = $(BIN)/python -m pip install --quiet --no-deps --only-binary :all: --require-hashes
# A torch for processors only (`# local:` in the lock) is taken where pip finds one; one built for CUDA needs some gigabytes of libraries (`# cuda:`).
export CUDA := import sys; from importlib.metadata import requires; sys.exit(not any(name.startswith("nvidia-") for name in requires("torch")))

$(READY): requirements.lock pyproject.toml
	@python=; for each in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$each; break; fi; done; \
	[ -n "$$python" ] || { echo 'error: no Python 3.11 or newer was found' >&2; \
	  echo 'hint: install one, or name it: make PYTHON=/path/to/python3 ...' >&2; exit 1; }; \
	echo "setting up $(VENV) with $$("$$python" -V); the first time takes some minutes" >&2; \
	"$$python" -m venv $(VENV)
	@sed -n 's/^# local: //p' requirements.lock | $(INSTALL) --requirement /dev/stdin 2>/dev/null || :
	$(INSTALL) --requirement requirements.lock
	@! $(BIN)/python -c "$$CUDA" || sed -n 's/^# cuda: //p' requirements.lock | $(INSTALL) --requirement /dev/stdin
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

lock: $(READY)  ## write requirements.lock anew from the ranges in pyproject.toml
	rm -rf build/lock
	$(BIN)/python -m venv build/lock
	build/lock/bin/python -m pip install --quiet uv
	$(BIN)/python -m bench.lock build/lock/bin/uv > build/requirements.lock
	mv build/requirements.lock requirements.lock
	rm -rf build/lock

sbom: $(READY)  ## print what Vouch is made of, packages and models with hashes and licences: CycloneDX JSON
	@$(BIN)/python -m bench.sbom

licences: $(READY)  ## print the licence of every package and model
	@$(BIN)/python -m bench.sbom --licences

clean:  ## remove what make built; libraries (.qa/) and models stay
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
