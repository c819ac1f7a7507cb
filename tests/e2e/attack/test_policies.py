"""Somebody declares rights and settings that a mandatory policy forbids, in another way than it names them."""

import pytest

from policy.rules import RULES
from tests.e2e.attack.conftest import Attempts
from tests.unit.policy.cases.found import BAD, GOOD, found


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_no_way_around_a_rule(rule: str, attempts: Attempts) -> None:
    for resources, reason in BAD[rule]:
        attempts.held(f"{rule}: {reason}", any(reason in message for message in found(rule, resources)))
    assert [found(rule, kept) for kept in GOOD[rule]] == [[]] * len(GOOD[rule]), "it does not refuse everything"
