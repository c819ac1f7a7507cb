"""The lock that a Pulumi leaves in the backend of .local when it is killed."""

import json
import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

from cli.console import say
from cli.paths import LOCAL
from cli.stack.stack import PROJECT, Stack

_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class _Lock:
    file: Path
    pid: int
    hostname: str

    @property
    def is_held(self) -> bool:
        """By a process that runs. Another program that has its number by now holds nothing, nor does a zombie."""
        return is_running(self.pid, "pulumi")


def release(stack: Stack) -> None:
    """Removes what killed ones have left on a stack of this machine, and waits for one that is still ending.

    The caller holds the lock of the stack: what runs is a Pulumi whose command was killed, or that was started by hand.
    """
    for lock in _locks(stack):
        if lock.is_held:
            say(f"waiting for the Pulumi of another command on the stack {stack.name} to end (process {lock.pid}) ...")
        while lock.is_held and lock.file.exists():
            time.sleep(_POLL_SECONDS)
        if lock.file.exists():
            lock.file.unlink()
            Path(f"{lock.file}.attrs").unlink(missing_ok=True)
            say(f"an earlier command on the stack {stack.name} was killed (process {lock.pid}): its lock is removed")


def left(stack: Stack) -> list[int]:
    """The processes whose locks nobody holds any more."""
    return [lock.pid for lock in _locks(stack) if not lock.is_held]


def _locks(stack: Stack) -> list[_Lock]:
    """Those that processes of this machine have taken."""
    found = []
    for file in sorted((LOCAL / ".pulumi" / "locks" / "organization" / PROJECT / stack.name).glob("*.json")):
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            lock = _Lock(file, int(content["pid"]), str(content["hostname"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if lock.hostname == platform.node():
            found.append(lock)
    return found


def is_running(pid: int, name: str = "") -> bool:
    """Whether a process runs whose program's name begins so."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return not Path("/proc/self").exists() and _exists(pid)
    program, _, rest = stat.partition("(")[2].rpartition(")")
    return program.startswith(name) and not rest.strip().startswith(("Z", "X"))


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
