# Every target sets up what it needs; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
FUNCTIONS := $(patsubst %/requirements.in,%,$(wildcard lambda_src/*/requirements.in tests/sample/lambda_src/*/requirements.in \
  tests/rehearsal/*/lambda_src/*/requirements.in))
DIST ?= dist
LOCKS := requirements.txt $(wildcard lambda_src/*/requirements.txt)
# glibc keeps what each of a hundred threads has freed for that thread alone: two heaps are enough.
export MALLOC_ARENA_MAX := 2
export ROUTE
export REQUEST_ID
# Not beside the sources, which stay as they are checked out.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/.bytecode

.PHONY: help setup browser demo local token explain test coverage test-mine rehearse-edits new upgrade check bench bench-local soak differential fuzz format mutation synth bootstrap diff deploy outputs destroy revoke first-admin rehearse deploy-roles package zip sbom licences audit cost lock schema screenshots snapshot accept-replacements clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | column -t -s '|'

setup: $(READY) ## make .venv and node_modules with everything, pinned
$(READY): requirements.txt package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, and $(PYTHON) is older: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "set-up 1/4  virtual environment"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps "$$(grep -oE '^uv==[0-9.]+' requirements.txt)"
	@echo "set-up 2/4  Python packages"
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.txt
	@echo "set-up 3/4  CDK command-line tool, and what builds the web page"
	@npm ci --silent --no-fund --no-audit
	@echo "set-up 4/4  dependencies of the functions"
	@$(BIN)/python -m aws_jwt_authorizer.bundling.bundle lambda_src tests/sample/lambda_src tests/rehearsal/*/lambda_src
	@touch $@

demo: $(READY) ## main job: start everything, sign people in, call every route as each of them (STAGE=local, VERBOSE=1: why each refusal)
	@$(BIN)/python -m local demo $(if $(STAGE),--stage $(STAGE)) $(if $(VERBOSE),--verbose)

local: $(READY) ## serve the synthesised template on 127.0.0.1:3000 until Ctrl-C (PORT=0: a free one; STAGE=local; WATCH=1 follows changes; VERBOSE=1: the access log)
	@$(BIN)/python -m local up $(if $(PORT),--port $(PORT)) $(if $(STAGE),--stage $(STAGE)) $(if $(WATCH),--watch) $(if $(VERBOSE),--verbose)

token: $(READY) ## print the access token of a demo user of make local (NAME=admin)
	@$(BIN)/python -m local token $(or $(NAME),user)

explain: $(READY) ## why a token on standard input is let in or refused (ROUTE="GET /orders"), or a request was (REQUEST_ID=, HOURS=24); STAGE=dev
ifdef REQUEST_ID
ifdef STAGE
	@PYTHONPATH=lambda_src:. $(BIN)/python -m stacks.deployment explain --request-id="$$REQUEST_ID" $(ON_STAGE) $(if $(HOURS),--hours $(HOURS))
else
	@$(BIN)/python -m local explain --request-id="$$REQUEST_ID"
endif
else
	@$(BIN)/python -m local explain --route "$$ROUTE" $(if $(STAGE),--stage $(STAGE)) $(if $(findstring command,$(origin TOKEN)),--token-given)
endif

browser: $(READY) ## a Chromium for the browser tests, where this machine can have one
	@$(BIN)/python -m tests.browser.chromium

test: browser ## every test
	@$(BIN)/python -m pytest -n 4 --no-loadscope-reorder --cov --cov-report=term:skip-covered --cov-fail-under=100
	@echo "100 % is of the lines and branches of lambda_src/authorizer and lambda_src/jwt_verifier; no other folder is measured."

coverage: $(READY) ## what the unit tests run of each room of production code, each held to a floor
	@$(BIN)/coverage run --rcfile=tests/coverage/everything.toml -m pytest -q -p no:cov tests/unit
	@$(BIN)/python -m tests.coverage.rooms

test-mine: $(READY) ## what your own edits must pass: synth, lint, types, tests/your_app (STAGE=dev)
	@$(MAKE) --no-print-directory synth && echo "synth      ok"
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet . && echo "lint       ok"
	@$(BIN)/mypy --no-error-summary app.py stacks/access.py lambda_src tests/your_app && echo "types      ok"
	@$(BIN)/python -m pytest -q tests/your_app

new: $(READY) ## a project of your own beside this one, without the sample (NAME=my-api, DEST=../my-api)
	@PYTHONPATH=lambda_src:. $(BIN)/python -m starter new "$(NAME)" $(if $(DEST),--into "$(DEST)")

upgrade: $(READY) ## merge a later version of ours into a project that make new has made (VERSION=upstream/main)
	@$(BIN)/python -m starter upgrade $(VERSION)

rehearse-edits: browser ## apply six edits of users to copies and run every test in each (TARGET=test, or test-mine)
	@$(BIN)/python -m tests.rehearsal.run $(or $(TARGET),test)

check: $(READY) ## what the gate runs: format, lint, types, import contracts, tests, users' edits, a rehearsed deployment
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet . && echo "lint       ok"
	@$(BIN)/mypy --no-error-summary . && echo "types      ok"
	@PYTHONPATH=lambda_src:. $(BIN)/lint-imports > .import_contracts.log 2>&1 \
	  || { cat .import_contracts.log; rm -f .import_contracts.log; exit 1; }
	@rm -f .import_contracts.log; echo "imports    ok"
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory rehearse-edits TARGET=test-mine
	@$(MAKE) --no-print-directory rehearse

bench: $(READY) ## how fast ours is beside its peers; writes docs/performance.md and comparison.md (ONLY=verify: one part)
	@PYTHONPATH=lambda_src:. $(BIN)/python -m benchmarks.speed $(if $(ONLY),--only $(ONLY))

bench-local: $(READY) ## 50 clients for a minute over the local stack, and a minute with revocation on: throughput, latency, wrong answers
	@PYTHONPATH=lambda_src:. $(BIN)/python -m benchmarks.local_load

soak: $(READY) ## a million decisions while functions crash: memory before and after, wrong answers
	@PYTHONPATH=lambda_src:. $(BIN)/python -m benchmarks.local_soak

differential: $(READY) ## the local gateway beside ministack, request by request
	@PYTHONPATH=lambda_src:. $(BIN)/python -m tests.differential.run

fuzz: $(READY) ## 60 s of coverage-guided fuzzing of everything that reads a stranger's bytes, and of rules
	@mkdir -p .local/fuzz
	@PYTHONPATH=lambda_src:. $(BIN)/uv run --quiet --isolated --no-project --python $(BIN)/python \
	  --with atheris==3.0.0 --with "$$(grep -o '^pyjwt==[0-9.]*' requirements.txt)" \
	  --with-requirements lambda_src/authorizer/requirements.txt \
	  python tests/fuzz/fuzz_parsing.py .local/fuzz -max_total_time=60 -max_len=150001 \
	  -timeout=5 -rss_limit_mb=2048 -artifact_prefix=.local/fuzz-

mutation: $(READY) ## change what decides (tokens, claims, keys, issuers; requests, cookies, policy, answers); a test must fail each time
	@$(BIN)/python tests/mutation/run.py

format: $(READY) ## rewrite the code in its one format
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

synth: $(READY) ## templates into cdk.out (STAGE=dev)
	@npm exec --no -- cdk synth --quiet --no-notices --app "$(BIN)/python app.py" -c stage=$(or $(STAGE),dev)

# A stage, what is deployed of it (a folder of make synth, else the app as it is), where outputs are kept.
ON_STAGE = --stage $(or $(STAGE),dev) $(if $(APP),--app $(APP)) $(if $(DEPLOYED),--folder $(DEPLOYED))
OF_ASSEMBLY = $(if $(ASSEMBLY),--assembly $(ASSEMBLY)) $(if $(YES),--yes)

bootstrap: $(READY) ## prepare an account and a region for CDK, once (STAGE=dev)
	@$(BIN)/python -m stacks.deployment bootstrap $(ON_STAGE) $(OF_ASSEMBLY)

diff: $(READY) ## what make deploy would change (STAGE=dev, ASSEMBLY=cdk.out)
	@$(BIN)/python -m stacks.deployment diff $(ON_STAGE) $(OF_ASSEMBLY)

deploy: $(READY) ## deploy every stack (STAGE=dev; ASSEMBLY=cdk.out: what make synth has written; YES=1: no question; ONLY=api: one)
	@$(BIN)/python -m stacks.deployment deploy $(ON_STAGE) $(OF_ASSEMBLY) $(if $(ONLY),--only $(ONLY))

outputs: $(READY) ## what the last deployment gave (STAGE=dev; NAME=ApiUrl: one value)
	@$(BIN)/python -m stacks.deployment outputs $(ON_STAGE) $(NAME)

destroy: $(READY) ## delete every stack of a stage that is not retained (STAGE=dev, YES=1)
	@$(BIN)/python -m stacks.deployment destroy $(ON_STAGE) $(OF_ASSEMBLY)

# The shell gets each value from make, and takes no part of it for its own.
REVOKED = $(if $(SERVED),--local-outputs $(SERVED)) $(if $(SUB),--sub "$$SUB") $(if $(ORIGIN_JTI),--origin-jti "$$ORIGIN_JTI") $(if $(JTI),--jti "$$JTI") \
  $(if $(CLIENT),--client "$$CLIENT") $(if $(BEFORE),--before "$$BEFORE") $(if $(ISSUER),--issuer "$$ISSUER")

revoke: $(READY) ## refuse tokens that are out: SUB=, ORIGIN_JTI=, JTI=, CLIENT= or BEFORE=now (STAGE=dev, ISSUER=other than the pool)
	@PYTHONPATH=lambda_src:. $(BIN)/python -m stacks.deployment revoke $(ON_STAGE) $(REVOKED)

first-admin: $(READY) ## invite somebody who administers: EMAIL=ada@shop.example (STAGE=dev; GROUP=other than the table's first; RESEND=1)
	@$(BIN)/python -m stacks.deployment first-admin $(ON_STAGE) $(if $(GROUP),--group "$$GROUP") $(if $(RESEND),--resend) \
	  -- $(if $(findstring command,$(origin EMAIL)),"$$EMAIL","")

rehearse: $(READY) ## the real CDK command line against an emulator of AWS: deploy, change, roll back, remove; revoke on the local stack
	@$(BIN)/python -m pytest -v -x tests/deployment/dev_stage.py tests/deployment/retained_stage.py \
	  tests/e2e/revocation/page_commands.py tests/e2e/revocation/long_list.py tests/deployment/named_stage.py

deploy-roles: $(READY) ## the roles that GitHub deploys with; asks for an account (REPOSITORY=owner/name, ENVIRONMENTS="dev prod", PROVIDER=existing)
	@npm exec --no -- cdk deploy --output .local/deploy-roles --app "$(BIN)/python -m stacks.pipeline" -c repository=$(REPOSITORY) \
	  $(if $(ENVIRONMENTS),-c environments="$(ENVIRONMENTS)") $(if $(PROVIDER),-c provider=$(PROVIDER))

package: $(READY) ## the distribution aws-jwt-authorizer, wheel and sdist, into dist
	@$(BIN)/python -m hatchling build --directory $(DIST)

zip: $(READY) ## the authorizer as a zip for Lambda, without a policy, into dist
	@PYTHONPATH=lambda_src:. $(BIN)/python -m stacks.released zip $(DIST)

sbom: $(READY) ## a bill of materials (CycloneDX) of each function's bundle into dist/sbom
	@PYTHONPATH=lambda_src:. $(BIN)/python -m stacks.released sbom $(DIST)/sbom

licences: $(READY) ## the packages that the bundles hold and their licences; fails on one that is not allowed
	@PYTHONPATH=lambda_src:. $(BIN)/python -m stacks.released licences

audit: $(READY) ## look up all that is locked among known vulnerabilities (needs the network; not in the gate)
	@failed=0; \
	$(BIN)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off $(LOCKS:%=-r %) || failed=1; \
	for folder in . benchmarks/node_peers; do \
	  npm audit --package-lock-only --prefix $$folder || { echo "audit: $$folder/package-lock.json" >&2; failed=1; }; done; \
	[ $$failed = 0 ] || echo "audit: a vulnerability was found, or the services that know them could not be asked" >&2; exit $$failed

lock: $(READY) ## re-lock all requirements, with hashes
	@$(BIN)/uv pip compile --quiet pyproject.toml --extra cdk --extra sbom --group app --group local --group dev --universal \
	  --python-version 3.11 --generate-hashes --no-header -o requirements.txt
	@for f in tests/ministack-requirements tests/deployment/aws-cli-requirements; do \
	  $(BIN)/uv pip compile --quiet $$f.in --universal --python-version 3.11 --generate-hashes --no-header -o $$f.txt; done
	@for f in $(FUNCTIONS); do $(BIN)/uv pip compile --quiet $$f/requirements.in --universal \
	  --python-version 3.11 --generate-hashes --no-header -c requirements.txt -o $$f/requirements.txt; done

screenshots: browser ## retake the README's screenshots
	@UPDATE_SCREENSHOTS=1 $(BIN)/python -m pytest -q tests/browser/test_screenshots.py

schema: $(READY) ## rewrite cdk.schema.json, by which editors check cdk.json
	@$(BIN)/python -m stacks.stage.json_schema > cdk.schema.json

cost: $(READY) ## what a stage of yours costs a month while nobody calls it, by list prices (STAGE=dev)
	@$(MAKE) --no-print-directory synth
	@$(BIN)/python -m benchmarks.cost cdk.out

snapshot: $(READY) ## rewrite the template snapshots after a wanted change, docs/cost.md, which counts in them, and docs/troubleshooting.md
	@UPDATE_SNAPSHOTS=1 $(BIN)/python -m pytest -q tests/synth/test_snapshot.py tests/your_app/test_snapshots.py \
	  tests/synth/test_replacements.py tests/your_app/test_replacements.py
	@$(BIN)/python -m benchmarks.cost --page
	@PYTHONPATH=lambda_src $(BIN)/python -m authorizer.explain.troubleshooting > docs/troubleshooting.md

accept-replacements: $(READY) ## let a deployment replace what holds data, after make test has said what would be lost
	@ACCEPT_REPLACEMENTS=1 $(BIN)/python -m pytest -q tests/synth/test_replacements.py tests/your_app/test_replacements.py

clean: ## remove everything that a target made
	@rm -rf .venv node_modules cdk.out .local .bytecode .wheels .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
