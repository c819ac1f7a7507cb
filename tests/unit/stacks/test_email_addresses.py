"""What Nexus takes for an e-mail address is taken, and nothing else: each was sent to a real core as a user's."""

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
def test_what_nexus_takes_is_taken(address: str) -> None:
    assert re.fullmatch(EMAIL_PATTERN.removesuffix("$"), address)
    assert violations(address) == []


@pytest.mark.parametrize("address", REFUSED)
def test_what_nexus_refuses_is_refused(address: str) -> None:
    assert not re.fullmatch(EMAIL_PATTERN.removesuffix("$"), address)
    assert violations(address) == ["fromAddress"]
