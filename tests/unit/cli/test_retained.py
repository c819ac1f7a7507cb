"""`make down` is refused if an `up` has not yet applied `retain`."""

from typing import Any

import pytest

from cli.commands.down import unapplied
from cli.stack.state import State

URN = "urn:pulumi:production::repository-store::repository-store:components:NexusServer$docker:index/volume:Volume::"


def state(**retained: bool) -> dict[str, Any]:
    """A state of volumes by their names, with underscores."""
    volumes = [
        {"type": "docker:index/volume:Volume", "urn": URN + name.replace("_", "-"), "retainOnDelete": kept}
        for name, kept in retained.items()
    ]
    resources = [{"type": "pulumi:pulumi:Stack", "urn": "urn:pulumi:the-stack"}, *volumes]
    return {"version": 3, "deployment": {"resources": resources}}


@pytest.mark.parametrize(
    ("wanted", "found", "lost"),
    [
        (["nexus-data"], state(nexus_data=False), ["nexus-data"]),
        (["nexus-data"], state(nexus_data=True), []),
        (["nexus-data", "acme"], state(nexus_data=True, acme=False), ["acme"]),
        (["nexus-data", "realms"], state(), []),
        ([], state(nexus_data=False), []),
        (["nexus-data"], {"version": 3, "deployment": {}}, []),
    ],
)
def test_unapplied_retains_are_found_in_the_state(wanted: list[str], found: dict[str, Any], lost: list[str]) -> None:
    assert unapplied(wanted, State(found)) == lost
