"""Docker's own client against the store's one name, over verified TLS."""

import json
from pathlib import Path

import pytest

from tests.e2e.store.store import Store, outcome, run
from tests.support.real_clients.docker import docker_clients, import_image

pytestmark = pytest.mark.usefixtures("docker_login")


@pytest.fixture(params=docker_clients())
def docker(request: pytest.FixtureRequest) -> str:
    """Each docker command of this machine, by its version; their logins are the same."""
    return docker_clients()[request.param]


def test_a_pushed_image_is_pulled_by_a_daemon_that_has_it_no_more(store: Store, docker: str) -> None:
    image = import_image(f"{store.outputs['docker_registry']}/team/app:1", b"of the team")
    run([docker, "push", image])
    run([docker, "rmi", image])
    assert "Downloaded newer image" in run([docker, "pull", image])
    run([docker, "rmi", image])
    assert store.cached("docker-private", "team/app/manifests/1")


def test_an_image_that_only_the_upstream_has_is_pulled_and_kept(store: Store, docker: str) -> None:
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


def test_skopeo_copies_to_the_store_and_reads_what_is_hosted_and_what_is_proxied(store: Store, tmp_path: Path) -> None:
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


def test_no_registry_of_the_daemon_is_insecure(store: Store) -> None:
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


def test_the_content_of_each_repository_is_on_a_blob_store_of_its_own(store: Store) -> None:
    image = import_image(f"{store.outputs['docker_registry']}/team/stored:1", b"stored")
    run(["docker", "push", image])
    run(["docker", "rmi", image])
    assert len(store.files("docker-private")) > 2
    assert not [path for path in store.files("default") if "stored" in path]
