"""The pack as Pulumi runs it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from policy.rule import Resource, ResourceRule, StackRule
from policy.rules import RULES


def _of_resource(rule: ResourceRule) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        for message in rule.check(Resource(args.resource_type, args.name, args.props)):
            report(message)

    return ResourceValidationPolicy(rule.name, rule.description, validate, EnforcementLevel.MANDATORY)


def _of_stack(rule: StackRule) -> StackValidationPolicy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        urns = {(found.resource_type, found.name): found.urn for found in args.resources}
        resources = [Resource(found.resource_type, found.name, found.props) for found in args.resources]
        for resource, message in rule.check(resources):
            report(message, urns[resource.type, resource.name])

    return StackValidationPolicy(rule.name, rule.description, validate, EnforcementLevel.MANDATORY)


PolicyPack(
    "repository-store",
    [_of_stack(rule) if isinstance(rule, StackRule) else _of_resource(rule) for rule in RULES],
)
