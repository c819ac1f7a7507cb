"""Free ports of this machine."""

import fcntl
import random
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

# Hypothesis seeds Python's global generator, so two tests would get the same ports from it.
_RANDOM = random.SystemRandom()
_TAKEN = Path(tempfile.gettempdir(), "repository-store-test-ports")
_OURS: list[IO[str]] = []


def free_port() -> int:
    """A port that no other test gets while this process runs, though nothing may listen on it yet.

    It is outside of the kernel's ephemeral range, from which a connection could take it.
    """
    while True:
        port = _RANDOM.randrange(20_000, 32_000)
        with socket.socket() as found, suppress(OSError):
            found.bind(("0.0.0.0", port))
            if _is_taken_by_us(port):
                return port


def _is_taken_by_us(port: int) -> bool:
    """Locks a file that stands for the port; the lock ends with the process."""
    _TAKEN.mkdir(mode=0o1777, exist_ok=True)
    file = (_TAKEN / str(port)).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _OURS.append(file)
    return True
