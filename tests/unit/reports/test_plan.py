"""An update plan is only applied with the stack file that it was made from."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from reports.plan import WrongPlan, changed, check

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
def test_differences_are_named_by_key(now: dict[str, Any], keys: list[str]) -> None:
    assert changed(BEFORE, {**BEFORE, **now}) == keys
    assert changed({**BEFORE, **now}, BEFORE) == keys


def test_only_the_plan_of_this_stack_file_is_accepted(tmp_path: Path) -> None:
    plan = tmp_path / "staging.plan.json"
    config = yaml.safe_load((ROOT / "stacks" / "Pulumi.staging.yaml").read_text(encoding="utf-8"))["config"]
    plan.write_text(json.dumps({"config": config}))
    check("staging", plan)
    plan.write_text(json.dumps({"config": {**config, "repository-store:hostname": "old.domain.org"}}))
    with pytest.raises(WrongPlan) as refused:
        check("staging", plan)
    assert str(refused.value) == (
        f"{plan}: stacks/Pulumi.staging.yaml has changed since it was made: hostname. "
        f"Fix: make preview-report STACK=staging PLAN={plan}, read it, then apply it"
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", "null"])
def test_an_invalid_plan_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    plan.write_text(text)
    with pytest.raises(WrongPlan, match=r"^\S+plan: not an update plan of Pulumi\. Fix: .*$"):
        check("staging", plan)


def test_a_missing_plan_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(WrongPlan, match=r"^\S+gone: No such file or directory\. Fix: .*$"):
        check("staging", tmp_path / "gone")
