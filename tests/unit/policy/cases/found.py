"""The cases of all rules, and the violations that a rule finds."""

from policy.rule import Resource, StackRule
from policy.rules import RULES
from tests.unit.policy.cases import access, container, hardening, repository, tls

_CASES = (repository, access, hardening, container, tls)
GOOD = {rule: cases for module in _CASES for rule, cases in module.GOOD.items()}
BAD = {rule: cases for module in _CASES for rule, cases in module.BAD.items()}


def found(name: str, resources: list[Resource]) -> list[str]:
    (rule,) = [rule for rule in RULES if rule.name == name]
    if isinstance(rule, StackRule):
        return [message for _, message in rule.findings(resources)]
    return [message for resource in resources for message in rule.check(resource)]
