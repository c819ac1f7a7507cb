"""An update plan is applied with the stack file that it was made of, or not at all."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from reports.plan import changed

ROOT = Path(__file__).parents[3]
BEFORE = {
    "repository-store:anonymousAccess": "true",
    "repository-store:blobStores": {"tools": {"onDelete": "keep"}},
    "repository-store:retain": ["nexus-data"],
    "repository-store:passwords": {"admin": {"secure": "v1:abc"}},
}


@pytest.mark.parametrize(
    ("now", "keys"),
    [
        ({"repository-store:anonymousAccess": True}, []),
        ({"repository-store:anonymousAccess": False}, ["anonymousAccess"]),
        ({"repository-store:blobStores": {"tools": {"onDelete": "purge"}}}, ["blobStores.tools.onDelete"]),
        ({"repository-store:blobStores": {"tools": {"onDelete": None}}}, ["blobStores.tools.onDelete"]),
        ({"repository-store:blobStores": {"tools": None}}, ["blobStores.tools"]),
        ({"repository-store:retain": []}, ["retain"]),
        ({"repository-store:passwords": {"admin": {"secure": "v1:def"}}}, ["passwords.admin"]),
        ({"repository-store:hostname": "nexus.domain.org"}, ["hostname"]),
    ],
)
def test_what_differs_is_named_by_its_key(now: dict[str, Any], keys: list[str]) -> None:
    assert changed(BEFORE, {**BEFORE, **now}) == keys
    assert changed({**BEFORE, **now}, BEFORE) == keys


def said(plan: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "reports.plan", "staging", str(plan)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    return ran.returncode, ran.stderr


def test_the_plan_of_this_stack_file_is_let_through_and_another_one_is_refused(tmp_path: Path) -> None:
    plan = tmp_path / "staging.plan.json"
    config = yaml.safe_load((ROOT / "stacks" / "Pulumi.staging.yaml").read_text(encoding="utf-8"))["config"]
    plan.write_text(json.dumps({"config": config}))
    assert said(plan) == (0, "")
    plan.write_text(json.dumps({"config": {**config, "repository-store:hostname": "old.domain.org"}}))
    code, line = said(plan)
    assert code == 2
    assert line == (
        f"{plan}: stacks/Pulumi.staging.yaml has changed since it was made: hostname; "
        f"remedy: make preview-report STACK=staging PLAN={plan}, read it, then apply it\n"
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", "null"])
def test_what_is_no_plan_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    plan.write_text(text)
    code, line = said(plan)
    assert (code, line.count("\n")) == (2, 1)
    assert "is no update plan of Pulumi" in line


def test_a_plan_that_is_not_there_is_refused_in_one_line(tmp_path: Path) -> None:
    code, line = said(tmp_path / "gone")
    assert (code, line.count("\n")) == (2, 1)
    assert "No such file" in line
