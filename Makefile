# The commands of the README. Every one takes STACK=, by default the store on this machine.
STACK ?= local
RUN = setup/run $(STACK)
PULUMI = $(RUN) pulumi
ASK = $(if $(wildcard .local/stacks/$(STACK)),--yes --skip-preview,$(if $(YES),--yes))

.PHONY: new-stack up outputs preview down export report ready test check dev format lint types layers unit contract provider e2e bench bench-api
.SILENT:

up: ready
	$(PULUMI) up --stack $(STACK) --refresh $(ASK)
	setup/reach add $(STACK)
	setup/next-steps $(STACK)

outputs:
	setup/virtualenv requirements.txt
	setup/stack $(STACK)
	$(PULUMI) stack output --stack $(STACK) --json $(if $(SECRETS),--show-secrets)

preview: ready
	$(PULUMI) preview --stack $(STACK) --refresh --diff

down: ready
	$(PULUMI) destroy --stack $(STACK) $(ASK)
	setup/reach remove $(STACK)
	lab/images/remove

export:
	setup/virtualenv requirements.txt
	.venv/bin/python -m exports export $(URL)

report:
	setup/virtualenv requirements.txt
	setup/stack $(STACK)
	$(PULUMI) stack export --stack $(STACK) --show-secrets | .venv/bin/python -m exports report

new-stack:
	setup/virtualenv requirements.txt
	setup/new-stack $(NAME) $(SET)

ready:
	setup/virtualenv requirements.txt
	setup/docker-engine
	setup/stack $(STACK)
	setup/images $(STACK)

# Every tier fails when it cannot run: none is skipped.
test: check contract provider e2e

check: dev format lint types layers unit

dev:
	setup/virtualenv requirements-dev.txt

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

contract: dev
	.venv/bin/python -m pytest tests/contract

provider: dev
	.venv/bin/python -m pytest tests/provider

e2e: dev
	setup/test-tools
	.venv/bin/python -m pytest tests/e2e --verbose

bench: bench-api

# Against Terraform: TF_PROVIDER=PATH of a provider binary, or else the numbers recorded for it.
bench-api: dev
	.venv/bin/python -m tests.bench.api
