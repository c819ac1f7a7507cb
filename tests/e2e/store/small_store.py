"""A store with one repository and its own address, for tests that deploy stores and take them down."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import yaml

from tests.e2e.store.store import OF_IMAGE, ROOT, Store, own_network, run

TOPOLOGY: Mapping[str, Any] = {
    "blobStores": {"files": {}},
    "repositories": {
        "files": {
            "format": "raw",
            "type": "hosted",
            "storage": {"blobStoreName": "files", "writePolicy": "ALLOW"},
        }
    },
    "roles": {"ci": {"push": ["files"]}},
    "users": {"jenkins": {"firstName": "J", "lastName": "CI", "emailAddress": "jenkins@domain.org", "roles": ["ci"]}},
}


@contextmanager
def small_stack(name: str, network: int, root: Any = ROOT) -> Iterator[Store]:
    """A stack that is not deployed yet, at 198.18.NETWORK.1 (a test network of RFC 2544); removed afterwards."""
    address = f"198.18.{network}.1"
    store = replace(Store(name, f"nexus.{name}.test", address), root=root)
    with own_network(f"repository-store-{name}-outside", f"198.18.{network}.0/24", address):
        try:
            make_stack(store)
            yield store
        finally:
            store.make("down", YES="1")
            store.forget()


def make_stack(store: Store) -> None:
    topology = f"Pulumi.{store.stack}.topology.yaml"  # git ignores it
    settings = {
        "hostname": store.hostname,
        "address": store.address,
        "nginx.bindAddress": store.address,
        "topology": topology,
    }
    pairs = " ".join(f"{key}={value}" for key, value in settings.items())
    run(["make", "new-stack", f"NAME={store.stack}", f"SET={' '.join((pairs, *OF_IMAGE))}"], cwd=store.root)
    store.file.with_name(topology).write_text(yaml.safe_dump(dict(TOPOLOGY)))


def left(store: Store) -> list[str]:
    """Everything of the store on the engine and in /etc/hosts."""
    names = {store.container(role) for role in ("nexus", "nginx", "network", "nexus-data", "nginx-configuration")}
    listed = [["ps", "--all", "--format", "{{.Names}}"]]
    listed += [[kind, "ls", "--format", "{{.Name}}"] for kind in ("network", "volume")]
    found = [name for command in listed for name in run(["docker", *command]).split() if name in names]
    with open("/etc/hosts", encoding="utf-8") as hosts:
        return found + [line for line in hosts.read().splitlines() if f" {store.hostname} " in f"{line} "]


def ids(store: Store) -> list[str]:
    """The ids and start times of the containers."""
    return [store.started(role) for role in ("nexus", "nginx")]
