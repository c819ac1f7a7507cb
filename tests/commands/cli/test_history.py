"""Pulumi's history of states is limited."""

from pathlib import Path

import pytest

from cli.stack import history
from cli.stack.stack import Stack
from tests.commands.cli.project import Project

FIRST = 1795635705618785820  # nanoseconds since 1970


def with_updates(local: Path, **counts: int) -> None:
    """Writes history files like Pulumi."""
    for stack, count in counts.items():
        updates = local / ".pulumi/history/repository-store" / stack
        backups = local / ".pulumi/backups/repository-store" / stack
        for folder in (updates, backups):
            folder.mkdir(parents=True)
        for time in range(FIRST, FIRST + count):
            for name in (f"{stack}-{time}.history.json.gz", f"{stack}-{time}.checkpoint.json.gz"):
                (updates / name).touch()
                (updates / f"{name}.attrs").touch()
            (backups / f"{stack}.{time}.json.gz").touch()


def left(local: Path, folder: str, stack: str) -> list[str]:
    return sorted(path.name for path in (local / ".pulumi" / folder / "repository-store" / stack).iterdir())


def test_the_newest_files_stay_and_other_stacks_keep_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "LOCAL", tmp_path)
    with_updates(tmp_path, trial=history.KEPT + 3, other=1)
    history.prune(Stack("trial"))
    assert len(left(tmp_path, "history", "trial")) == 4 * history.KEPT
    assert left(tmp_path, "history", "trial")[0] == f"trial-{FIRST + 3}.checkpoint.json.gz"
    assert len(left(tmp_path, "backups", "trial")) == history.KEPT
    assert len(left(tmp_path, "history", "other")) == 4


def test_a_command_that_fails_repeatedly_does_not_add_files(project: Project) -> None:
    """An `up` without an engine."""
    assert project.run("new-stack", "trial", "--set", "address=198.18.1.1").returncode == 0
    with_updates(project.root / ".local", trial=history.KEPT + 3)
    assert project.run("up", "--stack", "trial").returncode == 1
    assert len(left(project.root / ".local", "history", "trial")) == 4 * history.KEPT
    assert len(left(project.root / ".local", "backups", "trial")) == history.KEPT
