"""Rights and settings that a mandatory policy forbids, declared in ways that might get around it."""

import pytest

from policy.rules import RULES
from tests.e2e.attack.conftest import Attempts
from tests.unit.policy.cases.found import BAD, GOOD, found


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_a_rule_finds_every_way_around_it(rule: str, attempts: Attempts) -> None:
    for resources, reason in BAD[rule]:
        attempts.held(f"{rule}: {reason}", any(reason in message for message in found(rule, resources)))
    for kept in GOOD[rule]:
        attempts.control(passed=found(rule, kept) == [])
    assert attempts.passed == len(GOOD[rule]), "it does not refuse everything"
