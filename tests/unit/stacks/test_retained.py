"""Nothing that the stack file retains goes by a `make down` before an `up` has told Pulumi."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stacks.retained import unapplied

ROOT = Path(__file__).parents[3]
URN = "urn:pulumi:production::repository-store::repository-store:components:NexusServer$docker:index/volume:Volume::"


def state(**retained: bool) -> dict[str, Any]:
    """Of volumes by their names, in Python's spelling."""
    volumes = [{"urn": URN + name.replace("_", "-"), "retainOnDelete": kept} for name, kept in retained.items()]
    return {"version": 3, "deployment": {"resources": [{"urn": "urn:pulumi:the-stack"}, *volumes]}}


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
def test_what_no_up_has_applied_is_found_in_the_state(
    wanted: list[str], found: dict[str, Any], lost: list[str]
) -> None:
    assert unapplied(wanted, found) == lost


def test_it_is_refused_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "stacks.retained", "production"],
        input=json.dumps(state(nexus_data=False, acme=True)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "retain: nexus-data was given, and no up has applied it, so that make down would remove it; allowed: what has "
        "been applied; remedy: make up STACK=production, then make down STACK=production\n"
    )
