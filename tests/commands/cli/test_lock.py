"""One command at a time on a stack: the second one names the holder and waits."""

import fcntl
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands.cli.project import Project

HOLD = """
import sys, time
from cli.stack.lock import StackLock
from cli.stack.stack import Stack
with StackLock(Stack(sys.argv[1]), sys.argv[2], wait="wait" in sys.argv):
    print("held", flush=True)
    time.sleep(float(sys.argv[3]))
"""


def take(project: Project, command: str, seconds: float, *flags: str, stack: str = "local") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, stack, command, str(seconds), *flags],
        cwd=project.root,
        env=project.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def held(process: subprocess.Popen[str]) -> bool:
    assert process.stdout
    return process.stdout.readline() == "held\n"


def test_the_second_command_names_the_first_and_waits_for_it(project: Project) -> None:
    first = take(project, "up", 1)
    assert held(first)
    second = take(project, "backup", 0, "wait")
    assert held(second)
    assert first.wait() == 0
    errors = second.communicate()[1]
    assert errors.startswith(f"waiting for up --stack local (process {first.pid}, since ")
    assert errors.endswith(") on the same stack to end ...\n")


def test_without_waiting_the_second_command_fails_in_one_line(project: Project) -> None:
    first = take(project, "up", 60)
    assert held(first)
    second = take(project, "backup", 0)
    errors = second.communicate()[1]
    assert f"stack local: it is locked by up --stack local (process {first.pid}, since " in errors.splitlines()[-1]
    assert errors.rstrip().endswith(". Fix: wait for it, or leave out --no-wait")
    first.kill()


def test_a_killed_command_holds_no_lock(project: Project) -> None:
    first = take(project, "up", 60)
    assert held(first)
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = take(project, "up", 0)
    assert held(second)
    assert second.communicate()[1] == ""


def test_stacks_have_separate_locks_and_shared_ones_are_locked_for_all_clones(project: Project) -> None:
    first = take(project, "up", 60)
    assert held(first)
    other = take(project, "up", 0, stack="production")
    assert held(other)
    other.communicate()
    first.kill()
    assert (project.root / "cache" / "locks" / "production.lock").exists()
    assert (project.root / ".local" / "locks" / "local.lock").exists()


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_waiting_command(signum: signal.Signals, project: Project) -> None:
    lock = project.root / ".local" / "locks" / "local.lock"
    lock.parent.mkdir(parents=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        waiting = project.start("up")
        assert waiting.stderr
        assert waiting.stderr.readline().startswith("waiting for another command")
        waiting.send_signal(signum)
        assert waiting.communicate()[1] == ""
    assert waiting.returncode == 128 + signum


def test_no_child_outlives_a_killed_command(project: Project) -> None:
    """The command is killed while Pulumi hangs."""
    command = project.start("new-stack", "trial", "--set", "address=198.18.1.1", HANG_AT="1")
    while not project.calls:
        time.sleep(0.01)
    (child,) = children(command.pid)
    command.send_signal(signal.SIGKILL)
    command.communicate()
    while Path(f"/proc/{child}").exists() and "State:\tZ" not in Path(f"/proc/{child}/status").read_text():
        time.sleep(0.01)


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_holder_that_writes_its_name_late_is_named(project: Project, request: pytest.FixtureRequest) -> None:
    path = project.root / ".local" / "locks" / "local.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as taken:
        fcntl.flock(taken, fcntl.LOCK_EX)
        second = take(project, "up", 0)
        request.addfinalizer(second.kill)
        time.sleep(0.3)
        taken.write('{"command": "up --stack local", "pid": 7, "since": 0}')
        taken.flush()
        assert "it is locked by up --stack local (process 7, since " in second.communicate()[1]
