"""A layer of 1 GB by three ways to one registry: its own TLS, our nginx, nginx as the seed set it up.

python -m tests.bench.nginx [--http2]: medians of three; each line compares a way with the registry's own TLS.
"""

import argparse
import hashlib
import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.nginx_store import HOSTNAME, Store, configurations
from tests.e2e.store import run

SIZE, RUNS = 1_000_000_000, 3
PULLS_AT_ONCE, MEMORY_MIB = 100, 60
TARGETS = {"ours": {"push": 1.05, "pull": 1.15}}
"""Times of the registry's own TLS; the other ways are measured for comparison."""


@dataclass
class Way:
    """How to reach the registry, and the seconds that it took."""

    port: int
    options: list[str] = field(default_factory=lambda: ["--http1.1"])  # as docker speaks
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"push": [], "pull": []})

    def median(self, what: str) -> float:
        return statistics.median(self.seconds[what])


def line(name: str, ratio: float, target: float | None) -> str:
    if target is None:
        return f"{name} ratio {ratio:.2f}"
    return f"{name} ratio {ratio:.2f} target {target:.2f} {'ok' if ratio <= target else 'short'}"


def curl(store: Store, way: Way, path: str, *options: str) -> list[str]:
    trust = ["--cacert", str(store.certificate), "--resolve", f"{HOSTNAME}:{way.port}:{store.address}"]
    return [
        "curl",
        "--silent",
        "--show-error",
        "--fail",
        *trust,
        *way.options,
        *options,
        f"https://{HOSTNAME}:{way.port}{path}",
    ]


def push(store: Store, way: Way, layer: Path, digest: str) -> float:
    said = run(
        curl(store, way, "/v2/bench/blobs/uploads/", "--request", "POST", "--include", "--header", "Content-Length: 0")
    )
    location = re.search(r"(?im)^location: https?://[^/]*(\S+)", said)
    assert location, said
    begin = time.monotonic()
    send = ["--request", "PUT", "--upload-file", str(layer), "--output", "/dev/null"]
    run(curl(store, way, f"{location[1]}&digest={digest}", *send))
    return time.monotonic() - begin


def pull(store: Store, way: Way, digest: str) -> float:
    begin = time.monotonic()
    run(curl(store, way, f"/v2/bench/blobs/{digest}", "--output", "/dev/null"))
    return time.monotonic() - begin


def memory_of_many_pulls(store: Store, way: Way, digest: str) -> float:
    """nginx's memory in MiB in the middle of many slow pulls."""
    slow = curl(store, way, f"/v2/bench/blobs/{digest}", "--output", "/dev/null", "--limit-rate", "2M")
    clients = [subprocess.Popen(slow) for _ in range(PULLS_AT_ONCE)]
    time.sleep(20)
    assert all(client.poll() is None for client in clients)
    found = store.memory_mib("ours")
    for client in clients:
        client.terminate()
    for client in clients:
        client.wait()
    return found


@contextmanager
def random_layer(folder: Path) -> Iterator[tuple[Path, str]]:
    path, digest = folder / "layer", hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(SIZE // 1_000_000):
            block = os.urandom(1_000_000)
            digest.update(block)
            file.write(block)
    yield path, f"sha256:{digest.hexdigest()}"
    path.unlink()


def measure(store: Store, ways: dict[str, Way], layer: Path, digest: str) -> list[str]:
    files: list[str] = []
    for _ in range(RUNS):
        for name, way in ways.items():
            with store.files_of("ours" if name == "ours" else None) as seen:
                way.seconds["push"].append(push(store, way, layer, digest))
            files += seen
            way.seconds["pull"].append(pull(store, way, digest))
    return files


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--http2", action="store_true", help="our nginx once more, speaking HTTP/2")
    wanted = arguments.parse_args()
    ways = {"direct": Way(5443), "ours": Way(8443), "seed": Way(9443)}
    if wanted.http2:
        ways["http2"] = Way(7443, ["--http2"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with random_layer(folder) as (layer, digest), Store.running(folder, configurations(wanted.http2)) as store:
            files = measure(store, ways, layer, digest)
            memory = memory_of_many_pulls(store, ways["ours"], digest)
    for way in (way for way in ways if way != "direct"):
        for what in ("push", "pull"):
            ratio = ways[way].median(what) / ways["direct"].median(what)
            print(line(f"nginx-{way}-{what}-1GB-of-direct-TLS", ratio, TARGETS.get(way, {}).get(what)))
    print(line(f"nginx-memory-of-{PULLS_AT_ONCE}-pulls-of-{MEMORY_MIB}MiB", memory / MEMORY_MIB, 1))
    print(line("nginx-files-on-disk-during-a-push", len(set(files)), 0))
    for name, way in ways.items():
        print(f"# {name}: push {way.median('push'):.2f} s, pull {way.median('pull'):.2f} s")


if __name__ == "__main__":
    main()
