"""Free ports of this machine."""

import random
import socket
from contextlib import suppress

# Hypothesis seeds Python's global generator, so two tests would get the same ports from it.
_RANDOM = random.SystemRandom()


def free_port() -> int:
    """A port outside of the kernel's ephemeral range, from which a connection could take it before the server does."""
    while True:
        port = _RANDOM.randrange(20_000, 32_000)
        with socket.socket() as found, suppress(OSError):
            found.bind(("0.0.0.0", port))
            return port
