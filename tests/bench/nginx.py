"""A layer of 1 GB by several ways to one registry: its own TLS, our nginx, the same from its cache, the seed's nginx.

python -m tests.bench.nginx [--http2] [--congestion-control NAME]: medians of three; each line compares a way with the
registry's own TLS. `docker-pull` is the whole of docker's pull, raw pushes and pulls are curl's.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.nginx_image import Image, image, upload
from tests.bench.nginx_store import CACHED, HOSTNAME, Store, configurations
from tests.e2e.store.engine import Engine
from tests.e2e.store.store import run

RUNS = 3
_CIPHER = ["--tls13-ciphers", "TLS_AES_128_GCM_SHA256"]
"""What docker and the registry agree on; curl would take AES-256 where it is asked."""
PULLS_AT_ONCE, MEMORY_MIB = 100, 60
TARGETS = {
    ("ours", "push"): 1.05,
    ("ours", "pull"): 1.15,
    ("ours", "docker-pull"): 1.15,
    ("cached", "pull"): 1.15,
    ("cached", "docker-pull"): 1.15,
}
"""Times of the registry's own TLS; what has none is measured for comparison."""


@dataclass
class Way:
    """How to reach the registry, and the seconds that it took."""

    port: int
    http: str = "--http1.1"  # as docker speaks
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def took(self, what: str, seconds: float) -> None:
        self.seconds.setdefault(what, []).append(seconds)

    def median(self, what: str) -> float:
        return statistics.median(self.seconds[what])


def line(name: str, ratio: float, target: float | None) -> str:
    if target is None:
        return f"{name} ratio {ratio:.2f}"
    return f"{name} ratio {ratio:.2f} target {target:.2f} {'ok' if ratio <= target else 'short'}"


def curl(store: Store, way: Way, path: str, *options: str) -> list[str]:
    trust = ["--cacert", str(store.certificate), "--resolve", f"{HOSTNAME}:{way.port}:{store.address}"]
    address = f"https://{HOSTNAME}:{way.port}{path}"
    return ["curl", "--silent", "--show-error", "--fail", *trust, *_CIPHER, way.http, *options, address]


def push(store: Store, way: Way, pushed: Image) -> float:
    location = upload(lambda *given: run(curl(store, way, *given)))
    begin = time.monotonic()
    send = ["--request", "PUT", "--upload-file", str(pushed.layer), "--output", "/dev/null"]
    run(curl(store, way, f"{location}&digest={pushed.layer_digest}", *send))
    return time.monotonic() - begin


def pull(store: Store, way: Way, pulled: Image) -> float:
    begin = time.monotonic()
    run(curl(store, way, f"/v2/bench/blobs/{pulled.layer_digest}", "--output", "/dev/null"))
    return time.monotonic() - begin


def docker_pull(store: Store, way: Way, engine: Engine, pulled: Image) -> float:
    name = f"{store.address}:{way.port}/bench@{pulled.digest}"
    begin = time.monotonic()
    run(["docker", "pull", "--quiet", name], DOCKER_HOST=engine.host)
    seconds = time.monotonic() - begin
    run(["docker", "image", "rm", name], DOCKER_HOST=engine.host)
    return seconds


def memory_of_many_pulls(store: Store, way: Way, pulled: Image) -> float:
    """nginx's memory in MiB in the middle of many slow pulls."""
    path = f"/v2/bench/blobs/{pulled.layer_digest}"
    slow = curl(store, way, path, "--output", "/dev/null", "--limit-rate", "2M")
    clients = [subprocess.Popen(slow) for _ in range(PULLS_AT_ONCE)]
    time.sleep(20)
    assert all(client.poll() is None for client in clients)
    found = store.memory_mib(way.port)
    for client in clients:
        client.terminate()
    for client in clients:
        client.wait()
    return found


def measure(store: Store, ways: dict[str, Way], engine: Engine, pushed: Image) -> set[str]:
    """Fills in the seconds; the files that were on our nginx's disk during its pushes."""
    ways["cached"].took("miss", pull(store, ways["cached"], pushed))
    files: set[str] = set()
    for _ in range(RUNS):
        for name, way in ways.items():
            if name != "cached":  # which pushes as ours does
                with store.files_of(way.port if name == "ours" else None) as seen:
                    way.took("push", push(store, way, pushed))
                files |= set(seen)
                os.sync()  # or the pull would wait for the disk as well
            way.took("pull", pull(store, way, pushed))
            way.took("docker-pull", docker_pull(store, way, engine, pushed))
    return files


def report(ways: dict[str, Way]) -> None:
    direct = ways["direct"]
    for name, way in ways.items():
        for what in way.seconds if way is not direct else ():
            against = direct.median("pull" if what == "miss" else what)
            shown = f"nginx-{name}-{what}-1GB-of-direct-TLS"
            print(line(shown, way.median(what) / against, TARGETS.get((name, what))))
    for name, way in ways.items():
        print(f"# {name}: {', '.join(f'{what} {way.median(what):.2f} s' for what in way.seconds)}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--http2", action="store_true", help="our nginx once more, speaking HTTP/2")
    arguments.add_argument("--congestion-control", default="reno", help="TCP's, of every container (default: reno)")
    wanted = arguments.parse_args()
    ways = {"direct": Way(5443), "ours": Way(8443), "cached": Way(CACHED), "seed": Way(9443)}
    if wanted.http2:
        ways["http2"] = Way(7443, "--http2")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        pushed = image(folder)
        with Store.running(folder, configurations(wanted.http2), wanted.congestion_control) as store:
            push(store, ways["direct"], pushed)
            pushed.complete(lambda *given: run(curl(store, ways["direct"], *given)))
            engine = Engine(folder, store.bridge, trust=store.certificate)
            try:
                files = measure(store, ways, engine, pushed)
            finally:
                engine.stop()
            memory = {way: memory_of_many_pulls(store, ways[way], pushed) for way in ("ours", "cached")}
    print(f"# congestion control of every container: {wanted.congestion_control}")
    report(ways)
    for way, mebibytes in memory.items():
        print(line(f"nginx-{way}-memory-of-{PULLS_AT_ONCE}-pulls-of-{MEMORY_MIB}MiB", mebibytes / MEMORY_MIB, 1))
    print(line("nginx-files-on-disk-during-a-push", len(files), 0))


if __name__ == "__main__":
    main()
