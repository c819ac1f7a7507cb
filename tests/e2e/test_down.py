"""`make down` leaves nothing behind but what the stack file says to keep."""

from pathlib import Path

import pytest

from tests.e2e.store import Store, run


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


@pytest.mark.last
def test_what_is_retained_stays_and_everything_goes_without_it(store: Store) -> None:
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
    store.make("up")
    store.make("down")
    assert [left(store, kind) for kind in ("container", "network", "volume")] == [
        [],
        [],
        [store.container("nexus-data")],
    ]
    assert store.hostname not in Path("/etc/hosts").read_text()

    run(["docker", "volume", "rm", store.container("nexus-data")])
    store.unset("retain")
    store.make("up")
    store.make("down")
    assert [left(store, kind) for kind in ("container", "network", "volume")] == [[], [], []]
    used = run(["docker", "ps", "--all", "--format", "{{.Image}}"]).split()
    images = run(["docker", "images", "--format", "{{.Repository}}:{{.Tag}}"]).split()
    assert not [image for image in images if image.startswith("repository-store/") and not used]
