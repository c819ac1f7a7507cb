"""The program and the provider that Pulumi attaches to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.runtime.attached import attached

PROGRAM = "from nexus.sdk import without_repeated_work\n"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "__main__.py"
    path.write_text(PROGRAM)
    return path


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


def processes(group: int) -> set[int]:
    """The running processes of a process group."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] not in "ZX":
            found.add(int(stat.parent.name))
    return found


def wait_until_none_is_left(group: int) -> None:
    """Waits until the kernel has removed the killed processes."""
    until = time.monotonic() + 30
    while processes(group):
        assert time.monotonic() < until, f"still running: {processes(group)}"
        time.sleep(0.01)


def test_no_process_is_left_after_a_run(program: Path) -> None:
    others = set(children())
    with attached(environment(), program=program) as python:
        (address,) = python.arguments[1:]
        port = python.environment["PULUMI_DEBUG_PROVIDERS"].removeprefix("pulumi-python:")
        assert address.removeprefix("127.0.0.1:") != port
        (group,) = {os.getpgid(child) for child in set(children()) - others}
        assert len(processes(group)) == 3
    wait_until_none_is_left(group)


def children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


RUN = """
import os, subprocess, sys
from pathlib import Path
from cli.runtime.attached import attached
with attached(os.environ, program=Path(sys.argv[1])) as python:
    pulumi = subprocess.Popen(["sleep", "600"])
    python.end_with(pulumi.pid)
    print(pulumi.pid, *Path(f"/proc/self/task/{os.getpid()}/children").read_text().split(), flush=True)
    pulumi.wait()
"""


def test_after_a_killed_command_it_runs_until_pulumi_ends(program: Path) -> None:
    command = subprocess.Popen(
        [sys.executable, "-c", RUN, str(program)], env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert command.stdout is not None
    pulumi, *started = map(int, command.stdout.readline().split())
    (group,) = set(started) - {pulumi}
    command.kill()
    command.wait()
    command.stdout.close()
    assert len(processes(group)) == 3
    os.kill(pulumi, signal.SIGKILL)
    wait_until_none_is_left(group)


def test_pulumi_starts_its_own_processes_if_ours_cannot_start() -> None:
    with attached({**environment(), "PYTHONHOME": "/nowhere"}) as python:
        assert (python.arguments, python.environment) == ((), {})
