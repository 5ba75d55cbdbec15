# Foyer's commands. `make help` lists them. A fresh clone needs Python 3.11 or newer, and nothing
# else: everything is put into .venv and node_modules, what it says goes to build/log.

SHELL := bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONDONTWRITEBYTECODE :=

STAGE ?= prod
# Tests run in another order for each commit, and in the same one for the same commit. SEED= tries
# another.
SEED ?= $(shell printf '%d' 0x$$(git rev-parse --short=7 HEAD 2>/dev/null || echo 1))
PYTEST = pytest -n $(WORKERS) --randomly-seed=$(SEED)
# What is run a second time over boto3 instead of our own transport: between them these two make
# every kind of call.
SDK_TESTS := tests/auth tests/conversations
# Seconds that one test may take without saying why (tests/support/slow_tests.py).
SLOWEST := 20
WORKERS ?= 2
LOCK_TOOLS := build/lock-tools
COMPILE := $(LOCK_TOOLS)/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --quiet --custom-compile-command "make lock"

# $(call step,What it does…,log name,commands): one line while it works, the log's end if it fails.
# Join commands by &&: inside a condition the shell doesn't stop at a failure by itself.
define step
@mkdir -p build/log; printf '%s\n' "$(1)"; \
if ! ( $(3) ) > build/log/$(2).log 2>&1; then \
	tail -n 40 build/log/$(2).log; \
	printf '%s\n' "That failed. All it said is in build/log/$(2).log." >&2; exit 1; \
fi
endef

# $(call changed,stamp file,files…): whether the files differ from when the stamp was written.
changed = [ "$$(cat $(1) 2>/dev/null)" != "$$(cksum $(2))" ]
# $(call sources,folders…): one checksum over every source file in them.
sources = find $(1) package-lock.json -type f -not -path '*/node_modules/*' -not -path '*/dist/*' \
	-not -path '*/test-results/*' | LC_ALL=C sort | xargs cksum | cksum

##@ Use it

.PHONY: run
run: build ## Start Foyer on this machine: http://127.0.0.1:8000 (PORT=, FOYER_DATA=, FOYER_DEMO=0)
	@exec $(BIN)/python -m infra.local

.PHONY: backup
backup: python ## Back up one machine's data while it runs (TO=file.tar.gz, FOYER_DATA=)
	@$(BIN)/python -m infra.local.data.backup create $(TO)

.PHONY: restore
restore: python ## Put a backup back: make restore FROM=file.tar.gz (REPLACE=1, FOYER_DATA=)
	@$(BIN)/python -m infra.local.data.backup restore $(if $(REPLACE),--replace) $(if $(FROM),$(FROM),--help)

.PHONY: package
package: build ## Build what AWS runs into build/package
	@$(BIN)/python -m infra.packaging --stage $(STAGE)

.PHONY: deploy
deploy: python ## Deploy to your AWS account: make deploy STAGE=prod SET="MailFrom=…" (docs/deploy.md)
	@$(BIN)/python -m infra.packaging.deploy --stage $(STAGE) $(SET:%=--set "%") --check
	@$(MAKE) build
	@$(BIN)/python -m infra.packaging.deploy --stage $(STAGE) $(SET:%=--set "%")

.PHONY: deploy-check
deploy-check: python ## Look whether a deployment would work, and do nothing
	@$(BIN)/python -m infra.packaging.deploy --stage $(STAGE) $(SET:%=--set "%") --check

.PHONY: rotate-keys
rotate-keys: python ## Sign with a new root key: this machine's, or STAGE=prod's; RETIRE=1 ends the former
	@$(BIN)/python -m $(if $(filter command line,$(origin STAGE)),infra.packaging.root_keys --stage $(STAGE),infra.local.data.root_keys) $(if $(RETIRE),--retire)

.PHONY: teardown
teardown: python ## Say what a stage has in AWS; CONFIRM=<stage> takes it down (docs/deploy.md)
	@$(BIN)/python -m infra.packaging.teardown --stage $(STAGE) --confirm "$(CONFIRM)" \
		--data "$(or $(DATA),keep)" --confirm-data "$(CONFIRM_DATA)"

.PHONY: redrive
redrive: python ## Show what failed here, or on STAGE=prod; YES=1 tries it again (WAITING=1, REACTION=)
	@$(BIN)/python -m $(if $(filter command line,$(origin STAGE)),infra.packaging.redrive --stage $(STAGE),infra.local.stream.redrive) \
		$(if $(YES),--yes) $(if $(WAITING),--waiting) $(if $(REACTION),--reaction $(REACTION))

##@ Work on it

.PHONY: build
build: bootstrap ## Build the dashboard and the widget, where their sources changed
	@$(MAKE) build/stamp/widget build/stamp/dashboard

.PHONY: build/stamp/widget build/stamp/dashboard
build/stamp/widget build/stamp/dashboard: build/stamp/%:
	@mkdir -p build/stamp; \
	sum="$$($(call sources,design protocol $*))"; \
	if [ ! -d $*/dist ] || [ "$$(cat $@ 2>/dev/null)" != "$$sum" ]; then \
		$(MAKE) --silent build-$* && printf '%s' "$$sum" > $@; \
	fi

.PHONY: build-widget build-dashboard
build-widget build-dashboard: build-%:
	$(call step,Building the $*…,build-$*,npm run build -w $*)

.PHONY: lint
lint: lint-ts lint-python ## Check types, style and architecture of both languages

.PHONY: lint-ts
lint-ts: bootstrap
	$(call step,Checking TypeScript: style…,biome,npm run lint)
	$(call step,Checking TypeScript: types…,tsc,npm run typecheck)

.PHONY: lint-python
lint-python: tools
	$(call step,Checking Python: style…,ruff,ruff check .)
	$(call step,Checking Python: types…,mypy,mypy)
	$(call step,Checking Python: who may import whom…,import-linter,lint-imports)

.PHONY: test
test: tools build browser lint test-ts ## Everything: lint, front ends, Python, browser and packaged artefact
	@printf '%s\n' "Running the Python and browser tests…"
	$(call step,Testing once through the ordinary SDK…,boto3,FOYER_TRANSPORT=boto3 $(PYTEST) $(SDK_TESTS))
	@mkdir -p build/log; set -o pipefail; $(PYTEST) --durations 10 --slowest $(SLOWEST) 2>&1 \
		| tee build/log/pytest.log

.PHONY: test-ts
test-ts: build ## Front ends: unit tests and sizes
	$(call step,Testing the front ends…,vitest,npm run test)
	$(call step,Weighing the front ends…,size,npm run size)

.PHONY: test-python
test-python: tools node ## Python alone, without browser and deployment
	@$(PYTEST) --ignore tests/e2e --ignore tests/deploy

.PHONY: test-browser
test-browser: tools build browser ## The real application in a real browser
	@$(PYTEST) tests/e2e

.PHONY: test-deploy
test-deploy: tools build ## The packaged artefact, deployed on this machine
	@$(PYTEST) tests/deploy

.PHONY: bench
bench: tools build ## Measure speed; prints a table and saves bench/one-machine.json
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.deploy.cold_start

.PHONY: lock
lock: python ## Pin every dependency again, from requirements*.in and package.json
	$(call step,Installing uv…,uv,[ -x $(LOCK_TOOLS)/bin/uv ] \
		|| { $(BIN)/python -m venv $(LOCK_TOOLS) && $(LOCK_TOOLS)/bin/pip install uv==0.13.9; })
	$(call step,Pinning Python packages…,lock,for name in requirements requirements-run requirements-dev requirements-ministack; do \
		$(COMPILE) $$name.in -o $$name.txt || exit; done)
	$(call step,Pinning npm packages…,lock-npm,npm install --package-lock-only)

.PHONY: clean
clean: ## Remove what was built; packages (.venv, node_modules) and data (.foyer) stay
	@rm -rf build dashboard/dist widget/dist test-results .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.venv*' -not -path './node_modules/*' -prune \
		-exec rm -rf {} +

##@ What the others need

.PHONY: bootstrap
bootstrap: python node ## Install what is missing: Python packages, Node, npm packages

.PHONY: python
python:
	@bash .ci/virtualenv $(VENV)
	@if $(call changed,$(VENV)/locked-by-run,requirements-run.txt); then $(MAKE) --silent install-run; fi

# What checks and tests need besides: a machine that only runs Foyer is spared it.
.PHONY: tools
tools: python
	@if $(call changed,$(VENV)/locked-by-dev,requirements-dev.txt); then $(MAKE) --silent install-dev; fi

.PHONY: install-run install-dev
install-run install-dev: install-%:
	$(call step,Installing Python packages…,pip-$*,\
		$(BIN)/python -m pip install --require-hashes --requirement requirements-$*.txt \
		&& cksum requirements-$*.txt > $(VENV)/locked-by-$*)

NPM_LOCKS := package.json package-lock.json protocol/package.json widget/package.json dashboard/package.json

.PHONY: node
node: python
	@if $(call changed,node_modules/.locked-by,$(NPM_LOCKS)); then $(MAKE) --silent install-node; fi

# Not `npm ci`: it insists on a lock entry for every optional package of every platform, which a
# registry that carries only some of them can't give. This keeps to the lock and doesn't write it.
.PHONY: install-node
install-node:
	$(call step,Installing npm packages…,npm,npm install --no-save && cksum $(NPM_LOCKS) > node_modules/.locked-by)

.PHONY: browser
browser: tools ## Find a Chromium for the browser tests, or install one
	@bash .ci/browser

.PHONY: help
help: ## This list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@printf '\n'
