"""A new user's first week: whatever else is installed or moved, nginx and Nexus run on, and no message is lost.

Parts that cannot be had here, and what stands for them:
- Docker Engine 29: `newer_engine`, a socket in front of dockerd that refuses Docker's API below 1.44.
- The published docker plugin: a state as it writes it, recorded once (integration/provider/test_docker_plugins.py).
- The published command plugin: the one of lab/toolchain, which logs as it does (tests/unit/test_plugins.py).
- The engine of another context: `played_engine`, which has no container.
- sonatype/nexus3: the stand-in under the name of another image, whose agreement nobody has accepted (test_licence.py).
- A Pulumi of another version: the pinned one on PATH, as if installed. `make pulumi-versions` runs other versions.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.machine.toolchain import ensure_built_pulumi
from tests.e2e.store.images import accepting, of_a_licensed_image
from tests.e2e.store.small_store import TOPOLOGY, ids, small_stack
from tests.e2e.store.store import Store, outcome, run
from tests.support.newer_engine import newer_engine
from tests.support.played_engine import played_engine

RECORDED = Path(__file__).parents[2] / "integration" / "provider" / "plugins" / "published.json"


@pytest.fixture(scope="module")
def sockets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sockets")


@pytest.fixture(scope="module")
def week(sockets: Path) -> Iterator[Store]:
    """A store that was deployed on an engine that refuses old versions of the API, whose socket then moves."""
    with small_stack("week", settings=of_a_licensed_image()) as store:
        with newer_engine(sockets / "monday.sock") as refused:
            output = make(store, "up", DOCKER_HOST=f"unix://{sockets}/monday.sock")
            assert refused == []
        assert f"Fix: {accepting(store)}" in output, output
        yield store


def make(store: Store, target: str, **environment: str) -> str:
    return run(["make", target, f"STACK={store.stack}"], cwd=store.root, **environment)


def context(folder: Path, name: str, host: str) -> dict[str, str]:
    """The variables of a user who has exported DOCKER_CONTEXT."""
    meta = folder / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest()
    meta.mkdir(parents=True)
    (meta / "meta.json").write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host}}}))
    return {"DOCKER_CONFIG": str(folder), "DOCKER_CONTEXT": name}


def test_the_store_refuses_content_until_the_licence_is_accepted(week: Store, sockets: Path) -> None:
    before, page = ids(week), "files/index.html"
    assert week.content("PUT", page, auth=week.jenkins, data=b"text").status_code == 403
    with newer_engine(sockets / "monday.sock") as refused:
        run(["sh", "-c", accepting(week)], DOCKER_HOST=f"unix://{sockets}/monday.sock")
        assert refused == []
    assert week.content("PUT", page, auth=week.jenkins, data=b"text").status_code == 201
    assert ids(week) == before


def test_a_moved_socket_of_the_same_engine_is_followed(week: Store, sockets: Path) -> None:
    before, gone = ids(week), f"unix://{sockets}/monday.sock"
    code, table = outcome(["make", "doctor", f"STACK={week.stack}"])
    assert code
    assert f"the state names {gone}, which does not answer any more" in table
    assert f"the state names the engine at {gone}, which is gone" in make(week, "preview")
    with newer_engine(sockets / "tuesday.sock") as refused:
        host = {"DOCKER_HOST": f"unix://{sockets}/tuesday.sock"}
        assert "its state follows" in make(week, "up", **host)
        assert "nothing to change" in make(week, "preview", **host)
        assert refused == []
    assert "its state follows" in make(week, "up")
    assert ids(week) == before
    assert week.read_outputs()["docker_endpoint"] == "unix:///var/run/docker.sock"


def test_a_pulumi_that_is_installed_later_changes_nothing(week: Store) -> None:
    before, pinned = ids(week), ensure_built_pulumi()
    installed = {"PATH": f"{pinned / 'bin'}:{os.environ['PATH']}", "PULUMI_HOME": str(pinned / "home")}
    for target in ("preview", "up", "preview"):
        assert "nothing to change" in make(week, target, **installed)
    _, table = outcome(["make", "doctor", f"STACK={week.stack}"], cwd=week.root, **installed)
    assert f"({pinned / 'bin' / 'pulumi'})" in table, table
    assert ids(week) == before


def test_a_newer_docker_plugin_replaces_nothing(week: Store, tmp_path: Path) -> None:
    before = ids(week)
    code, exported = week.pulumi("stack", "export")
    assert code == 0, exported
    state = json.loads(exported[exported.index("{") :])
    published = {each["urn"].rpartition("::")[2]: each for each in json.loads(RECORDED.read_text())}
    for resource in state["deployment"]["resources"]:
        if resource["type"] == "docker:index/container:Container":
            as_published(resource, published["nginx"])
    file = tmp_path / "state.json"
    file.write_text(json.dumps(state))
    code, output = week.pulumi("stack", "import", "--file", str(file))
    assert code == 0, output
    assert "nothing to change" in make(week, "preview")
    assert "nothing to change" in make(week, "up")
    assert ids(week) == before


def as_published(resource: dict[str, Any], published: dict[str, Any]) -> None:
    """Gives a container of the state what the published plugin adds to it."""
    for part in ("inputs", "outputs"):
        ours, theirs = resource[part], published[part]
        ours |= {key: theirs[key] for key in ("networkMode", "platform", "memoryReservation") if key in theirs}
        if ours.get("healthcheck"):
            ours["healthcheck"] |= {"startInterval": theirs["healthcheck"]["startInterval"]}
    assert resource["outputs"]["networkMode"] == "bridge"


def test_a_context_of_another_engine_is_refused_and_one_of_the_same_is_used(
    week: Store, sockets: Path, tmp_path: Path
) -> None:
    before = ids(week)
    with played_engine(sockets / "other.sock", "1.44", "1.51"):
        other = context(tmp_path / "other", "other", f"unix://{sockets}/other.sock")
        for target in ("preview", "up", "down"):
            code, output = outcome(["make", target, f"STACK={week.stack}"], cwd=week.root, **other)
            assert code
            assert f"DOCKER_CONTEXT: the engine at unix://{sockets}/other.sock has nothing of stack week" in output
    with newer_engine(sockets / "same.sock"):
        same = context(tmp_path / "same", "same", f"unix://{sockets}/same.sock")
        make(week, "up", **same)
        assert week.read_outputs()["docker_endpoint"] == f"unix://{sockets}/same.sock"
    assert "its state follows" in make(week, "up")
    assert ids(week) == before


def test_what_a_script_says_is_shown(week: Store) -> None:
    before, file = ids(week), week.file.with_name(f"Pulumi.{week.stack}.topology.yaml")
    file.write_text(yaml.safe_dump({**TOPOLOGY, "blobStores": {"files": {}, "more": {}}}))
    make(week, "up")
    folder = "/nexus-data/blobs/more/content/vol-01/chap-01"
    left = f"mkdir -p {folder} && echo text >{folder}/left.bytes"
    run(["docker", "exec", week.container("nexus"), "sh", "-c", left])
    file.write_text(yaml.safe_dump(dict(TOPOLOGY)))
    output = make(week, "up")
    assert output.count("blob store more: its ") == 1
    assert "stay in /nexus-data/blobs/more (onDelete: keep)" in output
    assert ids(week) == before
