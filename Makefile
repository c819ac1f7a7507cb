# The commands of the README are those of ./store, see ./store --help. Every one takes STACK=, by default the store on this
# machine, and NO_WAIT=1, so that it ends while another command works on the stack; VERBOSE=1 shows Pulumi's own output.
MAKEFLAGS += --no-print-directory
STACK ?= local
ON = --stack '$(STACK)'
NOT_WAITING = $(if $(NO_WAIT),--no-wait)
CONFIRMED = $(if $(YES),--yes) $(if $(VERBOSE),--verbose) $(NOT_WAITING)

.PHONY: up outputs preview preview-report preview-comment down backup restore storage limits audit new-stack trust doctor watch jenkins monitoring metrics stand-in export report
.PHONY: test check dev lock tools format lint types layers scripts unit models programs contract differential acceptance peers provider sequences attack e2e clients tls kills kill-matrix fresh
.PHONY: bench bench-api bench-growth bench-profile bench-nginx bench-stand-in sbom
.SILENT:

up:
	./store up $(ON) $(if $(PLAN),--plan '$(PLAN)') $(CONFIRMED)

# JSON on standard output; secrets only with SECRETS=1.
outputs:
	./store outputs $(ON) $(if $(SECRETS),--secrets)

preview:
	./store preview $(ON) $(if $(VERBOSE),--verbose) $(NOT_WAITING)

# The preview as Markdown for a pull request; REFRESH=1 looks for changes by hand too, PLAN=FILE does so and keeps
# what `up PLAN=FILE` applies.
preview-report:
	./store preview-report $(ON) $(if $(REFRESH),--refresh) $(if $(PLAN),--plan '$(PLAN)') $(NOT_WAITING)

# Puts the file REPORT on the pull request PULL_REQUEST, or edits the one that is there.
preview-comment:
	./store preview-comment "$$PULL_REQUEST" "$$REPORT"

down:
	./store down $(ON) $(CONFIRMED)

# A snapshot of everything that is stored, where backup.location of the stack file says; Nexus is stopped for the end of it.
backup:
	./store backup $(ON) $(NOT_WAITING)

# Puts the snapshot FROM in the place of everything that is stored; it asks before, unless YES=1. Without FROM it lists them.
restore:
	./store restore $(ON) $(if $(FROM),--from '$(FROM)') $(if $(YES),--yes) $(NOT_WAITING)

# What blob stores and repositories hold, how they grow, and what is deleted and still on the disk; CLEAN=1 then runs the
# tasks that give it back, after a question, unless YES=1.
storage:
	./store storage $(ON) $(if $(CLEAN),--clean) $(if $(YES),--yes) $(NOT_WAITING)

# What of the limits of the Community Edition is used and left.
limits:
	./store limits $(ON)

# Who changed what, from Nexus's audit log: DAYS=7 USER_IS=jenkins ABOUT=security JSON=1 for less, more, or its own lines.
audit:
	./store audit $(ON) $(if $(DAYS),--days '$(DAYS)') $(if $(USER_IS),--user '$(USER_IS)') $(if $(ABOUT),--about '$(ABOUT)') $(if $(JSON),--json)

# NAME is the new stack's; SET="key=value ..." is what differs from the template. ./store new-stack --set takes spaces too.
new-stack:
	./store new-stack '$(NAME)' $(foreach pair,$(SET),--set '$(pair)') $(NOT_WAITING)

# What needs root on this machine: the name of the store in /etc/hosts, and docker's trust.
trust:
	./store trust $(ON)

doctor:
	./store doctor $(ON)

# What Jenkins and its builds need to use the store, written to build/jenkins/STACK from the outputs alone.
jenkins:
	./store jenkins $(ON)

# What a Prometheus and a Grafana need to watch the store, written to build/monitoring/STACK.
monitoring:
	./store monitoring $(ON)

# Whether the store is as the stack file says, for a schedule: WEBHOOK= in the environment is told, METRICS=FILE has the number.
# Of all that is not 0, make makes 2: a job that tells drift from an error runs ./store watch.
watch:
	./store watch $(ON) $(if $(METRICS),--metrics '$(METRICS)') $(NOT_WAITING)

# What Nexus tells no Prometheus, for node_exporter's textfile collector: TO=FILE, else standard output.
metrics:
	./store metrics $(ON) $(if $(TO),--to '$(TO)')

# The topology of a running Nexus, for stacks/topology.yaml: URL=https://HOST, and NEXUS_PASSWORD in the environment.
export:
	./store export $(URL)

# What is on the server and not in the stack.
report:
	./store report $(ON)

# The stand-in for Nexus alone, on loopback: PORT= DATA= [GENERATION=3.97] [EDITION=PRO] [FORMATS=maven2,raw,apt] [SCRIPTS=1]
# [UNREACHED_BLOB_STORES=1]; what each does, says ./store stand-in --help.
stand-in:
	./store stand-in --port '$(PORT)' --data '$(DATA)' $(if $(GENERATION),--generation '$(GENERATION)') \
		$(if $(EDITION),--edition '$(EDITION)') $(if $(FORMATS),--formats '$(FORMATS)') \
		$(if $(SCRIPTS),--allow-scripts) $(if $(UNREACHED_BLOB_STORES),--unreached-blob-stores)

# Every tier fails when it cannot run: none is skipped.
test: check models programs contract provider
	$(MAKE) attack SHORT=1
	.venv/bin/python -m tests.side_by_side e2e "tls clients kills" fresh

# What needs no test to run first, side by side. What Python compiles is kept, whatever the environment says: the tests start
# the command line some hundred times.
check: export PYTHONDONTWRITEBYTECODE =
check: dev
	$(MAKE) --jobs 2 --output-sync=target format lint types layers scripts
	$(MAKE) unit

dev:
	./store develop

# After a change of a pin: the same for all packages that these need, with their hashes.
lock: dev
	.venv/bin/python -m tools.lock_requirements

# What the deployed stack consists of, as CycloneDX, and its licences: build/sbom/STACK.*
sbom: dev
	.venv/bin/python -m tools.sbom '$(STACK)'

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
	.venv/bin/python -m pytest tests/unit tests/conformance/acceptance --numprocesses 3 # some wait

# Every request body against the models that Sonatype's document generates.
models: dev
	.venv/bin/python -m pytest tests/conformance/models

# What is rendered, in the programs that read it: nginx and Groovy.
programs: tools
	.venv/bin/python -m pytest tests/integration/programs --numprocesses 2

# Attempts to break in, counted; SHORT=1 with fewer tries of each.
attack: tools
	.venv/bin/python -m pytest tests/e2e/attack $(if $(SHORT),--short)

# The stand-in against recordings of a real server, and with real clients.
contract: tools
	cd stand_in && go test $$(go list -f '{{if .TestGoFiles}}{{.ImportPath}}{{end}}' ./...)
	.venv/bin/python -m pytest tests/conformance/contract tests/conformance/stand_in tests/conformance/differential tests/conformance/peers --numprocesses 2

# The same random requests to a real server and to the stand-in, both of which it empties: REAL=URL STAND_IN=URL, and
# REAL_PASSWORD and STAND_IN_PASSWORD in the environment; [AREAS="content roles"] [SEQUENCES=100 of each] [MINUTES=30 for each] [SEED=1]
# [FOUND=FILE].
differential: dev
	.venv/bin/python -m tests.conformance.differential '$(REAL)' '$(STAND_IN)' $(if $(AREAS),--areas '$(AREAS)') \
		$(if $(SEQUENCES),--sequences '$(SEQUENCES)') $(if $(MINUTES),--minutes '$(MINUTES)') $(if $(SEED),--seed '$(SEED)') $(if $(FOUND),--found '$(FOUND)')

# The test suites of other clients against the stand-in: SOURCES="FOLDER ...", checkouts that you bring, [RUN=PATTERN of the
# names of tests] [OUTPUT=FOLDER for what go test printed]. Providers need Terraform or OpenTofu.
peers: dev
	.venv/bin/python -m tests.conformance.peers $(SOURCES) $(if $(RUN),--run '$(RUN)') $(if $(OUTPUT),--output '$(OUTPUT)')

provider: tools
	.venv/bin/python -m pytest tests/integration/provider --numprocesses 2 --dist loadfile # a server and a stack for each file

# Random changes of a stack file, SEQUENCES= times (500, on a real server 50), on the stand-in or on a real server to test
# with, there with the written sequences too: NEXUS_URL= NEXUS_CA=FILE, and NEXUS_PASSWORD in the
# environment. Everything on it but what Nexus ships is deleted.
sequences: tools
	SEQUENCES=$(or $(SEQUENCES),$(if $(NEXUS_URL),50,500)) NEXUS_URL=$(NEXUS_URL) NEXUS_CA=$(NEXUS_CA) .venv/bin/python -m pytest \
		tests/integration/provider/generated $(if $(NEXUS_URL),tests/integration/provider/sequences)

# The program against any Nexus that may be filled and emptied, a table at the end: URL= CA=FILE, and NEXUS_PASSWORD in the
# environment; it asks before, unless YES=1. ONLY="repository/raw/* role" tries some of it, REPORT=FOLDER is where the table
# goes. IMAGE=sonatype/nexus3:TAG instead of URL: on a store of its own with that image, and the tier e2e on it too.
acceptance: tools
	.venv/bin/python -m tests.conformance.acceptance $(if $(IMAGE),--image '$(IMAGE)','$(URL)' --ca '$(CA)') $(if $(YES),--yes) \
		$(if $(ONLY),--only '$(ONLY)') $(if $(REPORT),--report '$(REPORT)')
	$(if $(IMAGE),$(MAKE) e2e IMAGE='$(IMAGE)')

# The store as its users have it, from make up to make down; IMAGE=sonatype/nexus3:TAG with another Nexus.
e2e: tools
	NEXUS_IMAGE='$(IMAGE)' .venv/bin/python -m pytest tests/e2e/store --verbose

# A sample of twenty kills; kill-matrix kills at every step of a first up, an update and a down (hours), or at each EVERY=
# from FROM= on.
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

# A machine that nobody has prepared: the README's commands there, each broken and typed again. Its builds give way to
# the tiers that run beside it.
fresh: tools
	nice .venv/bin/python -m pytest tests/e2e/fresh --verbose

bench: bench-api bench-growth bench-nginx bench-stand-in

bench-nginx: tools
	.venv/bin/python -m tests.bench.nginx

# Against Terraform, in turn: TF_PROVIDER=PATH of a provider binary, or else the numbers recorded for it; PACE=real with a
# stand-in that is as slow as a real server, SERVER=http://127.0.0.1:PORT NEXUS_PASSWORD= with a Nexus that runs there.
bench-api: dev
	.venv/bin/python -m tests.bench.api

# Time, memory, state and requests of 10 to 5,000 repositories.
bench-growth: dev
	.venv/bin/python -m tests.bench.growth

# Where the time of a preview with refresh goes, process by process: [COUNT=1000]; ALONE=1 where Pulumi starts the Python itself.
bench-profile: dev
	.venv/bin/python -m tests.bench.profile $(or $(COUNT),1000) $(if $(ALONE),alone)

# The stand-in with 1,000 repositories.
bench-stand-in: dev
	.venv/bin/python -m tests.conformance.stand_in.scale
