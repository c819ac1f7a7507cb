"""Keeps images on an engine between the check that they are there and the start of their containers.

A stack that is taken down takes its images along, unless a container runs them. Another stack of this user may have
found them there a moment ago, and not have its containers yet.
"""

import fcntl
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from cli.machine.cache import cache_folder

_SECONDS = 120.0
_POLL_SECONDS = 0.1


@contextmanager
def images_needed(host: str | None) -> Iterator[None]:
    """Held by whoever looks for images and makes containers of them on the engine; any number may."""
    with _file(host) as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextmanager
def images_unneeded(host: str | None) -> Iterator[bool]:
    """Held to remove images; waits for those who need them, and is False when some still do after two minutes."""
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
    """One for each engine. The kernel lets go of it when its process ends."""
    engine = hashlib.sha256((host or "").encode()).hexdigest()[:12]
    return (cache_folder() / f"images-of-{engine}.lock").open("ab")
