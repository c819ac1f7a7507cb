"""The rows of `doctor` about locks, the state and backups."""

import fcntl
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cli.doctor import backups
from tests.unit.cli.doctor.examined import ADDRESS, of_file, rows
from tests.unit.cli.project import Project


def test_a_held_lock_is_reported_with_its_holder(project: Project) -> None:
    assert project.run(*ADDRESS).returncode == 0
    file = project.root / ".local" / "locks" / "trial.lock"
    file.parent.mkdir(exist_ok=True)
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        json.dump({"command": "up --stack trial", "pid": 4711, "since": 0.0}, held)
        held.flush()
        found = rows(project.run("doctor", "--stack", "trial").stdout)["lock"]
    assert found.startswith("✗")
    assert "held by up --stack trial (process 4711, since" in found
    assert found.rstrip().endswith("wait for it; if it hangs: kill 4711")


def test_a_stale_lock_of_a_killed_pulumi_is_reported(project: Project) -> None:
    assert project.run(*ADDRESS).returncode == 0
    folder = project.root / ".local/.pulumi/locks/organization/repository-store/trial"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text(json.dumps({"pid": 999_999_999, "hostname": os.uname().nodename}))
    found = rows(project.run("doctor", "--stack", "trial").stdout)["lock"]
    assert found.startswith("✗")
    assert "(process 999999999)" in found
    assert found.rstrip().endswith("make up STACK=trial")


def test_a_truncated_state_is_reported(project: Project) -> None:
    assert project.run(*ADDRESS).returncode == 0
    file = project.root / ".local/.pulumi/stacks/repository-store/trial.json"
    file.write_text('{"checkpoint": {"lat')
    found = rows(project.run("doctor", "--stack", "trial").stdout)["state"]
    assert found.startswith("✗")
    assert "make up STACK=trial" in found
    resource = {"type": "docker:index/container:Container", "urn": "urn:pulumi:trial::p::t::nginx"}
    latest = {"pending_operations": [{"type": "creating", "resource": resource}]}
    file.write_text(json.dumps({"checkpoint": {"latest": latest}}))
    found = rows(project.run("doctor", "--stack", "trial").stdout)["state"]
    assert "an earlier command was killed in the middle of creating nginx" in found


def test_an_old_backup_is_reported(tmp_path: Path) -> None:
    stack = of_file(tmp_path, backup={"location": str(tmp_path / "backups")})
    folder = tmp_path / "backups" / "repository-store-trial"
    (found,) = backups.backups(stack)
    assert (found.detail, found.fix) == ("there is none", "make backup STACK=trial")
    for hours, is_well in ((24 * 5, False), (1, True)):
        name = (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H-%M-%SZ")
        (folder / name).mkdir(parents=True)
        (found,) = backups.backups(stack)
        assert name in found.detail
        assert found.fix.startswith("make backup STACK=trial") is not is_well
