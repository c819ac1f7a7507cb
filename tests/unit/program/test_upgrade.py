"""What `up` under this tree would do to the states of older ones, containers and volumes included.

The states were made by the trees of those commits, with a real engine (python -m tests.unit.program.older). Objects of
Nexus are looked at by the real engine too, in tests/integration/provider/test_upgrade.py.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
OLDER = Path(__file__).parent / "older"
NGINX = "repository-store:components:NginxProxy$command:local:Command::nginx-load"
# What differs is what the changelog says.
SERVER = "update urn:pulumi:older::repository-store::repository-store:components:NexusServer::nexus-server"
# What a report of a preview says of the JVM's memory; nothing is done for it.
MEMORY = [f"{SERVER}: directMemory", f"{SERVER}: heap"]
# Names, limits and headers of nginx, and what it warns of: the configuration is loaded, and no container is recreated.
LOADED = f"update urn:pulumi:older::repository-store::{NGINX}: stdin"
STEPS = {"af547c4": [*MEMORY, LOADED], "0982dc5": [*MEMORY, LOADED]}


def steps(older: dict[str, Any]) -> list[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.unit.program.upgrading"],
        cwd=ROOT,
        env={"PATH": ""},  # no engine is asked
        input=json.dumps(older),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()


def state(commit: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((OLDER / f"{commit}.json").read_text())
    return found


@pytest.mark.parametrize("commit", STEPS)
def test_a_state_of_an_older_tree_needs_what_the_changelog_says(commit: str) -> None:
    assert steps(state(commit)) == STEPS[commit]


def test_what_another_name_or_value_would_do_is_found() -> None:
    older = state("0982dc5")
    older["config"]["nginx"]["httpsPort"] = 9999
    older["resources"] = [each for each in older["resources"] if not each["urn"].endswith("::nexus-data")]
    found = steps(older)
    assert [line for line in found if line.startswith("create ") and line.endswith(":Volume::nexus-data")]
    assert [line for line in found if line.startswith("update ") and line.endswith("::nginx: ports[0].external")]
