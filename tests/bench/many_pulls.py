"""Slow and fast clients pull one layer at the same time: memory, and whether each client gets its share."""

import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.nginx_image import Image
from tests.bench.nginx_store import REGISTRY, Store
from tests.bench.ways import DIRECT, Way, curl, layer

CLIENTS, SECONDS = 100, 25
SLOW = 2_000_000
"""The limit of a slow client in bytes per second; every second client is slow."""


@dataclass(frozen=True)
class Shares:
    memory_mib: float
    """The memory of the proxy, or else of the registry, half-way."""
    slow: float
    """The lowest rate of a slow client, relative to its limit."""
    fast: float
    """Jain's fairness index of the fast clients: 1 if all got the same."""
    fast_bytes_per_second: float


def many_pulls(store: Store, way: Way, image: Image) -> Shares:
    """Runs all clients for SECONDS and compares the bytes that each got."""
    written = ["--output", "/dev/null", "--max-time", str(SECONDS), "--write-out", "%{size_download}"]
    fast = curl(store, way, layer(image), *written)
    slow = [*fast[:-1], "--limit-rate", str(SLOW), fast[-1]]
    clients = [_client(command) for _ in range(CLIENTS // 2) for command in (slow, fast)]
    time.sleep(SECONDS / 2)
    memory = store.memory_mib(REGISTRY if way.name == DIRECT else way.name)
    got = [int(client.communicate()[0]) for client in clients]
    takes = min(SLOW * SECONDS, image.layer.stat().st_size)
    each = got[1::2]
    return Shares(memory, min(got[::2]) / takes, jain(each), statistics.fmean(each) / SECONDS)


def jain(shares: Sequence[float]) -> float:
    """(sum x)^2 / (n sum x^2): 1/n if one has everything."""
    return sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares))


def _client(command: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
