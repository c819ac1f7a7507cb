"""`make down` asks before content goes: also after the README's own push, and when the server cannot be asked."""

from collections.abc import Iterator

import pytest

from tests.e2e.store.small_store import ids, left, small_stack
from tests.e2e.store.store import Failed, Store, run
from tests.e2e.store.test_readme import BLOCK, readme
from tests.support.real_clients.docker import import_image


@pytest.fixture(scope="module")
def runs() -> Iterator[Store]:
    """A store with the repositories of the template, which is what the README pushes to."""
    with small_stack("stored") as store:
        store.configure("topology", "topology.yaml")
        store.make("up")
        yield store


@pytest.fixture(scope="module")
def image() -> Iterator[str]:
    name = import_image("repository-store-stored:1", b"stored")
    yield name
    run(["docker", "rmi", name])


def test_an_empty_store_goes_without_a_question(runs: Store) -> None:
    runs.make("down")
    assert left(runs) == []
    runs.make("up")
    for remembered in ("outputs", "ca"):
        runs.__dict__.pop(remembered, None)


def test_what_the_readme_pushes_is_content(runs: Store, image: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("docker-configuration")
    commands = [line for block in BLOCK.findall(readme()) for line in block.splitlines() if "docker " in line]
    pushing = [line for line in commands if "docker pull" not in line]
    assert [line for line in pushing if line.startswith("docker push ")]
    for command in pushing:
        ours = command.replace("nexus.store.test", runs.hostname).replace("--stack local", f"--stack {runs.stack}")
        run(["bash", "-euo", "pipefail", "-c", ours], IMAGE=image, DOCKER_CONFIG=str(home))
    run(["docker", "rmi", f"{runs.outputs['docker_registry']}/team/app:1"])
    before = ids(runs)
    output = refused_down(runs)
    assert f"the volume {runs.container('nexus-data')} holds " in output
    assert "; by the server, 1 repository with content: docker-private (" in output
    assert "its removal is not confirmed" in output
    assert ids(runs) == before


def test_a_server_that_does_not_answer_is_no_empty_store(runs: Store) -> None:
    run(["docker", "stop", runs.container("nexus")])
    output = refused_down(runs)
    assert "; the server does not answer, so repositories and artifacts could not be counted" in output
    assert "its removal is not confirmed" in output


def test_what_goes_is_printed_with_yes_too(runs: Store) -> None:
    assert f"the volume {runs.container('nexus-data')} holds " in runs.make("down", YES="1")
    assert left(runs) == []


def refused_down(store: Store) -> str:
    with pytest.raises(Failed) as failure:
        store.make("down")
    return str(failure.value)
