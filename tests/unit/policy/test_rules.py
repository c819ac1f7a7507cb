"""Every rule has a complying stack and one that violates it, and its message says how to fix it."""

import json
from itertools import islice, permutations
from pathlib import Path

import pytest

from policy.rule import Resource, StackRule
from policy.rules import RULES
from tests.unit.policy.cases.found import BAD, GOOD, found
from tests.unit.policy.resources import (
    nexus,
)

POLICY = Path(__file__).parents[3] / "policy"


def test_every_rule_has_cases_for_both_and_a_level() -> None:
    names = {rule.name for rule in RULES}
    assert names == set(GOOD) == set(BAD)
    assert len(names) == len(RULES)


@pytest.mark.parametrize(("name", "resources"), [(name, case) for name, cases in GOOD.items() for case in cases])
def test_a_complying_stack_has_no_violations(name: str, resources: list[Resource]) -> None:
    assert found(name, resources) == []


@pytest.mark.parametrize(("name", "case"), [(name, case) for name, cases in BAD.items() for case in cases])
def test_a_violation_says_how_to_fix_it(name: str, case: tuple[list[Resource], str]) -> None:
    resources, reason = case
    (message,) = found(name, resources)
    assert reason in message
    assert ": " in message
    assert "hunter2" not in message


@pytest.mark.parametrize("name", [rule.name for rule in RULES if isinstance(rule, StackRule)])
def test_the_order_in_which_resources_get_ready_does_not_matter(name: str) -> None:
    for resources, _ in BAD[name]:
        assert len({tuple(found(name, list(order))) for order in islice(permutations(resources), 50)}) == 1


def test_two_repositories_on_one_blob_store_are_always_named_alike() -> None:
    names = ["docker-b", "docker-a", "docker-c"]
    stores = [nexus("Repository", name, {"storage": {"blobStoreName": "shared"}}) for name in names]
    assert found("own-blob-store", stores) == found("own-blob-store", stores[::-1])


@pytest.mark.parametrize("name", [rule.name for rule in RULES])
def test_a_rule_ignores_other_resources(name: str) -> None:
    others = [
        Resource("command:local:Command", "nginx-load", {"create": "x"}),
        nexus("Eula", "eula", {"accepted": True}),
    ]
    assert found(name, others) == []


@pytest.mark.parametrize("path", sorted((POLICY / "levels").glob("*.json")), ids=lambda path: path.stem)
def test_the_levels_name_existing_rules(path: Path) -> None:
    levels = json.loads(path.read_text(encoding="utf-8"))
    assert set(levels) <= {"all", *(rule.name for rule in RULES)}
    assert set(levels.values()) <= {"advisory", "mandatory", "disabled"}


def test_production_makes_every_rule_mandatory_except_own_namespaces() -> None:
    assert json.loads((POLICY / "levels" / "production.json").read_text(encoding="utf-8")) == {
        "all": "mandatory",
        "own-namespaces": "advisory",
    }
