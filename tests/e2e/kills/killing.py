"""Kills a command of ./store at a step of Pulumi, as `kill -9` or the crash of a machine does."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tests.support.vanishing import arguments

_PROC = Path("/proc")
# How often steps are counted, and how often Pulumi's process is looked for before its first step.
_POLL_SECONDS = 0.002
_SEARCH_SECONDS = 0.05
_STEPS = ("resourcePreEvent", "resOutputsEvent", "resOpFailedEvent")


class How(Enum):
    """Which processes get the signal."""

    PROCESS = "pulumi alone"
    GROUP = "everything but the plugins"


@dataclass(frozen=True)
class Run:
    """How a command ended."""

    code: int
    output: str
    steps: int
    """The number of Pulumi's steps."""
    was_killed: bool


def run_killed(command: list[str], root: Path, step: int | None, how: How) -> Run:
    """Runs the command and kills it as soon as the event log has that many steps; without a step it runs to its end."""
    with tempfile.TemporaryFile() as output:
        started = subprocess.Popen(
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        steps, was_killed = 0, False
        while started.poll() is None and not was_killed:
            if pulumi := _pulumi_of(started.pid):
                steps, was_killed = _follow(pulumi, started.pid, step, how)
            time.sleep(_SEARCH_SECONDS)
        code = started.wait()
        output.seek(0)
        return Run(code, output.read().decode(errors="replace"), steps, was_killed)


def _follow(pulumi: int, session: int, step: int | None, how: How) -> tuple[int, bool]:
    steps = 0
    for steps in _steps(pulumi):
        if step is not None and steps >= step:
            return steps, _kill(pulumi, session, how)
    return steps, False


def _kill(pulumi: int, session: int, how: How) -> bool:
    """False if everything has ended before."""
    killed = False
    if how is How.GROUP:
        with suppress(ProcessLookupError):
            os.killpg(session, signal.SIGKILL)
            killed = True
    with suppress(ProcessLookupError):
        os.kill(pulumi, signal.SIGKILL)
        killed = True
    return killed


def _steps(pulumi: int) -> Iterator[int]:
    """Yields the number of steps so far whenever it grows; the steps of the preview before an update do not count."""
    words = arguments(pulumi)
    if "--event-log" not in words:  # it has ended
        return
    descriptor = words[words.index("--event-log") + 1].rpartition("/")[2]
    is_planning = "up" in words and "--skip-preview" not in words
    position, rest, count = 0, b"", 0
    try:
        log = os.open(_PROC / str(pulumi) / "fd" / descriptor, os.O_RDONLY)
    except OSError:
        return
    try:
        while True:
            alive = _is_alive(pulumi)
            size = os.fstat(log).st_size
            if size < position:
                position, rest, is_planning, count = 0, b"", False, 0
            data = os.pread(log, size - position, position)
            position += len(data)
            *lines, rest = (rest + data).split(b"\n")
            found = sum(_is_step(line) for line in lines)
            if found and not is_planning:
                count += found
                yield count
            if not alive:
                return
            time.sleep(_POLL_SECONDS)
    finally:
        os.close(log)


def _is_step(line: bytes) -> bool:
    return bool(line.strip()) and any(name in json.loads(line) for name in _STEPS)


def _pulumi_of(session: int) -> int | None:
    """The session's Pulumi that deploys; others only read the configuration or the outputs."""
    for folder in _PROC.glob("[0-9]*"):
        pid = int(folder.name)
        words = arguments(pid)
        if "--event-log" in words and Path(words[0]).name == "pulumi" and _session(pid) == session:
            return pid
    return None


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return 0


def _is_alive(pid: int) -> bool:
    try:
        stat = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in ("Z", "X")
