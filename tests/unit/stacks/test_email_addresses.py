"""Exactly the e-mail addresses that Nexus accepts are accepted; each sample was sent to a real core for a user."""

import re

import pytest

from nexus import schema
from stacks.patterns import EMAIL_PATTERN

TAKEN = ["a@b", "a@domain.org", "a@[1.2.3.4]", "ä@domain.org", "a@dömain.org", '"a b"@domain.org']
REFUSED = ["a b@domain.org", "a", "a@", "@b", "a@b@c", "a@b..c", "a@-b", "<a@b>", "a,b@c", "a@domain.org\n", "a;b@c.d"]


def violations(address: str) -> list[str]:
    body = {"enabled": True, "host": "mail.domain.org", "port": 25, "fromAddress": address}
    return [found.path for found in schema.violations("email", body)]


@pytest.mark.parametrize("address", TAKEN)
def test_addresses_that_nexus_accepts_are_accepted(address: str) -> None:
    assert re.fullmatch(EMAIL_PATTERN.removesuffix("$"), address)
    assert violations(address) == []


@pytest.mark.parametrize("address", REFUSED)
def test_addresses_that_nexus_refuses_are_refused(address: str) -> None:
    assert not re.fullmatch(EMAIL_PATTERN.removesuffix("$"), address)
    assert violations(address) == ["fromAddress"]
