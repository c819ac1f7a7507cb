"""Proxies refuse the store's own names by the routing rules that `ownNamespaces` makes.

The stand-in's expressions are compared with Java's own in stand_in/internal/javaregex.
"""

from urllib.parse import quote

import pytest

from stacks.own_namespaces import OwnNamespaces
from stacks.protection import protected
from stacks.topology.topology import Topology
from tests.conformance.stand_in.pair import Pair
from tests.support.own_names import BLOCKED, FREE, OWN


@pytest.fixture(scope="module", params=OWN)
def fmt(request: pytest.FixtureRequest, pair: Pair) -> str:
    pair.make(request.param, group=False)
    return str(request.param)


@pytest.mark.parametrize("mode", ["BLOCK", "ALLOW"])
def test_exactly_the_own_names_are_refused(pair: Pair, fmt: str, mode: str) -> None:
    name = f"{fmt}-proxy"
    rule = {"name": f"{fmt}-{mode}", "description": "", "mode": mode, "matchers": ["/elsewhere"]}
    if mode == "ALLOW":
        rule["matchers"] = ["(?s).*"]
    kind = {"format": fmt, "type": "proxy", "routingRuleName": rule["name"]}
    topology = Topology.model_validate({"repositories": {name: kind}, "routingRules": {rule["name"]: rule}})
    own = protected(topology, OwnNamespaces.model_validate(OWN), None).routing_rules[str(rule["name"])]
    answer = pair.near.rest("POST", "routing-rules", json={**rule, **own.declared})
    assert answer.status_code == 204, answer.text
    use(pair, fmt, str(rule["name"]))
    refused = {path: pair.near.admin("GET", at(name, path)).status_code == 403 for path in (*BLOCKED[fmt], *FREE[fmt])}
    assert refused == {**dict.fromkeys(BLOCKED[fmt], True), **dict.fromkeys(FREE[fmt], False)}


def use(pair: Pair, fmt: str, rule: str) -> None:
    path = f"repositories/{fmt}/proxy/{fmt}-proxy"
    found = pair.near.rest("GET", path).json()
    answer = pair.near.rest("PUT", path, json={**found, "routingRule": rule})
    assert answer.status_code == 204, answer.text


def at(repository: str, path: str) -> str:
    return f"/repository/{repository}{quote(path, safe='/?=:@%')}"
