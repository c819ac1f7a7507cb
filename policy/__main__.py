"""The policy pack that Pulumi runs."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
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

from policy.baseline import Baseline
from policy.rule import Resource, ResourceRule, StackRule
from policy.rules import RULES


def _known(value: Any) -> Any:
    """The value without the parts that are unknown until `up`, so that a preview still checks the others."""
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
"""The URNs of what the program declares: Pulumi validates each of these resources before the whole stack.

With `--refresh` the whole stack also contains resources that are about to be deleted. They are not checked: otherwise a
rule would refuse the very change that fixes its violation.
"""


def _baseline_of(urn: str) -> Baseline:
    """That of the resource's stack, which Pulumi does not name to a pack otherwise."""
    return _baseline(urn.split("::")[0].rpartition(":")[2])


_baseline = cache(Baseline.of)


def _of_resource(rule: ResourceRule) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        _registered.add(args.urn)
        for message in rule.check(Resource(args.resource_type, args.name, _known(args.props))):
            if not _baseline_of(args.urn).knows(rule.name, message):
                report(message, None)

    return ResourceValidationPolicy(rule.name, rule.description, validate, EnforcementLevel.MANDATORY)


def _of_stack(rule: StackRule) -> StackValidationPolicy:
    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        urns = {(found.resource_type, found.name): found.urn for found in args.resources}
        wanted = [found for found in args.resources if not _registered or found.urn in _registered]
        resources = [Resource(found.resource_type, found.name, _known(found.props)) for found in wanted]
        for resource, message in rule.findings(resources):
            urn = urns[resource.type, resource.name]
            if not _baseline_of(urn).knows(rule.name, message):
                report(message, urn)

    return StackValidationPolicy(rule.name, rule.description, validate, EnforcementLevel.MANDATORY)


PolicyPack(
    "repository-store",
    [_of_stack(rule) if isinstance(rule, StackRule) else _of_resource(rule) for rule in RULES],
)
