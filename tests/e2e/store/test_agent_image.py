"""An image for Jenkins agents is built on an image of the store, pushed to it, and run by another engine."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.store.engine import Engine
from tests.e2e.store.store import Store, outcome, run

DOCKERFILE = """\
FROM {registry}/library/base:1
RUN echo built on the store >/etc/agent
ENTRYPOINT ["cat", "/etc/agent"]
"""


@pytest.fixture(scope="module")
def node(store: Store, outside: str, jenkins_files: Path) -> Iterator[Engine]:
    """Another engine, configured with the daemon.json that `make jenkins` writes."""
    # Not in pytest's folder: the path of a socket must be short.
    folder = Path("/run/repository-store-e2e")
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    folder.mkdir()
    engine = Engine(folder, outside, jenkins_files / "daemon.json")
    yield engine
    engine.stop()
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def logged_in(store: Store, login: tuple[str, str], folder: Path) -> dict[str, str]:
    """Logs docker in with its own configuration, and returns its environment."""
    environment = {"DOCKER_CONFIG": str(folder)}
    command = ["docker", "login", store.outputs["docker_registry"], "--username", login[0], "--password-stdin"]
    run(command, text=login[1], **environment)
    return environment


@pytest.mark.usefixtures("without_anonymous_access")
def test_ci_pull_runs_an_image_that_ci_push_built_and_pushed(store: Store, node: Engine, tmp_path: Path) -> None:
    image = f"{store.outputs['docker_push_registry']}/jenkins-agent:latest"
    registry = store.outputs["docker_pull_registry"]
    pushing = logged_in(store, store.ci_push, tmp_path / "push")
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.format(registry=registry))
    run(["docker", "build", "--tag", image, str(tmp_path)], **pushing)
    run(["docker", "push", image], **pushing)
    run(["docker", "rmi", image, f"{registry}/library/base:1"])

    elsewhere = {"DOCKER_HOST": node.host}
    assert outcome(["docker", "pull", image], DOCKER_CONFIG=str(tmp_path / "nobody"), **elsewhere)[0] != 0
    pulling = logged_in(store, store.ci_pull, tmp_path / "pull")
    run(["docker", "pull", image], **pulling, **elsewhere)
    output = run(["docker", "run", "--rm", "--network", "none", image], **elsewhere)
    assert output.strip() == "built on the store"

    code, output = outcome(["docker", "push", image], **pulling, **elsewhere)
    assert code != 0
    assert "denied" in output or "unauthorized" in output


def test_an_engine_with_the_generated_daemon_json_pulls_hub_images_from_the_store(store: Store, node: Engine) -> None:
    elsewhere = {"DOCKER_HOST": node.host}
    mirrors = json.loads(run(["docker", "info", "--format", "{{json .RegistryConfig.Mirrors}}"], **elsewhere))
    assert mirrors == [f"https://{store.outputs['docker_pull_registry']}/"]
    assert "Downloaded newer image" in run(["docker", "pull", "upstream-only:1"], **elsewhere)
