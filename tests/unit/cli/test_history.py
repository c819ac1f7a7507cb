"""What Pulumi keeps of earlier states does not grow without end."""

from pathlib import Path

import pytest

from cli.stack import history
from cli.stack.stack import Stack


def test_the_newest_are_left_and_other_stacks_keep_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "LOCAL", tmp_path)
    for stack, count in (("trial", history.KEPT + 3), ("other", 1)):
        updates = tmp_path / ".pulumi/history/repository-store" / stack
        backups = tmp_path / ".pulumi/backups/repository-store" / stack
        for folder in (updates, backups):
            folder.mkdir(parents=True)
        for number in range(count):
            time = 1795635705618785820 + number
            for name in (f"{stack}-{time}.history.json.gz", f"{stack}-{time}.checkpoint.json.gz"):
                (updates / name).touch()
                (updates / f"{name}.attrs").touch()
            (backups / f"{stack}.{time}.json.gz").touch()
    history.prune(Stack("trial"))
    left = sorted(path.name for path in (tmp_path / ".pulumi/history/repository-store/trial").iterdir())
    assert len(left) == 4 * history.KEPT
    assert left[0] == f"trial-{1795635705618785820 + 3}.checkpoint.json.gz"
    assert len(list((tmp_path / ".pulumi/backups/repository-store/trial").iterdir())) == history.KEPT
    assert len(list((tmp_path / ".pulumi/history/repository-store/other").iterdir())) == 4
