"""The tier's store in each routing mode, and the matrix of the clients' operations."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.clients.folders import made_anew, removed
from tests.conformance.clients.world import World
from tests.e2e.store.engine import Engine
from tests.e2e.store.journal import journal, kept_journal, published_api
from tests.e2e.store.store import Store, address_of, run
from tests.support.own_networks import OwnNetwork

__all__ = ["journal", "kept_journal", "published_api"]  # fixtures

NETWORK = OwnNetwork("clients")
HUB = """\
version: 0.1
storage: {filesystem: {rootdirectory: /tmp/registry}}
http: {addr: ":5000"}
"""

results: dict[str, dict[str, str]] = {}
lines: list[str] = []
"""The results of the conformance suite, for the terminal."""


@pytest.fixture(scope="session")
def outside() -> Iterator[str]:
    with NETWORK.made() as bridge:
        yield bridge


@pytest.fixture(scope="session")
def store(outside: str) -> Iterator[Store]:
    made = Store.on(NETWORK)
    remote = "repositories.docker-proxy"
    settings = [f"{remote}.proxy.remoteUrl=http://hub:5000", f"{remote}.dockerProxy.indexType=REGISTRY"]
    settings += [f"{remote}.httpClient.autoBlock=false"]  # the conformance suite makes the hub answer 500
    settings += ["repositories.docker-group.docker.v1Enabled=true"]  # for docker search
    with made.running(*settings):
        yield made


@pytest.fixture(scope="session")
def hub(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A CNCF registry on the store's network, which the store's proxy reads."""
    configuration = tmp_path_factory.mktemp("hub") / "registry.yaml"
    configuration.write_text(HUB)
    name, image = store.container("upstream-hub"), "{{.Image}}"
    image = run(["docker", "inspect", "--format", image, store.container("nginx")]).strip()
    mounts = [
        "--volume",
        "/usr/bin/docker-registry:/usr/bin/docker-registry:ro",
        "--volume",
        f"{configuration}:/hub:ro",
    ]
    place = ["--network", store.container("network"), "--network-alias", "hub", "--entrypoint", "docker-registry"]
    run(["docker", "run", "--detach", "--name", name, *place, *mounts, image, "serve", "/hub"])
    yield f"{address_of(name)}:5000"
    run(["docker", "rm", "--force", name])


@pytest.fixture(scope="session")
def world(outside: str, store: Store, hub: str) -> Iterator[World]:
    # Not in pytest's folder: the path of a socket must be short.
    folder = Path("/run/repository-store-clients")
    made_anew(folder)
    engine = Engine(folder, bridge=outside)
    yield World(store, engine, hub, folder)
    engine.stop()
    removed(folder)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lines:
        terminalreporter.section("the CNCF's conformance suite for registries")
        for line in lines:
            terminalreporter.write_line(line)
    if not results:
        return
    modes = list(dict.fromkeys(mode for row in results.values() for mode in row))
    terminalreporter.section("what real clients can do, by nginx.routing")
    width = max((len(name) for name in results), default=0)
    terminalreporter.write_line(" " * width + "".join(f"  {mode:>5}" for mode in modes))
    for name, row in results.items():
        terminalreporter.write_line(f"{name:<{width}}" + "".join(f"  {row.get(mode, ''):>5}" for mode in modes))
    for mode in modes:
        passed = sum(row.get(mode) == "ok" for row in results.values())
        terminalreporter.write_line(f"{mode}: {passed} of {len(results)}")
