"""A store with one repository and its own address, for tests that deploy stores and take them down."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.store.store import OF_IMAGE, ROOT, Store, run
from tests.support.own_networks import OwnNetwork
from tests.support.vanishing import hosts

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
def small_stack(name: str, root: Any = ROOT, *, settings: Sequence[str] = OF_IMAGE) -> Iterator[Store]:
    """A stack that is not deployed yet, with a network of its own; removed afterwards."""
    network = OwnNetwork(name)
    store = Store.on(network, root)
    with network.made():
        try:
            make_stack(store, settings)
            yield store
        finally:
            store.make("down", YES="1")
            store.forget()


def make_stack(store: Store, more: Sequence[str] = OF_IMAGE) -> None:
    topology = f"Pulumi.{store.stack}.topology.yaml"  # git ignores it
    settings = {
        "hostname": store.hostname,
        "address": store.address,
        "nginx.bindAddress": store.address,
        "topology": topology,
    }
    pairs = " ".join(f"{key}={value}" for key, value in settings.items())
    run(["make", "new-stack", f"NAME={store.stack}", f"SET={' '.join((pairs, *more))}"], cwd=store.root)
    store.file.with_name(topology).write_text(yaml.safe_dump(dict(TOPOLOGY)))


def copy_project(folder: Path) -> None:
    """The project in another folder, which has a .local of its own."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    for name in listed.decode().split("\0"):
        if name and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")


def left(store: Store) -> list[str]:
    """Everything of the store on the engine and in /etc/hosts."""
    names = {store.container(role) for role in ("nexus", "nginx", "network", "nexus-data", "nginx-configuration")}
    listed = [["ps", "--all", "--format", "{{.Names}}"]]
    listed += [[kind, "ls", "--format", "{{.Name}}"] for kind in ("network", "volume")]
    found = [name for command in listed for name in run(["docker", *command]).split() if name in names]
    return found + [line for line in hosts() if f" {store.hostname} " in f"{line} "]


def ids(store: Store) -> list[str]:
    """The ids and start times of the containers."""
    return [store.started(role) for role in ("nexus", "nginx")]
