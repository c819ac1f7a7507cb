"""The lock that a killed Pulumi leaves in the backend of .local."""

import json
import platform
import time
from dataclasses import dataclass
from pathlib import Path

from cli.console import say
from cli.paths import LOCAL
from cli.process import is_running
from cli.stack.stack import PROJECT, Stack

_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class _Lock:
    file: Path
    pid: int
    hostname: str

    @property
    def is_held(self) -> bool:
        """Whether its process still runs; not if it is a zombie, or if another program has the pid by now."""
        return is_running(self.pid, "pulumi")


def release(stack: Stack) -> None:
    """Removes the locks that killed Pulumis have left on a stack of this machine, and waits for one that still runs.

    The caller holds the lock of the stack, so a running Pulumi belongs to a killed command or was started by hand.
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
    """The process ids of locks whose process has ended."""
    return [lock.pid for lock in _locks(stack) if not lock.is_held]


def _locks(stack: Stack) -> list[_Lock]:
    """The locks that processes of this machine have taken."""
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
