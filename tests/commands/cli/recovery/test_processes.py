"""Only the plugins of a killed Pulumi are terminated."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.paths import ROOT
from cli.recovery.processes import end_orphans
from cli.stack.stack import Stack

STACK = f"orphans-{os.getpid()}"
# It ends at once and leaves an orphan, as a killed Pulumi does; a wrapper process may survive as its parent.
LEAVES = "sleep 600 >/dev/null 2>&1 & echo $!"


@pytest.fixture
def started() -> Iterator[list[int]]:
    pids: list[int] = []
    yield pids
    for pid in pids:
        if is_alive(pid):
            os.kill(pid, 9)


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def environment(stack: str, root: Path = ROOT) -> dict[str, str]:
    return {**os.environ, "REPOSITORY_STORE_STACK": stack, "VIRTUAL_ENV": str(root / ".venv")}


def orphan(started: list[int], env: dict[str, str]) -> int:
    process = subprocess.run(["sh", "-c", LEAVES], env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
    started.append(int(process))
    return int(process)


def test_orphans_of_the_stack_are_terminated_and_reported(
    started: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    ours = [orphan(started, environment(STACK)), orphan(started, environment(STACK))]
    others = [
        orphan(started, environment(f"{STACK}-b")),
        orphan(started, environment(STACK, Path("/another/clone"))),
        orphan(started, dict(os.environ)),
    ]
    end_orphans(Stack(STACK))
    assert not any(map(is_alive, ours))
    assert all(map(is_alive, others))
    assert capsys.readouterr().err == "2 processes of a command that was killed were still running: they were stopped\n"


@pytest.mark.parametrize("parent", ["pulumi", "cli"])
def test_children_of_a_running_pulumi_or_command_stay(parent: str, started: list[int], tmp_path: Path) -> None:
    (tmp_path / "pulumi").symlink_to("/bin/sh")
    runs = "sleep 600 >/dev/null 2>&1 & echo $!; wait"
    (tmp_path / "cli.py").write_text(f"import subprocess\nsubprocess.run(['sh', '-c', {runs!r}])\n")
    command = [str(tmp_path / "pulumi"), "-c", runs] if parent == "pulumi" else [sys.executable, "-m", "cli"]
    with subprocess.Popen(command, env=environment(STACK), stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        started.append(child)
        end_orphans(Stack(STACK))
        time.sleep(0.1)
        assert is_alive(child)
        os.kill(child, 9)
        process.wait(60)


def test_without_orphans_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    end_orphans(Stack(f"{STACK}-none"))
    assert capsys.readouterr().err == ""
