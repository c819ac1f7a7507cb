"""Content and containers survive `up`, `preview`, other clones of the project and wrong changes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.store.small_store import copy_project, ids, left, make_stack, small_stack
from tests.e2e.store.store import Failed, Store, run

STACK = "kept"
FILE = "files/team/kept.txt"
CONTENT = b"stored by somebody"


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own-disk")
    folder.chmod(0o777)
    return folder


@pytest.fixture(scope="module")
def kept(disk: Path) -> Iterator[Store]:
    """A store on an existing volume, which has a label and its own disk."""
    with small_stack(STACK) as store:
        volume = store.container("nexus-data")
        options = ["--opt", "type=none", "--opt", "o=bind", "--opt", f"device={disk}"]
        run(["docker", "volume", "create", "--label", "backup=nightly", *options, volume])
        try:
            yield store
        finally:
            store.make("down", YES="1")
            run(["docker", "volume", "rm", "--force", volume])


def volume(store: Store) -> dict[str, Any]:
    """The properties of the volume, but CreatedAt, which changes when a file in its top folder is written."""
    found: list[dict[str, Any]] = json.loads(run(["docker", "volume", "inspect", store.container("nexus-data")]))
    return {key: found[0][key] for key in ("Driver", "Labels", "Options")}


def refusal(store: Store, target: str, **variables: str) -> str:
    """Runs a command that is refused before it changes anything, and returns the error's line."""
    with pytest.raises(Failed) as failure:
        store.make(target, **variables)
    (line,) = [line for line in str(failure.value).splitlines() if "Fix: " in line]
    return line


def serves(store: Store) -> None:
    answer = store.content("GET", FILE, auth=store.jenkins)
    assert (answer.status_code, answer.content) == (200, CONTENT)


def test_an_existing_volume_is_taken_over_if_retained_and_survives_every_up(kept: Store) -> None:
    before = volume(kept)
    for target in ("up", "preview"):
        assert f"the engine already has volume {kept.container('nexus-data')}" in refusal(kept, target)
        assert "'retain[0]' nexus-data" in refusal(kept, target)
    kept.configure("retain[0]", "nexus-data")
    kept.make("up")
    assert kept.content("PUT", FILE, auth=kept.jenkins, data=CONTENT).ok
    assert "nothing to change" in kept.make("up")
    assert volume(kept) == before
    serves(kept)


def test_a_preview_reports_a_stopped_container_and_up_starts_it(kept: Store) -> None:
    before, logs = ids(kept), kept.logs("nexus")
    run(["docker", "stop", kept.container("nexus")])
    for preview in ({}, {"REFRESH": "1"}):
        output = kept.make("preview-report" if preview else "preview", **preview)
        assert f"{kept.container('nexus')} is stopped (exited, exit code " in output
    assert ids(kept) == before
    assert kept.logs("nexus").startswith(logs)
    kept.make("up")
    assert [each.split()[0] for each in ids(kept)] == [each.split()[0] for each in before]
    serves(kept)


@contextmanager
def clone(store: Store, folder: Path) -> Iterator[Store]:
    """The project in another folder, with a stack of the same name and its own state."""
    copy_project(folder)
    other = replace(store, root=folder)
    make_stack(other)
    yield other


def test_a_stack_of_the_same_name_in_another_clone_is_refused_and_removes_nothing(kept: Store, tmp_path: Path) -> None:
    before, there = ids(kept), left(kept)
    with clone(kept, tmp_path) as other:
        for target in ("up", "preview"):
            output = refusal(other, target)
            assert f"the engine already has container {kept.container('nexus')}, " in output
            assert "which another stack of this name made" in output
            assert "make new-stack NAME=other" in output
        other.make("down", YES="1")
    assert ids(kept) == before
    assert left(kept) == there
    serves(kept)
