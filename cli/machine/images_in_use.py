"""Keeps images on an engine between the check that they exist and the start of their containers.

`down` removes a stack's images unless a container uses them. Another stack of this user may have found them a moment
ago, but may not have created its containers yet.
"""

import fcntl
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from cli.docker import Docker
from cli.machine.cache import cache_folder

_SECONDS = 120.0
_POLL_SECONDS = 0.1


@contextmanager
def images_needed(host: str | None) -> Iterator[None]:
    """A shared lock for commands that look for images and create containers from them."""
    with _file(host) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextmanager
def images_unneeded(host: str | None) -> Iterator[bool]:
    """The exclusive lock for removing images; False if a command still needs them after two minutes."""
    deadline = time.monotonic() + _SECONDS
    with _file(host) as file:
        while not (taken := _take(file)) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        yield taken


def _take(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _file(host: str | None) -> IO[bytes]:
    """One lock file for each engine. The kernel releases the lock when its process ends."""
    engine = hashlib.sha256(Docker(host).endpoint.host.encode()).hexdigest()[:12]
    return (cache_folder() / f"images-of-{engine}.lock").open("ab")
