"""The pack as Pulumi runs it."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

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
from pulumi_policy.proxy import UnknownValueError

from policy.rule import Resource, ResourceRule, StackRule
from policy.rules import RULES


def _known(value: Any) -> Any:
    """The value without what only `up` will know: what a preview knows of a resource is still checked."""
    if isinstance(value, Mapping):
        return dict(_known_pairs(value, value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [entry for _, entry in _known_pairs(value, range(len(value)))]
    return value


def _known_pairs(value: Any, keys: Any) -> Iterator[tuple[Any, Any]]:
    for key in keys:
        try:
            yield key, _known(value[key])
        except UnknownValueError:
            continue


_registered: set[str] = set()
"""What the program wants, by URN: Pulumi asks about each of these alone before it asks about the whole stack.

With `--refresh` the whole stack has those too that are about to be deleted, as the refresh found them. They are judged
no more: else a rule would refuse the very change that mends what it complains of.
"""


def _of_resource(rule: ResourceRule) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        _registered.add(args.urn)
        for message in rule.check(Resource(args.resource_type, args.name, _known(args.props))):
            report(message, None)

    return ResourceValidationPolicy(rule.name, rule.description, validate, EnforcementLevel.MANDATORY)


def _of_stack(rule: StackRule) -> StackValidationPolicy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        urns = {(found.resource_type, found.name): found.urn for found in args.resources}
        wanted = [found for found in args.resources if not _registered or found.urn in _registered]
        resources = [Resource(found.resource_type, found.name, _known(found.props)) for found in wanted]
        for resource, message in rule.check(resources):
            report(message, urns[resource.type, resource.name])

    return StackValidationPolicy(rule.name, rule.description, validate, EnforcementLevel.MANDATORY)


PolicyPack(
    "repository-store",
    [_of_stack(rule) if isinstance(rule, StackRule) else _of_resource(rule) for rule in RULES],
)
