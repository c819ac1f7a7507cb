"""Docker's own client with the store's one name, over verified TLS."""

import json
from pathlib import Path

import pytest

from tests.e2e.store.store import Store, outcome, run
from tests.support.real_clients.docker import docker_clients, import_image

pytestmark = pytest.mark.usefixtures("docker_login")


@pytest.fixture(params=docker_clients())
def docker(request: pytest.FixtureRequest) -> str:
    """Each version of the docker command on this machine; they share their logins."""
    return docker_clients()[request.param]


def test_a_pushed_image_is_pulled_after_the_daemon_removed_it(store: Store, docker: str) -> None:
    image = import_image(f"{store.outputs['docker_registry']}/team/app:1", b"of the team")
    run([docker, "push", image])
    run([docker, "rmi", image])
    assert "Downloaded newer image" in run([docker, "pull", image])
    run([docker, "rmi", image])
    assert store.cached("docker-private", "team/app/manifests/1")


def test_an_image_of_the_upstream_is_pulled_and_cached(store: Store, docker: str) -> None:
    image = f"{store.outputs['docker_registry']}/library/upstream-only:1"
    assert "Downloaded newer image" in run([docker, "pull", image])
    run([docker, "rmi", image])
    assert store.cached("docker-proxy", "library/upstream-only/manifests/1")
    run(["docker", "stop", store.container("upstream-hub")])
    try:
        assert "Downloaded newer image" in run([docker, "pull", image])
    finally:
        run(["docker", "start", store.container("upstream-hub")])
    run([docker, "rmi", image])


def test_skopeo_pushes_and_reads_hosted_and_proxied_images(store: Store, tmp_path: Path) -> None:
    registry, archive = store.outputs["docker_registry"], tmp_path / "image.tar"
    image = import_image("repository-store-skopeo:1", b"by skopeo")
    run(["docker", "save", "--output", str(archive), image])
    run(["docker", "rmi", image])
    login = ["--authfile", str(tmp_path / "auth.json")]
    run(["skopeo", "login", *login, "--username", "jenkins", "--password-stdin", registry], text=store.jenkins[1])
    copy = ["skopeo", "--insecure-policy", "copy", "--quiet", *login]
    run([*copy, f"docker-archive:{archive}", f"docker://{registry}/team/by-skopeo:1"])
    for number, name in enumerate(("team/by-skopeo", "library/upstream-only")):
        run([*copy, f"docker://{registry}/{name}:1", f"dir:{tmp_path}/{number}"])
        assert json.loads((tmp_path / str(number) / "manifest.json").read_text())["layers"]
    tags = run(["skopeo", "list-tags", *login, f"docker://{registry}/team/by-skopeo"])
    assert json.loads(tags)["Tags"] == ["1"]


def test_the_daemon_has_no_insecure_registry(store: Store) -> None:
    insecure = run(
        ["docker", "info", "--format", "{{range .RegistryConfig.InsecureRegistryCIDRs}}{{.}} {{end}}"]
    ).split()
    assert insecure == ["127.0.0.0/8"]
    assert store.address.startswith("198.18.")


def test_a_wrong_password_is_refused(store: Store) -> None:
    login = ["docker", "login", store.outputs["docker_registry"], "--username", "jenkins", "--password-stdin"]
    code, output = outcome(login, text="wrong")
    assert code != 0
    assert "401" in output or "unauthorized" in output.lower()
    run(login, text=store.jenkins[1])


def test_each_repository_stores_its_content_on_its_own_blob_store(store: Store) -> None:
    image = import_image(f"{store.outputs['docker_registry']}/team/stored:1", b"stored")
    run(["docker", "push", image])
    run(["docker", "rmi", image])
    assert len(store.files("docker-private")) > 2
    assert not [path for path in store.files("default") if "stored" in path]
