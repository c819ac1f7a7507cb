"""A truncated state file is restored from the copy beside it, with a message."""

import gzip
import json
from pathlib import Path

import pytest

from cli.errors import CommandError
from cli.stack import checkpoint
from cli.stack.stack import Stack

STACK = Stack("trial")


def state(step: int, *, zipped: bool = True) -> bytes:
    written = json.dumps({"version": 3, "checkpoint": {"latest": {"step": step}}}).encode()
    return gzip.compress(written) if zipped else written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of state files: one of step 2, with copies of step 1 and of the previous update."""
    folder = tmp_path / ".pulumi" / "stacks" / "repository-store"
    folder.mkdir(parents=True)
    (folder / "trial.json.gz").write_bytes(state(2))
    (folder / "trial.json.gz.attrs").write_text("{}")
    (folder / "trial.json.gz.bak").write_bytes(state(1))
    backups = tmp_path / ".pulumi" / "backups" / "repository-store" / "trial"
    backups.mkdir(parents=True)
    (backups / "trial.1795635737004650278.json.gz").write_bytes(state(-1))
    (backups / "trial.1795635737004650279.json.gz").write_bytes(state(0))
    return folder


def step(folder: Path) -> int:
    return int(checkpoint.content(folder / "trial.json.gz")["latest"]["step"])


def repaired(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    checkpoint.repair(STACK, tmp_path)
    return capsys.readouterr().err


def test_an_intact_state_stays_unchanged(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert repaired(tmp_path, capsys) == ""
    assert step(folder) == 2
    (folder / "trial.json.gz").write_bytes(state(3, zipped=False))
    assert repaired(tmp_path, capsys) == ""
    assert step(folder) == 3


@pytest.mark.parametrize("damaged", [b"", state(2)[:-9], state(2)[:20], b"{", b"[]"], ids=range(5))
def test_a_damaged_state_is_replaced_by_the_one_before_the_last_step(
    damaged: bytes, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "trial.json.gz").write_bytes(damaged)
    printed = repaired(tmp_path, capsys)
    assert printed.startswith("the state of the stack trial was cut short: it is restored as of ")
    assert "trial.json.gz.bak" in printed
    assert len(printed.splitlines()) == 1
    assert step(folder) == 1
    assert (folder / "trial.json.gz.damaged").read_bytes() == damaged


def test_the_newest_intact_copy_is_used(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "trial.json.gz").write_bytes(b"")
    (folder / "trial.json.gz.bak").write_bytes(b"")
    assert "trial.1795635737004650279.json.gz" in repaired(tmp_path, capsys)
    assert step(folder) == 0


def test_without_an_intact_copy_it_is_one_line(folder: Path, tmp_path: Path) -> None:
    for file in [*folder.glob("*"), *(tmp_path / ".pulumi" / "backups").rglob("*.gz")]:
        file.write_bytes(b"")
    with pytest.raises(CommandError, match=r"trial\.json\.gz is damaged, and so is every copy of it"):
        checkpoint.repair(STACK, tmp_path)


@pytest.mark.parametrize("name", ["trial.json.gz.attrs", "trial.json.gz.bak.attrs", "../../meta.yaml.attrs"])
def test_truncated_attribute_files_are_removed(name: str, folder: Path, tmp_path: Path) -> None:
    """Pulumi fails on them with `failed to load checkpoint: EOF`."""
    (folder / name).write_bytes(b"")
    checkpoint.repair(STACK, tmp_path)
    assert not (folder / name).exists()
    assert step(folder) == 2


def test_a_stack_without_a_state_is_not_damaged(tmp_path: Path) -> None:
    checkpoint.repair(STACK, tmp_path)
    assert checkpoint.file_of(STACK, tmp_path) is None
