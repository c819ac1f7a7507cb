"""`make down` leaves nothing but what `retain` names."""

import os
import signal
import subprocess
import time

import pytest

from tests.e2e.store.journal import StoreJournal
from tests.e2e.store.store import ROOT, Failed, Store, run
from tests.support.vanishing import hosts


def left(store: Store, kind: str) -> list[str]:
    command = {
        "container": ["docker", "ps", "--all", "--format", "{{.Names}}"],
        "network": ["docker", "network", "ls", "--format", "{{.Name}}"],
        "volume": ["docker", "volume", "ls", "--format", "{{.Name}}"],
    }[kind]
    names = run(command).split()
    return [
        name
        for name in names
        if name.startswith(store.container("")) and "upstream" not in name and name != "repository-store-e2e-outside"
    ]


def images() -> set[str]:
    return set(run(["docker", "images", "--filter", "dangling=false", "--format", "{{.Repository}}:{{.Tag}}"]).split())


def used_by_others() -> set[str]:
    """The tags of images that containers of other stores on this engine use."""
    containers = run(["docker", "ps", "--all", "--quiet"]).split()
    used = set(_inspected("{{.Image}}", *containers))
    return {tag for tag in images() if used.intersection(_inspected("{{.Id}}", tag))}


def _inspected(template: str, *names: str) -> list[str]:
    """Of those that are still there: `docker inspect` also exits with 1 if one of them is gone."""
    command = ["docker", "inspect", "--format", template, *names]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split() if names else []


def kill_down_half_way(store: Store) -> None:
    """Kills a `make down` as a crash would: some containers are removed, but the state still has them."""
    command = ["make", "down", f"STACK={store.stack}", "YES=1"]
    going = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL)
    while store.container("nginx") in left(store, "container"):
        assert going.poll() is None
        time.sleep(0.05)
    os.killpg(going.pid, signal.SIGKILL)
    going.wait()


@pytest.mark.last
def test_down_keeps_a_retained_volume_and_otherwise_leaves_nothing(store: Store, journal: StoreJournal) -> None:
    run(
        [
            "docker",
            "rm",
            "--force",
            "--volumes",
            *(store.container(f"upstream-{role}") for role in ("hub", "central", "mirror")),
        ]
    )
    store.configure("retain[0]", "nexus-data")
    with pytest.raises(Failed, match=r"retain: no up has applied it yet, .* \(got nexus-data; "):
        store.make("down", YES="1")
    store.make("up")
    with journal.to_the_end():
        kill_down_half_way(store)
        store.make("down", YES="1")
    assert [left(store, kind) for kind in ("container", "network", "volume")] == [
        [],
        [],
        [store.container("nexus-data")],
    ]
    assert not any(store.hostname in line for line in hosts())

    run(["docker", "volume", "rm", store.container("nexus-data")])
    store.unset("retain")
    store.make("up")
    tags = {store.secret("nexus.image"), store.secret("nginx.image")}
    assert tags <= images()
    with journal.to_the_end():
        store.make("down", YES="1")
    assert [left(store, kind) for kind in ("container", "network", "volume")] == [[], [], []]
    assert tags & images() <= used_by_others()
