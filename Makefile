# The README's commands call ./store, see ./store --help. Each takes STACK=, by default the store on this machine, and
# NO_WAIT=1, with which it ends if another command works on the stack; VERBOSE=1 shows Pulumi's own output. `make` alone
# lists the targets with a description here.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
STACK ?= local

# Whoever writes stack=docs means another stack than the local one: nothing runs with a variable that does nothing.
KNOWN = ABOUT ALONE AREAS CA CLEAN COUNT DATA DAYS DRY_RUN EDITION EVERY FINGERPRINT FORMATS FOUND FROM GENERATION IMAGE JSON KEYS METRICS MINUTES NAME NAMES \
	NEXUS_CA NEXUS_URL NO_WAIT ONLY OUTPUT PACE PLAN PORT PULL_REQUEST REAL REFRESH REPORT RUN SCRIPTS SECRETS SEED SEQUENCES \
	SERVER SET SHORT SOURCES STACK STAND_IN TF_PROVIDER TO UNREACHED_BLOB_STORES URL USER_IS VERBOSE WITHOUT_SERVER YAML YES
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
UNKNOWN := $(firstword $(filter-out $(KNOWN),$(GIVEN)))
NEAREST = $(shell python3 -c 'import difflib, sys; \
	print(difflib.get_close_matches(sys.argv[1].upper(), sys.argv[2:], 1, 0)[0])' '$(subst ','\'',$(UNKNOWN))' $(KNOWN))
$(if $(UNKNOWN),$(error $(UNKNOWN): unknown variable. Fix: $(NEAREST)=$(value $(UNKNOWN))))

ON = --stack '$(STACK)'
NOT_WAITING = $(if $(NO_WAIT),--no-wait)
CONFIRMED = $(if $(YES),--yes) $(if $(VERBOSE),--verbose) $(NOT_WAITING)
AS_JSON = $(if $(JSON),--json)

.PHONY: help up outputs preview preview-report preview-comment down backup restore storage limits audit rotate new-stack trust doctor watch jenkins monitoring metrics stand-in adopt export report
.PHONY: test built check dev lock schemas tools format lint types layers scripts unit models programs contract differential acceptance peers provider pulumi-versions sequences attack e2e clients tls kills kill-matrix fresh
.PHONY: bench bench-api bench-growth bench-takeover bench-profile bench-nginx bench-stand-in sbom release
.SILENT:

help: ## list these targets
	awk -F ' *## ' '/^[a-z-]+:.* ## / { sub(/:.*/, "", $$1); printf "    make %-16s %s\n", $$1, $$2 }' Makefile
	echo "Each works on the stack STACK=, by default local. README.md has examples, and ./store --help all options."

up: ## apply the stack file and undo changes made by hand; PLAN= applies no more than an update plan
	./store up $(ON) $(if $(PLAN),--plan '$(PLAN)') $(CONFIRMED)

outputs: ## print the outputs as JSON; SECRETS=1 shows passwords too
	./store outputs $(ON) $(if $(SECRETS),--secrets)

preview: ## show what up would change, and what was changed by hand; JSON=1, or WITHOUT_SERVER=1 to ask no server
	./store preview $(ON) $(if $(VERBOSE),--verbose) $(AS_JSON) $(if $(WITHOUT_SERVER),--without-server) $(NOT_WAITING)

# PLAN=FILE also looks for changes by hand, and writes the update plan that `up PLAN=FILE` applies.
preview-report: ## the preview as Markdown for a pull request; REFRESH=1 also looks for changes by hand
	./store preview-report $(ON) $(if $(REFRESH),--refresh) $(if $(PLAN),--plan '$(PLAN)') $(if $(WITHOUT_SERVER),--without-server) $(NOT_WAITING)

preview-comment: ## post the file REPORT= on the pull request PULL_REQUEST=, or edit the earlier comment
	./store preview-comment "$$PULL_REQUEST" "$$REPORT"

down: ## take everything down; asks first if content would be lost, unless YES=1
	./store down $(ON) $(CONFIRMED)

backup: ## save a snapshot of everything that is stored to backup.location of the stack file
	./store backup $(ON) $(NOT_WAITING)

restore: ## list the snapshots; FROM= replaces everything that is stored by one of them
	./store restore $(ON) $(if $(FROM),--from '$(FROM)') $(if $(YES),--yes) $(NOT_WAITING)

storage: ## what blob stores and repositories hold, and how they grow; JSON=1, or CLEAN=1 to reclaim space
	./store storage $(ON) $(if $(CLEAN),--clean) $(if $(YES),--yes) $(AS_JSON) $(NOT_WAITING)

limits: ## how much of the Community Edition's limits is used and left; JSON=1
	./store limits $(ON) $(AS_JSON)

audit: ## who changed what, from Nexus's audit log; DAYS=7 USER_IS=jenkins ABOUT=security filter it, JSON=1
	./store audit $(ON) $(if $(DAYS),--days '$(DAYS)') $(if $(USER_IS),--user '$(USER_IS)') $(if $(ABOUT),--about '$(ABOUT)') $(AS_JSON)

rotate: ## draw all secrets again, as after a leak, and say who has to be told; ONLY=passwords for one part
	./store rotate $(ON) $(if $(ONLY),--only '$(ONLY)') $(if $(YES),--yes) $(NOT_WAITING)

# ./store new-stack --set also takes values with spaces.
new-stack: ## create the stack NAME=; SET="key=value ..." overrides the template
	./store new-stack '$(NAME)' $(foreach pair,$(SET),--set '$(pair)') $(NOT_WAITING)

trust: ## as root, make this machine resolve the store's name and trust its certificate
	./store trust $(ON)

doctor: ## find out what is wrong with the machine or the stack, and how to fix it; JSON=1
	./store doctor $(ON) $(AS_JSON)

jenkins: ## write what Jenkins and its builds need to build/jenkins/STACK
	./store jenkins $(ON)

monitoring: ## write what Prometheus and Grafana need to build/monitoring/STACK
	./store monitoring $(ON)

# Posts to the URL in WEBHOOK. make turns every exit code but 0 into 2; call ./store watch where a job must tell drift from an error.
watch: ## look for drift from the stack file, for a job on a schedule; METRICS=FILE
	./store watch $(ON) $(if $(METRICS),--metrics '$(METRICS)') $(NOT_WAITING)

metrics: ## metrics that Nexus does not export, for node_exporter's textfile collector; TO=FILE
	./store metrics $(ON) $(if $(TO),--to '$(TO)')

# NEXUS_PASSWORD in the environment, or asks; STACK=NAME is the new stack's name. FINGERPRINT= is that of an unknown CA, NAMES=FILE
# the output of `terraform state pull`.
adopt: ## make the stack of a Nexus that is already there: URL=https://HOST
	./store adopt '$(URL)' $(if $(filter-out local,$(STACK)),$(ON)) $(if $(FINGERPRINT),--fingerprint '$(FINGERPRINT)') \
		$(if $(NAMES),--names '$(NAMES)') $(if $(YES),--yes) $(NOT_WAITING)

export: ## the topology of a running Nexus: URL=https://HOST, and NEXUS_PASSWORD in the environment
	./store export $(URL)

report: ## list what is on the server but not in the stack: KEYS='repositories.legacy-*'; YAML=1 prints what takes it over
	./store report $(ON) $(if $(YAML),--as-yaml) $(foreach key,$(KEYS),'$(key)')

check: ## check the code: format, lint, types, unit tests
test: ## run every test

# The stand-in for Nexus alone, on loopback: PORT= DATA= [GENERATION=3.97] [EDITION=PRO] [FORMATS=maven2,raw,apt] [SCRIPTS=1]
# [UNREACHED_BLOB_STORES=1]; ./store stand-in --help explains them.
stand-in: ## run the stand-in for Nexus alone: PORT= DATA=
	./store stand-in --port '$(PORT)' --data '$(DATA)' $(if $(GENERATION),--generation '$(GENERATION)') \
		$(if $(EDITION),--edition '$(EDITION)') $(if $(FORMATS),--formats '$(FORMATS)') \
		$(if $(SCRIPTS),--allow-scripts) $(if $(UNREACHED_BLOB_STORES),--unreached-blob-stores)

# A tier that cannot run fails; none is skipped.
# The tier fresh builds everything from nothing; those that need it wait for that, and do not build it again.
# Its last lines say how long each tier took, what failed, and how to run just that again.
test: dev
	.venv/bin/python -m tests.side_by_side "check models tools" "programs built e2e" "contract built provider tls clients" "fresh attack kills SHORT=1"

# Waits for what the tier fresh is building, if it runs.
built: dev
	.venv/bin/python -m tests.e2e.fresh.handed_on

# What takes a second comes first; then types and scripts are checked while the unit tests run. Bytecode is kept, whatever
# the environment says: each worker imports the same modules.
check: export PYTHONDONTWRITEBYTECODE =
check: dev
	$(MAKE) format lint layers
	$(MAKE) --jobs 3 --output-sync=target types scripts unit

dev:
	./store develop

# After a change of a pin: writes the lock files, with every dependency and its hashes.
lock: dev
	.venv/bin/python -m tools.lock_requirements

# After a change of what a stack file may contain: writes the JSON Schemas that editors read, stacks/*.schema.json.
schemas: dev
	.venv/bin/python -m tools.stack_schemas

# The components of the deployed stack as CycloneDX, and their licences: build/sbom/STACK.*
sbom: dev
	.venv/bin/python -m tools.sbom '$(STACK)'

# Runs every test, writes archive, SBOM, notes and checksums to build/release/VERSION, and tags the commit; it pushes nothing.
release: dev ## release the version in pyproject.toml; DRY_RUN=1 only writes its files to build/release
	.venv/bin/python -m tools.release $(if $(DRY_RUN),--dry-run)

tools: dev
	.venv/bin/python -m tests.support.debian_packages
	.venv/bin/python -m cli.machine engine

format: dev
	.venv/bin/ruff format --check --quiet .

lint: dev
	.venv/bin/ruff check --quiet .

types: dev
	.venv/bin/mypy

layers: dev
	.venv/bin/lint-imports

# shellcheck over every shell script; gofmt, go vet and staticcheck over our Go.
scripts: dev
	.venv/bin/python -m tools.shell_and_go

unit: dev
	.venv/bin/python -m pytest tests/unit tests/conformance/acceptance --numprocesses "$$(nproc)" --maxprocesses 9 --dist worksteal # a file keeps to its worker

# Every request body against the models generated from Sonatype's API document.
models: dev
	.venv/bin/python -m pytest tests/conformance/models

# The files in the programs that read them: what is rendered in nginx and Groovy, locks in pip and uv.
programs: tools
	.venv/bin/python -m pytest tests/integration/programs --numprocesses 2

# Attempts to break in, counted; SHORT=1 makes fewer of each.
attack: tools
	.venv/bin/python -m pytest tests/e2e/attack $(if $(SHORT),--short)

# The stand-in against recordings of a real server, and with real clients.
contract: tools
	.venv/bin/python -m tools.go_command stand_in test ./...
	.venv/bin/python -m pytest tests/conformance/contract tests/conformance/stand_in tests/conformance/differential tests/conformance/peers --numprocesses 2

# Sends the same random requests to a real server and to the stand-in, and empties both: REAL=URL STAND_IN=URL, and
# REAL_PASSWORD and STAND_IN_PASSWORD in the environment; per area [SEQUENCES=100] [MINUTES=30]; [AREAS="content roles"] [SEED=1]
# [FOUND=FILE].
differential: dev
	.venv/bin/python -m tests.conformance.differential '$(REAL)' '$(STAND_IN)' $(if $(AREAS),--areas '$(AREAS)') \
		$(if $(SEQUENCES),--sequences '$(SEQUENCES)') $(if $(MINUTES),--minutes '$(MINUTES)') $(if $(SEED),--seed '$(SEED)') $(if $(FOUND),--found '$(FOUND)')

# The test suites of other clients against the stand-in: SOURCES="FOLDER ..." are checkouts that you provide, [RUN=PATTERN] of
# test names, [OUTPUT=FOLDER] for the output of go test. Providers need Terraform or OpenTofu.
peers: dev
	.venv/bin/python -m tests.conformance.peers $(SOURCES) $(if $(RUN),--run '$(RUN)') $(if $(OUTPUT),--output '$(OUTPUT)')

provider: tools
	.venv/bin/python -m pytest tests/integration/provider --numprocesses 2 --dist loadfile # a server and a stack for each file

# The first week with an older and a newer Pulumi than the pinned one; each is built once, which takes minutes of CPU from
# empty caches, so that make test does not include it.
pulumi-versions: tools
	.venv/bin/python -m pytest tests/integration/pulumi_versions --verbose

# Random changes of a stack file, SEQUENCES= times (500, on a real server 50), on the stand-in or, with NEXUS_URL=
# NEXUS_CA=FILE and NEXUS_PASSWORD in the environment, on a real test server, where the written sequences run too.
# They delete everything on it that Nexus does not ship.
sequences: tools
	SEQUENCES=$(or $(SEQUENCES),$(if $(NEXUS_URL),50,500)) NEXUS_URL=$(NEXUS_URL) NEXUS_CA=$(NEXUS_CA) .venv/bin/python -m pytest \
		tests/integration/provider/generated $(if $(NEXUS_URL),tests/integration/provider/sequences)

# Tests the program against any Nexus that may be filled and emptied, with a table at the end: URL= CA=FILE, and NEXUS_PASSWORD
# in the environment; asks first, unless YES=1. ONLY="repository/raw/* role" runs a part, REPORT=FOLDER gets the table.
# IMAGE=sonatype/nexus3:TAG instead of URL uses a store of its own with that image, and also runs the tier e2e on it.
acceptance: tools
	.venv/bin/python -m tests.conformance.acceptance $(if $(IMAGE),--image '$(IMAGE)','$(URL)' --ca '$(CA)') $(if $(YES),--yes) \
		$(if $(ONLY),--only '$(ONLY)') $(if $(REPORT),--report '$(REPORT)')
	$(if $(IMAGE),$(MAKE) e2e IMAGE='$(IMAGE)')

# The store as its users have it, from make up to make down; IMAGE=sonatype/nexus3:TAG with another Nexus.
e2e: tools
	NEXUS_IMAGE='$(IMAGE)' .venv/bin/python -m pytest tests/e2e/store --verbose

# A sample of twenty kills; kill-matrix kills at every step of a first up, an update and a down (hours), or at every EVERY=th
# step from FROM= on.
kills: tools
	.venv/bin/python -m pytest tests/e2e/kills --verbose

kill-matrix: tools
	.venv/bin/python -m tests.e2e.kills $(EVERY) $(FROM)

# The matrix of docker clients and operations, and nginx through every change.
clients: tools
	.venv/bin/python -m pytest tests/conformance/clients

# Certificates and clients against real servers: sshd, dockerd, sslyze.
tls: tools
	.venv/bin/python -m pytest tests/integration/tls --verbose

# The README's commands on an unprepared machine, each interrupted and run again. Runs with nice, so that its builds give way
# to the tiers beside it.
fresh: tools
	nice .venv/bin/python -m pytest tests/e2e/fresh --verbose

bench: bench-api bench-growth bench-takeover bench-nginx bench-stand-in

bench-nginx: tools
	.venv/bin/python -m tests.bench.nginx

# Alternates with Terraform: TF_PROVIDER=PATH of a provider binary, or else the numbers recorded for it; PACE=real makes the
# stand-in as slow as a real server, SERVER=http://127.0.0.1:PORT uses a running Nexus, with NEXUS_PASSWORD in the environment.
bench-api: dev
	.venv/bin/python -m tests.bench.api

# Time, memory, state and requests of 10 to 5,000 repositories.
bench-growth: dev
	.venv/bin/python -m tests.bench.growth

# 1,000 repositories adopted from a server with 3,000 others.
bench-takeover: dev
	.venv/bin/python -m tests.bench.takeover

# CPU time of a preview with refresh by process: [COUNT=1000]; with ALONE=1 Pulumi starts its Python processes itself.
bench-profile: dev
	.venv/bin/python -m tests.bench.profile $(or $(COUNT),1000) $(if $(ALONE),alone)

# The stand-in with 1,000 repositories.
bench-stand-in: dev
	.venv/bin/python -m tests.conformance.stand_in.scale
