"""Pushes and pulls a layer of 1 GB directly, through our nginx, from its cache, and through other proxies.

python -m tests.bench.nginx [--ways NAMES] [--only OPERATIONS] [--runs NUMBER] [--http2] [--congestion-control NAME]:
prints medians; each run measures all ways in turn. Each line compares a way with the registry's own TLS, in time and in
processor time. `docker-pull` is docker's complete pull; the other pushes and pulls are curl's.
"""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench import proxies
from tests.bench.many_pulls import CLIENTS, Shares, many_pulls
from tests.bench.nginx_image import Image, image
from tests.bench.nginx_store import Store
from tests.bench.ways import DIRECT, Way, curl, docker_pull, pull, push
from tests.e2e.store.engine import Engine
from tests.e2e.store.store import run

MEMORY_MIB = 60
OPERATIONS = ("push", "pull", "docker-pull")
TARGETS = {
    ("ours", "push"): 1.05,
    ("ours", "pull"): 1.25,
    ("ours", "docker-pull"): 1.15,
    ("cached", "pull"): 1.15,
    ("cached", "docker-pull"): 1.15,
}
"""Targets relative to the registry's own TLS; ways without one are only compared."""


def line(name: str, ratio: float, target: float | None) -> str:
    if target is None:
        return f"{name} ratio {ratio:.2f}"
    return f"{name} ratio {ratio:.2f} target {target:.2f} {'ok' if ratio <= target else 'short'}"


def measure(
    store: Store, ways: Sequence[Way], engine: Engine, pushed: Image, runs: int, operations: Sequence[str]
) -> None:
    for way in ways:
        pull(store, way, pushed, "first-pull")  # fills the cache and opens connections
    for _ in range(runs):
        for way in ways:
            if "push" in operations and way.name != "cached":  # `cached` pushes like `ours`
                push(store, way, pushed)
                os.sync()  # else the pull would also wait for the disk
            if "pull" in operations:
                pull(store, way, pushed)
            if "docker-pull" in operations:
                docker_pull(store, way, engine, pushed)


def report_times(ways: Sequence[Way]) -> None:
    direct = ways[0]
    for way in ways[1:]:
        for what in (what for what in OPERATIONS if what in way.costs):
            ratio = way.median(what) / direct.median(what)
            print(line(f"{way.name}-{what}-1GB-of-direct-TLS", ratio, TARGETS.get((way.name, what))))


def report_processors(ways: Sequence[Way]) -> None:
    """The processor time of each process, and ours compared with the best of the others."""
    print("# processor seconds for each GB: proxy + registry + client")
    for way in ways:
        for what in (what for what in OPERATIONS if what in way.costs):
            parts = [way.cpu_per_gb(what, part) for part in ("proxy", "registry", "client")]
            print(f"# {way.name} {what}: {way.median(what):.2f} s; {' + '.join(f'{part:.2f}' for part in parts)}")
    named = {way.name: way for way in ways}
    if "ours" not in named:
        return
    for other in (name for name in ("haproxy", "caddy", "traefik", "envoy") if name in named):
        for what in (what for what in OPERATIONS if what in named["ours"].costs):
            ratio = named["ours"].cpu_per_gb(what, "proxy") / named[other].cpu_per_gb(what, "proxy")
            print(line(f"ours-{what}-cpu-of-{other}", ratio, 1.0))


def report_many(found: dict[str, Shares]) -> None:
    for name, shares in found.items():
        target = 1.0 if name in ("ours", "cached") else None
        print(line(f"{name}-memory-of-{CLIENTS}-pulls-of-{MEMORY_MIB}MiB", shares.memory_mib / MEMORY_MIB, target))
        speed = shares.fast_bytes_per_second / 1e6
        print(f"# {name}, {CLIENTS} at once: a slow client has {shares.slow:.2f} of what it takes;", end=" ")
        print(f"the fast ones {speed:.1f} MB/s each, Jain's index {shares.fast:.3f}")


def files_of_a_push(store: Store, way: Way, pushed: Image) -> set[str]:
    """The files on our nginx's disk during a push."""
    with store.files_of(way.name) as seen:
        push(store, Way(way.name, way.port), pushed)
    return set(seen)


def main() -> None:
    wanted = arguments()
    before = os.getloadavg()[0]
    found = [*proxies.ours(wanted.http2), *proxies.others()]
    chosen = [proxy for proxy in found if not wanted.ways or proxy.name in wanted.ways]
    ways = [Way(DIRECT, 5443)]
    ways += [Way(proxy.name, proxy.port, "--http2" if proxy.name == "http2" else "--http1.1") for proxy in chosen]
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        pushed = image(folder)
        with Store.running(folder, chosen, wanted.congestion_control) as store:
            push(store, Way(DIRECT, 5443), pushed)
            pushed.complete(lambda *given: run(curl(store, ways[0], *given)))
            engine = Engine(folder, store.bridge, trust=store.certificate)
            try:
                measure(store, ways, engine, pushed, wanted.runs, wanted.only)
            finally:
                engine.stop()
            files = [files_of_a_push(store, way, pushed) for way in ways if way.name == "ours"]
            shares = {way.name: many_pulls(store, way, pushed) for way in ways if not wanted.without_many}
    print(f"# {wanted.runs} runs, load {before:.1f} before them, {os.getloadavg()[0]:.1f} after")
    print(f"# congestion control of every container: {wanted.congestion_control}")
    report_times(ways)
    report_processors(ways)
    report_many(shares)
    for seen in files:
        print(line("ours-files-on-disk-during-a-push", len(seen), 0))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ways", nargs="*", help="those alone, beside the registry's own TLS (default: all)")
    parser.add_argument("--only", nargs="*", choices=OPERATIONS, default=OPERATIONS, help="operations (default: all)")
    parser.add_argument("--runs", type=int, default=5, help="(default: 5)")
    parser.add_argument("--without-many", action="store_true", help="not the pulls at once")
    parser.add_argument("--http2", action="store_true", help="our nginx once more, speaking HTTP/2")
    parser.add_argument("--congestion-control", default="reno", help="TCP's, of every container (default: reno)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
