"""The resources of the program for a stack file, with their names in states.

Another name or parent is another resource: `up` would replace the old one, also a volume with its data.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from policy.without_store import PACK
from tests.integration.provider.licensed import licensed
from tests.integration.provider.samples import everything_else
from tests.support.versions import NEWEST
from tests.unit.program.forks import printed

GOLDEN = Path(__file__).parent / "golden"
PASSWORDS = {user: f"the-password-of-{user}" for user in ("admin", "jenkins", "ci-pull", "ci-push")}
DEPLOYED = {"hostname": "nexus.domain.org", "topology": "topology.yaml", "passwords": PASSWORDS}
STACKS: dict[str, dict[str, Any]] = {
    "shipped": DEPLOYED,
    "everything": {
        **DEPLOYED,
        "tls": {"mode": "acme", "email": "ops@domain.org"},
        "nexus": {"database": {"host": "postgres.domain.org", "password": "x"}, "acceptEula": True},
        "clients": {"this-machine": {"login": {"user": "jenkins"}}},
        "retain": ["nexus-data", "acme", "realms"],
        "protect": True,
        "maintenance": {"window": "01:00-05:00"},
    },
    "every-kind": {
        **licensed(),
        **everything_else(),
        "hostname": "nexus.domain.org",
        "nexus": {"generation": NEWEST},
        "passwords": {"admin": "x", "bob": "y"},
    },
    "next-authority": {"hostname": "nexus.domain.org", "passwords": PASSWORDS, "tls": {"authorities": [2, 1]}},
    "existing": {
        "topology": "topology.yaml",
        "nexus": {"url": "https://nexus.domain.org/nexus"},
        "passwords": PASSWORDS,
    },
}


@pytest.mark.parametrize("stack", STACKS)
def test_the_resources_have_the_names_in_states(stack: str, empty_engine: dict[str, str]) -> None:
    """After an intended change: UPDATE_GOLDEN=1 pytest tests/unit/program, then review the diff."""
    path = GOLDEN / f"{stack}.txt"
    names = printed("tests.unit.program.registering", STACKS[stack], {**empty_engine, PACK: "pack"})
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(names)
    assert names == path.read_text()
    assert " of the host" not in names  # a folder, whose owner would have to be set by hand
