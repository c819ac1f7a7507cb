# The commands of the README. Every one takes STACK=, by default the store on this machine.
STACK ?= local
RUN = setup/run $(STACK)
PULUMI = $(RUN) pulumi
ASK = $(if $(wildcard .local/stacks/$(STACK)),--yes --skip-preview,$(if $(YES),--yes))

.PHONY: new-stack up outputs preview down ready test check unit contract e2e format lint types layers
.SILENT:

up: ready
	$(PULUMI) up --stack $(STACK) --refresh $(ASK)
	setup/reach add $(STACK)
	setup/next-steps $(STACK)

outputs: ready
	$(PULUMI) stack output --stack $(STACK) --json $(if $(SECRETS),--show-secrets)

preview: ready
	$(PULUMI) preview --stack $(STACK) --refresh --diff

down: ready
	$(PULUMI) destroy --stack $(STACK) $(ASK)
	setup/reach remove $(STACK)
	lab/images/remove

new-stack:
	setup/virtualenv requirements.txt
	setup/new-stack $(NAME)

ready:
	setup/virtualenv requirements.txt
	setup/docker-engine
	setup/stack $(STACK)
	setup/images $(STACK)
