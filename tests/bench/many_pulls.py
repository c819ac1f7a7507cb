"""Many pulls of one layer at once, by slow and by fast clients: memory, and whether each gets its share."""

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
"""Bytes a second that a slow client takes; every second client is slow."""


@dataclass(frozen=True)
class Shares:
    memory_mib: float
    """Half-way, of the proxy or, without one, of the registry."""
    slow: float
    """The least of what a slow client has got of what it takes."""
    fast: float
    """Jain's index of the fast clients, 1 where all have got the same."""
    fast_bytes_per_second: float


def many_pulls(store: Store, way: Way, image: Image) -> Shares:
    """All are ended after SECONDS: what counts is what each has by then."""
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
    """(sum x)^2 / (n sum x^2): 1/n where one has all."""
    return sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares))


def _client(command: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
