"""The lock that a killed Pulumi has left in the backend in .local."""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.cli.project import Project


@pytest.fixture
def running(tmp_path: Path) -> Iterator[int]:
    """The pid of a process named pulumi."""
    program = tmp_path / "pulumi"
    shutil.copy(shutil.which("sleep") or "sleep", program)
    process = subprocess.Popen([program, "60"])
    yield process.pid
    process.kill()
    process.wait()


@pytest.fixture
def killed() -> int:
    """The pid of a process that has ended."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    return ended.pid


RELEASE = "import sys; from cli.stack import killed_pulumi; from cli.stack.stack import Stack; " + (
    "killed_pulumi.release(Stack('trial'))"
)


def release(project: Project, pid: int, host: str, spaces: bool = False) -> tuple[subprocess.Popen[str], Path]:
    """Writes a lock of the process like Pulumi, and releases it if it is stale."""
    locks = project.root / ".local/.pulumi/locks/organization/repository-store/trial"
    locks.mkdir(parents=True)
    owner = {"pid": pid, "username": "root", "hostname": host, "timestamp": "2026-11-25T12:02:48.754262457Z"}
    lock = locks / "78800928.json"
    lock.write_text(json.dumps(owner, indent=2 if spaces else None))
    Path(f"{lock}.attrs").write_text("{}")
    process = subprocess.Popen(
        [sys.executable, "-c", RELEASE], cwd=project.root, env=project.environment, stderr=subprocess.PIPE, text=True
    )
    return process, locks


@pytest.mark.parametrize("spaces", [False, True], ids=["as Pulumi writes it", "as JSON may be written too"])
def test_the_lock_of_a_killed_pulumi_is_released(spaces: bool, project: Project, killed: int) -> None:
    process, locks = release(project, killed, platform.node(), spaces)
    assert process.communicate()[1] == (
        f"an earlier command on the stack trial was killed (process {killed}): its lock is removed\n"
    )
    assert list(locks.iterdir()) == []


def test_the_lock_of_a_reused_pid_is_released(project: Project) -> None:
    process, locks = release(project, os.getpid(), platform.node())
    assert "its lock is removed" in process.communicate()[1]
    assert list(locks.iterdir()) == []


def test_the_lock_of_a_running_pulumi_is_waited_for(project: Project, running: int) -> None:
    process, locks = release(project, running, platform.node())
    assert process.stderr
    assert process.stderr.readline() == (
        f"waiting for the Pulumi of another command on the stack trial to end (process {running}) ...\n"
    )
    assert len(list(locks.iterdir())) == 2
    os.kill(running, 9)
    os.waitpid(running, 0)
    assert "its lock is removed" in process.communicate()[1]


def test_the_lock_of_another_machine_stays(project: Project, killed: int) -> None:
    process, locks = release(project, killed, "another-machine")
    assert process.communicate()[1] == ""
    assert len(list(locks.iterdir())) == 2
