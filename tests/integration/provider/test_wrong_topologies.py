"""A real preview refuses a wrong topology in one readable line, without a request to the server."""

from typing import Any

import pytest

from nexus.schema.merging import merged
from tests.integration.provider.play import Failed, Play
from tests.integration.provider.samples import everything_else

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "missing": ({"repositories": {"sample-proxy": {"proxy": None}}}, "repositories.sample-proxy.proxy"),
    "wrong type": ({"email": {"port": "25"}}, "email.port: wrong type (got '25'"),
    "out of range": ({"ldap": {"directory": {"port": 70000}}}, "ldap.directory.port: out of range (got 70000"),
    "unknown key": ({"blobStores": {"plain": {"quota": 1}}}, "blobStores.plain.quota"),
    "unknown section": ({"repository": {}}, "repository: unknown key"),
    "unknown word": (
        {"routingRules": {"no-internal": {"mode": "DENY"}}},
        "routingRules.no-internal.mode: not allowed (got 'DENY'",
    ),
    "unknown format": ({"repositories": {"x": {"format": "rwa", "type": "hosted"}}}, "repositories.x"),
    "unknown member": (
        {"repositories": {"x": {"format": "raw", "type": "group", "group": {"memberNames": ["nobody"]}}}},
        "no repository is called 'nobody'",
    ),
    "unknown role": ({"samlUsers": {"carol": {"roles": ["raeder"]}}}, "did you mean reader?"),
    "no network": ({"ipAllowlistEntries": {"office": {"ipOrCidr": "192.0.2.1/24"}}}, "has host bits set"),
    "contradiction": ({"ipAllowlist": {"mode": "ENFORCE"}, "ipAllowlistEntries": None}, "lets everybody in"),
    "port taken": (
        {"repositories": {"x": {"format": "docker", "type": "hosted", "docker": {"httpPort": 8081}}}},
        "port 8081 is taken by Nexus itself",
    ),
}


@pytest.fixture(scope="module")
def untouched(play: Play) -> Play:
    play.wanted |= everything_else()
    play.counted()
    return play


@pytest.mark.parametrize("which", WRONG)
def test_a_wrong_topology_is_refused_in_one_line(untouched: Play, which: str) -> None:
    right = untouched.wanted
    mutation, expected = WRONG[which]
    untouched.wanted = merged(right, mutation)
    with pytest.raises(Failed) as caught:
        untouched.preview()
    untouched.wanted = right
    text = str(caught.value)
    (line,) = [line for line in text.partition("Diagnostics:")[2].splitlines() if "error:" in line]
    assert "allowed " in line
    assert ". Fix: " in line
    assert expected in line
    assert "Traceback" not in text
    assert untouched.counted() == []


def test_the_correct_topology_is_accepted(untouched: Play) -> None:
    assert "to create" in untouched.preview()
