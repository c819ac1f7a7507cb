"""The ways to the bench's registry, and the cost of pushing or pulling a layer on each."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.bench import cpu
from tests.bench.nginx_image import SIZE, Image, upload
from tests.bench.nginx_store import REGISTRY, Store, container
from tests.bench.proxies import HOSTNAME
from tests.e2e.store.engine import Engine
from tests.e2e.store.store import run

DIRECT = "direct"
_CIPHER = ["--tls13-ciphers", "TLS_AES_128_GCM_SHA256"]
"""The cipher that docker and the registry negotiate; curl would otherwise negotiate AES-256."""
_GB = SIZE / 1e9


@dataclass(frozen=True)
class Cost:
    """The cost of one operation, in seconds."""

    seconds: float
    proxy: float
    """Processor time, like the next two."""
    registry: float
    client: float


@dataclass
class Way:
    """A way to reach the registry, and its measured costs; `direct` has no proxy."""

    name: str
    port: int
    http: str = "--http1.1"  # like docker
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    def median(self, what: str, part: str = "seconds") -> float:
        return float(statistics.median(getattr(cost, part) for cost in self.costs[what]))

    def cpu_per_gb(self, what: str, part: str) -> float:
        return self.median(what, part) / _GB

    def measure(self, what: str, work: Callable[[], None], client: Callable[[], float]) -> None:
        """Runs an operation once and records its cost; `client` returns the processor time of clients so far."""
        before = self._so_far(client)
        begin = time.monotonic()
        work()
        seconds = time.monotonic() - begin
        spent = [now - then for now, then in zip(self._so_far(client), before, strict=True)]
        self.costs.setdefault(what, []).append(Cost(seconds, *spent))

    def _so_far(self, client: Callable[[], float]) -> tuple[float, float, float]:
        proxy = 0.0 if self.name == DIRECT else cpu.of_container(container(self.name))
        return proxy, cpu.of_container(container(REGISTRY)), client()


def curl(store: Store, way: Way, path: str, *options: str) -> list[str]:
    trust = ["--cacert", str(store.certificate), "--resolve", f"{HOSTNAME}:{way.port}:{store.address}"]
    address = f"https://{HOSTNAME}:{way.port}{path}"
    return ["curl", "--silent", "--show-error", "--fail", *trust, *_CIPHER, way.http, *options, address]


def layer(image: Image) -> str:
    return f"/v2/bench/blobs/{image.layer_digest}"


def push(store: Store, way: Way, image: Image) -> None:
    location = upload(lambda *given: run(curl(store, way, *given)))
    send = ["--request", "PUT", "--upload-file", str(image.layer), "--output", "/dev/null"]
    command = curl(store, way, f"{location}&digest={image.layer_digest}", *send)
    # docker inspect's time must not count as the client's: only curl ends between both samples.
    way.measure("push", lambda: _quietly(command), cpu.of_children)


def pull(store: Store, way: Way, image: Image, what: str = "pull") -> None:
    command = curl(store, way, layer(image), "--output", "/dev/null")
    way.measure(what, lambda: _quietly(command), cpu.of_children)


def docker_pull(store: Store, way: Way, engine: Engine, image: Image) -> None:
    name = f"{store.address}:{way.port}/bench@{image.digest}"
    command = ["docker", "pull", "--quiet", name]
    way.measure("docker-pull", lambda: _quietly(command, DOCKER_HOST=engine.host), lambda: cpu.of_tree(engine.process))
    run(["docker", "image", "rm", name], DOCKER_HOST=engine.host)


def _quietly(command: list[str], **environment: str) -> None:
    run(command, **environment)
