"""Docker networks of tests, each with its own address on this machine for a store, and with further ones for hosts.

They lie in a test network of RFC 2544: docker verifies no certificates of addresses in 127.0.0.0/8.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_NAMES = (
    *("acceptance", "audit", "bench", "clients", "doctor", "e2e", "kept", "kills", "kills-many", "pair", "refused"),
    *("remote", "restart", "tls", "watch", "licence", "week", "stored", "rotation", "readonly"),
)
"""Each has a subnet of its own, since tiers run in parallel."""
_FIRST = 61


@dataclass(frozen=True)
class OwnNetwork:
    name: str

    def __post_init__(self) -> None:
        if self.name not in _NAMES:
            raise ValueError(f"{self.name} has no subnet. Fix: add it to _NAMES in {__name__}")

    @property
    def subnet(self) -> str:
        return f"{self._prefix}.0/24"

    @property
    def address(self) -> str:
        """The address on this machine."""
        return self.host(1)

    @property
    def docker_name(self) -> str:
        return f"repository-store-{self.name}-outside"

    def host(self, number: int) -> str:
        """The address of a further host, from 2 on."""
        return f"{self._prefix}.{number}"

    @contextmanager
    def made(self) -> Iterator[str]:
        """Creates the network, and yields the name of its bridge."""
        identity = _docker("create", "--subnet", self.subnet, "--gateway", self.address, self.docker_name)
        try:
            yield f"br-{identity[:12]}"
        finally:
            _docker("rm", self.docker_name)

    @property
    def _prefix(self) -> str:
        return f"198.18.{_FIRST + _NAMES.index(self.name)}"


def _docker(*arguments: str) -> str:
    command = ["docker", "network", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
