# The commands of the README. Every one takes STACK=, by default the store on this machine.
MAKEFLAGS += --no-print-directory
STACK ?= local
RUN = setup/run $(STACK)
PULUMI = $(RUN) pulumi
# A stack of this machine is applied at once; any other one shows its preview and asks, unless YES=1.
OWN = $(or $(filter local,$(STACK)),$(wildcard .local/stacks/$(STACK)))
# With a plan the preview comes first in any case: it refuses what the plan has not, before anything is done.
# Without --suppress-outputs eighty lines of them would follow an error: `make outputs` prints them.
ASK = $(if $(PLAN),--plan $(PLAN)) $(if $(OWN),--yes --suppress-outputs $(if $(PLAN),,--skip-preview),$(if $(YES),--yes))
LEVELS = $(or $(wildcard policy/levels/$(STACK).json),policy/levels/$(if $(OWN),local,production).json)
POLICY = --policy-pack policy/run --policy-pack-config $(LEVELS)
AGAIN = What violates the plan has changed since: make preview-report STACK=$(STACK) PLAN=$(PLAN), read it, then apply it

.PHONY: up outputs preview preview-report preview-comment down backup restore new-stack jenkins stand-in export report ready policies
.PHONY: test check dev lock tools format lint types layers unit models programs contract provider e2e clients tls fresh bench bench-api bench-nginx bench-stand-in
.SILENT:

up: ready $(if $(OWN),,policies)
	$(if $(PLAN),$(RUN) python -m reports.plan $(STACK) $(PLAN))
	setup/volumes $(STACK)
	$(PULUMI) up --stack $(STACK) --refresh $(ASK) $(if $(OWN),,$(POLICY)) $(if $(PLAN),|| { echo "$(AGAIN)" >&2; exit 1; })
	said=$$($(PULUMI) stack output --stack $(STACK) --json) && \
	printf %s "$$said" | setup/reach add $(STACK) && printf %s "$$said" | setup/next-steps $(STACK)

# JSON on standard output; secrets only with SECRETS=1.
outputs:
	setup/virtualenv requirements.txt
	setup/stack $(STACK)
	$(PULUMI) stack output --stack $(STACK) --json $(if $(SECRETS),--show-secrets)

preview: ready policies
	$(PULUMI) preview --stack $(STACK) --refresh --diff $(POLICY)

# The preview as Markdown for a pull request; REFRESH=1 looks for changes by hand too, PLAN=FILE does so and keeps
# what `up PLAN=FILE` applies.
preview-report: ready policies
	reports/preview-report $(STACK) $(POLICY) $(if $(REFRESH)$(PLAN),--refresh) $(if $(PLAN),--save-plan $(PLAN))

# Puts the file REPORT on the pull request PULL_REQUEST, or edits the one that is there.
preview-comment:
	setup/virtualenv requirements.txt
	$(RUN) python -m reports.comment "$$PULL_REQUEST" "$$REPORT"

down: ready
	setup/take-down $(STACK) $(if $(OWN),--yes --suppress-outputs --skip-preview,$(if $(YES),--yes))

# A snapshot of everything that is stored, where backup.location of the stack file says; Nexus is stopped for the end of it.
backup: ready
	setup/backup $(STACK)

# Puts the snapshot FROM in the place of everything that is stored; it asks before, unless YES=1. Without FROM it lists them.
restore: ready
	setup/restore $(STACK) "$(FROM)" $(if $(YES),--yes)

# NAME is the new stack's; SET="key=value ..." is what differs from the template.
new-stack:
	setup/virtualenv requirements.txt
	setup/new-stack "$(NAME)" $(SET)

# What Jenkins and its builds need to use the store, written to build/jenkins/STACK from the outputs alone.
jenkins:
	setup/virtualenv requirements.txt
	$(PULUMI) stack output --stack $(STACK) --json | $(RUN) python -m jenkins build/jenkins/$(STACK)

# The topology of a running Nexus, for stacks/topology.yaml: URL=https://HOST, and NEXUS_PASSWORD in the environment.
export:
	setup/virtualenv requirements.txt
	.venv/bin/python -m exports export $(URL)

# What is on the server and not in the stack.
report:
	setup/virtualenv requirements.txt
	setup/stack $(STACK)
	$(PULUMI) stack export --stack $(STACK) --show-secrets | .venv/bin/python -m exports report

# The stand-in for Nexus alone, on loopback: PORT= DATA= [GENERATION=3.97].
stand-in:
	setup/stand-in PORT=$(PORT) DATA=$(DATA) $(if $(GENERATION),GENERATION=$(GENERATION))

ready:
	setup/virtualenv requirements.txt
	setup/stack $(STACK)
	setup/engine $(STACK)
	setup/images $(STACK)

policies:
	setup/virtualenv policy/requirements.txt

# Every tier fails when it cannot run: none is skipped.
test: check models programs contract provider
	tests/side-by-side e2e "tls clients"

check: dev format lint types layers unit

dev:
	./store develop

# After a change of a pin: the same for all packages that these need, with their hashes.
lock: dev
	.venv/bin/python -m tools.lock_requirements

tools: dev
	tests/setup/debian-packages
	setup/docker-engine

format: dev
	.venv/bin/ruff format --check --quiet .

lint: dev
	.venv/bin/ruff check --quiet .

types: dev
	.venv/bin/mypy

layers: dev
	.venv/bin/lint-imports

unit: dev
	.venv/bin/python -m pytest tests/unit --numprocesses 2

# Every request body against the models that Sonatype's document generates.
models: dev
	.venv/bin/python -m pytest tests/models

# What is rendered, in the programs that read it: nginx and Groovy.
programs: tools
	.venv/bin/python -m pytest tests/programs --numprocesses 2

# The stand-in against recordings of a real server, and with real clients.
contract: tools
	cd lab/images/nexus-stand-in && go test $$(go list -f '{{if .TestGoFiles}}{{.ImportPath}}{{end}}' ./...)
	.venv/bin/python -m pytest tests/contract tests/stand_in --numprocesses 2

provider: tools
	.venv/bin/python -m pytest tests/provider --numprocesses 2 --dist loadfile # a server and a stack for each file

# The store as its users have it, from make up to make down.
e2e: tools
	.venv/bin/python -m pytest tests/e2e --verbose

# The matrix of docker clients and operations, and nginx through every change.
clients: tools
	.venv/bin/python -m pytest tests/clients

# Certificates and clients against real servers: sshd, dockerd, sslyze.
tls: tools
	.venv/bin/python -m pytest tests/tls --verbose

# A machine that nobody has prepared: the README's commands there, each broken and typed again.
fresh: tools
	.venv/bin/python -m pytest tests/fresh --verbose

bench: bench-api bench-nginx bench-stand-in

bench-nginx: tools
	.venv/bin/python -m tests.bench.nginx

# Against Terraform: TF_PROVIDER=PATH of a provider binary, or else the numbers recorded for it.
bench-api: dev
	.venv/bin/python -m tests.bench.api

# The stand-in with 1,000 repositories.
bench-stand-in: dev
	.venv/bin/python -m tests.stand_in.scale
