"""The steps of an `up` under this tree for states of older ones, including containers and volumes.

The trees of af547c4 and 0982dc5 made the states with a real engine (python -m tests.unit.program.older). The program of
e1e5425 was run without one on the state of 0982dc5 (older/registered.py), with monitoring, maintenance, backups, an
encryption key and a client on top. Pulumi's engine checks the objects of Nexus too, in
tests/integration/provider/test_upgrade.py.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from policy.without_store import PACK
from reports.kinds import described
from tests.unit.program.forks import ROOT, printed

OLDER = Path(__file__).parent / "older"
NGINX = "repository-store:components:NginxProxy$command:local:Command::nginx-load"
# The differences are in the changelog.
SERVER = "update urn:pulumi:older::repository-store::repository-store:components:NexusServer::nexus-server"
# The JVM's memory for reports of previews, without any effect.
MEMORY = [f"{SERVER}: directMemory", f"{SERVER}: heap"]
# Names, limits, headers and warnings of nginx: the configuration is reloaded, and no container is recreated.
LOADED = f"update urn:pulumi:older::repository-store::{NGINX}: stdin"
# These stores run the stand-in, which refuses content until its agreement is accepted, like the server that it plays.
AGREED = (
    "create urn:pulumi:older::repository-store::repository-store:components:RepositoryTopology"
    "$pulumi-python:dynamic/nexus:Eula::eula"
)
STEPS = {
    "af547c4": [AGREED, *MEMORY, LOADED],
    "0982dc5": [AGREED, *MEMORY, LOADED],
    "e1e5425": [AGREED, LOADED],
}


def steps(older: dict[str, Any], engine: dict[str, str]) -> list[str]:
    return printed("tests.unit.program.upgrading", older, {**engine, PACK: "pack"}).splitlines()


def state(commit: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((OLDER / f"{commit}.json").read_text())
    return found


@pytest.mark.parametrize("commit", STEPS)
def test_a_state_of_an_older_tree_needs_only_the_steps_in_the_changelog(
    commit: str, empty_engine: dict[str, str]
) -> None:
    assert steps(state(commit), empty_engine) == STEPS[commit]


@pytest.mark.parametrize("commit", STEPS)
def test_the_page_on_upgrades_shows_these_steps_as_previews_name_them(commit: str) -> None:
    page = (ROOT / "docs" / "upgrading.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```text\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert shown.splitlines() == [_line(step) for step in STEPS[commit] if step not in MEMORY]  # of a component
    (about,) = re.findall(r"that the trees? (.*) deployed", page)
    assert re.findall(r"[0-9a-f]{7}", about) == list(reversed(STEPS))


def _line(step: str) -> str:
    operation, urn = step.split(":")[0].split()[0], step.split()[1].rstrip(":")
    type_, name = urn.split("::")[2:]
    return f"{operation} {described(type_.rpartition('$')[2], name)}"


def test_steps_for_another_name_or_value_are_found(empty_engine: dict[str, str]) -> None:
    older = state("0982dc5")
    older["config"]["nginx"]["httpsPort"] = 9999
    older["resources"] = [each for each in older["resources"] if not each["urn"].endswith("::nexus-data")]
    found = steps(older, empty_engine)
    assert [line for line in found if line.startswith("create ") and line.endswith(":Volume::nexus-data")]
    assert [line for line in found if line.startswith("update ") and line.endswith("::nginx: ports[0].external")]
