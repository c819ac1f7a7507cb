"""A stack of this machine is usable after a kill, and never taken from a Pulumi that runs."""

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HERE = platform.node()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[int]:
    """The number of a process that is called pulumi."""
    program = tmp_path / "pulumi"
    shutil.copy(shutil.which("sleep") or "sleep", program)
    process = subprocess.Popen([program, "60"])
    yield process.pid
    process.kill()
    process.wait()


@pytest.fixture
def killed() -> int:
    """The number of a process that is no more."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    return ended.pid


def unlocked(folder: Path, pid: int, host: str = HERE) -> bool:
    """Whether a lock of that process, as Pulumi writes it, is taken away."""
    locks = folder / ".local/.pulumi/locks/organization/repository-store/trial"
    locks.mkdir(parents=True)
    (folder / "setup").mkdir()
    shutil.copy(ROOT / "setup" / "unlock", folder / "setup")
    holder = {"pid": pid, "username": "root", "hostname": host, "timestamp": "2026-11-25T12:02:48.754262457Z"}
    lock = locks / "78800928.json"
    lock.write_text(json.dumps(holder, separators=(",", ":")))
    lock.with_suffix(".json.attrs").write_text("{}")
    done = subprocess.run([folder / "setup" / "unlock", "trial"], capture_output=True, text=True, check=True)
    gone = not list(locks.iterdir())
    said = f"an earlier command on the stack trial was killed (process {pid}): its lock is taken away\n"
    assert done.stderr == (said if gone else "")
    assert gone or len(list(locks.iterdir())) == 2
    return gone


def test_the_lock_of_one_that_was_killed_goes(tmp_path: Path, killed: int) -> None:
    assert unlocked(tmp_path, killed)


def test_the_lock_of_one_whose_number_another_program_has_by_now_goes(tmp_path: Path) -> None:
    assert unlocked(tmp_path, os.getpid())


def test_the_lock_of_one_that_runs_stays(tmp_path: Path, running: int) -> None:
    assert not unlocked(tmp_path, running)


def test_the_lock_of_another_machine_stays(tmp_path: Path, killed: int) -> None:
    assert not unlocked(tmp_path, killed, "another-machine")
