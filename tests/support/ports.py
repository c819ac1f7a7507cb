"""Ports of this machine that nobody listens at."""

import random
import socket
from contextlib import suppress

# Tests that draw examples seed Python's own generator, so that two of them would draw the same ports.
_RANDOM = random.SystemRandom()


def free_port() -> int:
    """Not one of those that the kernel gives to connections, which may take it before a server does."""
    while True:
        port = _RANDOM.randrange(20_000, 32_000)
        with socket.socket() as found, suppress(OSError):
            found.bind(("0.0.0.0", port))
            return port
