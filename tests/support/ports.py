"""Ports of this machine, free or listened on."""

import random
import socket
from contextlib import suppress

# Hypothesis seeds Python's global generator, so two tests would get the same ports from it.
_RANDOM = random.SystemRandom()
_OURS: list[socket.socket] = []
"""An abstract socket for each port that this process got: it shows other tests that the port is given away, even before
a server listens there and while it restarts. The kernel removes it with the process."""


def free_port() -> int:
    """A port that no other test gets, until this process ends.

    It lies outside of the kernel's ephemeral range, from which a connection could take it before the server does.
    """
    while True:
        port = _RANDOM.randrange(20_000, 32_000)
        with socket.socket() as found, suppress(OSError):
            found.bind(("0.0.0.0", port))
            _reserve(port)
            return port


def listens(address: int | str) -> bool:
    """Whether a port on loopback, or the path of a UNIX socket, takes connections."""
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as connection:
        connection.settimeout(1)
        return connection.connect_ex(address if isinstance(address, str) else ("127.0.0.1", address)) == 0


def _reserve(port: int) -> None:
    """Raises OSError if a test has got it."""
    ours = socket.socket(socket.AF_UNIX)
    try:
        ours.bind(f"\0repository-store-tests-{port}")
    except OSError:
        ours.close()
        raise
    _OURS.append(ours)
