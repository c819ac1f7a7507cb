"""Ends what a killed Pulumi leaves running: its plugins, which live on for up to five minutes, and their children."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from cli.console import say
from cli.paths import ROOT
from cli.process import is_running
from cli.stack.stack import Stack

_PROC = Path("/proc")
_SECONDS = 5.0
# The engine finishes its last requests, like a container that was being started.
_SETTLING_SECONDS = 1.0


def end_orphans(stack: Stack) -> None:
    """Kills processes that this project started for the stack and whose Pulumi is gone.

    The caller holds the lock of the stack. Otherwise a plugin could create resources that nobody writes into the state.
    """
    orphans = list(_orphans(stack))
    if not orphans:
        return
    for pid in orphans:
        _send(pid, signal.SIGKILL)
    deadline = time.monotonic() + _SECONDS
    while any(is_running(pid) for pid in orphans) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(_SETTLING_SECONDS)
    say(f"{len(orphans)} processes of a command that was killed were still running: they were stopped")


def _orphans(stack: Stack) -> Iterator[int]:
    wanted = {f"REPOSITORY_STORE_STACK={stack.name}".encode(), f"VIRTUAL_ENV={ROOT / '.venv'}".encode()}
    for folder in _PROC.glob("[0-9]*"):
        pid = int(folder.name)
        try:
            environment = set((folder / "environ").read_bytes().split(b"\0"))
        except OSError:
            continue  # it has ended, or belongs to another user
        if wanted <= environment and is_running(pid) and not any(map(_is_at_work, _lineage(pid))):
            yield pid


def _lineage(pid: int) -> Iterator[int]:
    """The process and its ancestors."""
    while pid > 1:
        yield pid
        pid = _parent(pid)


def _is_at_work(pid: int) -> bool:
    """Whether it is a Pulumi or one of our commands; their descendants are not orphans."""
    try:
        arguments = (_PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return Path(os.fsdecode(arguments[0])).name == "pulumi" or b"cli" in arguments[1:3]


def _parent(pid: int) -> int:
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])


def _send(pid: int, signum: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signum)
