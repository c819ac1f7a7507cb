"""Only the owner can read files of a stack of this machine, and the name of a backup is not a path."""

import os
import subprocess
from pathlib import Path

import pytest

from cli.errors import CommandError
from cli.process import attached, in_own_group, run
from cli.snapshots.snapshots import Snapshots
from cli.stack import environment


def test_pulumis_files_are_only_readable_by_their_owner(tmp_path: Path) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(f"#!/bin/sh\necho state >{tmp_path}/$1\n")
    pulumi.chmod(0o755)
    before = os.umask(0o022)
    try:
        run([pulumi, "run.json"])
        attached([pulumi, "attached.json"], os.environ)
        with (tmp_path / "log").open("w") as log, in_own_group([pulumi, "group.json"], os.environ, log) as process:
            process.wait()
    finally:
        os.umask(before)
    for name in ("run", "attached", "group"):
        assert (tmp_path / f"{name}.json").stat().st_mode & 0o777 == 0o600


def test_the_folder_of_own_states_is_not_readable_by_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local = tmp_path / ".local"
    local.mkdir(mode=0o755)
    monkeypatch.setattr(environment, "LOCAL", local)
    environment._own_backend()
    assert local.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("action", ["check", "lay", "verify", "remove"])
@pytest.mark.parametrize(
    "name", ["../other", "2026-11-25T10-00-00Z/../../other", ".", "", "2026-11-25T10-00-00Z2", "/etc", "link"]
)
def test_an_invalid_snapshot_name_is_refused_before_any_change(action: str, name: str, tmp_path: Path) -> None:
    backups, other = tmp_path / "backups", tmp_path / "other"
    (other / "data").mkdir(parents=True)
    (other / "data" / "kept").touch()
    (other / "files").touch()
    (backups / "2026-11-25T10-00-00Z" / "data").mkdir(parents=True)
    if name == "link":
        name = "2026-11-25T11-00-00Z"
        (backups / name).symlink_to(other)
    asked: list[tuple[str, ...]] = []

    def run(*command: str, text: str | None = None) -> str:
        asked.append(command)
        return subprocess.check_output(command, input=text, text=True)

    with pytest.raises(CommandError, match=r"FROM: no such snapshot \(got '"):
        getattr(Snapshots(run, str(backups)), action)(name)
    assert [command[0] for command in asked] == ["find"]
    assert (other / "data" / "kept").exists()
