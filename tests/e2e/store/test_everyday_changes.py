"""Everyday changes of a store, by hand and in the stack file, and how `make up` handles them."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.store.store import Failed, Store, address_of, outcome, run
from tests.support.real_clients.docker import import_image


@pytest.fixture(autouse=True)
def as_before(store: Store, tmp_path: Path) -> Iterator[None]:
    """Restores the stack file and the store after a test."""
    kept = tmp_path / "kept.yaml"
    shutil.copy(store.file, kept)
    yield
    if store.file.read_text() != kept.read_text():
        shutil.copy(kept, store.file)
        store.make("up")


def test_a_field_changed_by_hand_is_shown_and_restored_by_up(store: Store) -> None:
    path = "/v1/repositories/yum/hosted/yum-hosted"
    live = store.api("GET", path).json()
    assert store.api("PUT", path, json={**live, "online": False}).status_code == 204
    code, output = store.preview("--refresh", "--diff")
    assert code == 0, output
    planned = output[output.index("(update)") :]
    assert [line.strip() for line in planned.splitlines() if line.strip().startswith("~ ")] == [
        "~ body  : {",
        "~ online : false => true",
        "~ 1 to update",
    ]
    store.make("up")
    assert store.api("GET", path).json()["online"] is True


def test_a_removed_nexus_container_is_recreated_with_its_content_behind_the_same_nginx(
    store: Store, docker_login: None
) -> None:
    image = import_image(f"{store.outputs['docker_registry']}/team/kept:1", b"kept")
    run(["docker", "push", image])
    run(["docker", "rmi", image])
    nginx = store.started("nginx")
    run(["docker", "rm", "--force", store.container("nexus")])
    store.make("up")
    assert store.started("nginx") == nginx
    run(["docker", "pull", image])
    run(["docker", "rmi", image])


def test_a_removed_nginx_container_is_recreated_with_its_configuration(store: Store) -> None:
    run(["docker", "rm", "--force", store.container("nginx")])
    store.make("up")
    assert store.api("GET", "/v1/status").status_code == 200


def test_a_removed_volume_is_recreated_and_reported(store: Store) -> None:
    volume = store.container("nginx-configuration")
    run(["docker", "rm", "--force", store.container("nginx")])
    run(["docker", "volume", "rm", volume])
    assert f"the volume {volume} is gone from the engine: it is created again, empty" in store.make("up")
    assert store.api("GET", "/v1/status").status_code == 200


def test_an_added_repository_is_the_only_change(store: Store) -> None:
    store.configure("repositories.tools.format", "raw")
    store.configure("repositories.tools.type", "hosted")
    code, output = store.preview()
    assert code == 0, output
    assert "+ 1 to create" in output
    store.make("up")
    assert store.api("GET", "/v1/repositories/raw/hosted/tools").json()["storage"]["blobStoreName"] == "default"
    store.unset("repositories.tools")
    store.make("up")
    assert store.api("GET", "/v1/repositories/raw/hosted/tools").status_code == 404


def test_a_rotated_password_is_the_only_change_and_the_old_one_is_refused(store: Store) -> None:
    old = store.admin
    store.configure_secret("passwords.admin", "rotated-by-the-test-0123456789")
    code, output = store.preview("--refresh")
    assert code == 0, output
    assert "~ 2 to update" in output
    store.make("up")
    assert store.api("GET", "/v1/security/users").status_code == 200
    assert store.api("GET", "/v1/security/users", auth=old).status_code == 401
    code, output = store.preview("--refresh", "--expect-no-changes")
    assert code == 0, output


def test_a_password_changed_by_hand_is_one_line_with_a_fix(store: Store) -> None:
    ours = store.admin[1]
    path = "/v1/security/users/admin/change-password"
    plain = {"Content-Type": "text/plain"}
    assert store.api("PUT", path, data="changed-by-hand", headers=plain).status_code == 204
    try:
        code, output = store.preview("--refresh")
        assert code != 0
        assert f"./store pulumi config set --stack {store.stack} --secret --path passwords.admin" in output
        assert "File " not in output
    finally:
        back = store.api("PUT", path, data=ours, auth=("admin", "changed-by-hand"), headers=plain)
    assert back.status_code == 204


@pytest.fixture
def extra_docker_repository(store: Store) -> Iterator[str]:
    """A docker repository on its own blob store, with an image."""
    name = "docker-extra"
    store.configure(f"blobStores.{name}.onDelete", "keep")
    for key, value in {
        "format": "docker",
        "type": "hosted",
        "storage.blobStoreName": name,
        "docker.httpPort": "5010",
    }.items():
        store.configure(f"repositories.{name}.{key}", value)
    store.make("up")
    connector = f"{address_of(store.container('nexus'))}:5010"
    user, password = store.admin
    archive = "/tmp/repository-store-e2e-extra.tar"
    image = import_image("extra:1", b"extra")
    run(["docker", "save", "--output", archive, image])
    run(["docker", "rmi", image])
    login = ["skopeo", "login", "--tls-verify=false", "--username", user, "--password-stdin", connector]
    run(login, text=password)
    # Directly to Nexus's port on the store's network, by plain HTTP.
    copy = ["skopeo", "--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false"]
    run([*copy, f"docker-archive:{archive}", f"docker://{connector}/extra:1"])
    run(["skopeo", "logout", connector])
    yield name
    outcome(["rm", archive])


def remove(store: Store, name: str) -> str:
    store.unset(f"repositories.{name}")
    store.unset(f"blobStores.{name}")
    return store.make("up")


def test_a_repository_with_content_is_only_removed_if_allowed_and_its_files_stay(
    store: Store, extra_docker_repository: str
) -> None:
    name = extra_docker_repository
    files = store.files(name)
    store.unset(f"repositories.{name}")
    code, output = store.pulumi("up", "--yes", "--skip-preview")
    assert code != 0
    assert f"./store pulumi config set --stack {store.stack} --path 'allowDataLoss[0]' {name}" in output
    assert store.api("GET", f"/v1/repositories/docker/hosted/{name}").status_code == 200

    store.configure("allowDataLoss[0]", name)
    store.unset(f"blobStores.{name}")
    output = store.make("up")
    assert store.api("GET", f"/v1/repositories/docker/hosted/{name}").status_code == 404
    assert name not in {entry["name"] for entry in store.api("GET", "/v1/blobstores").json()}
    assert [path for path in files if "/content/" in path] == [
        path for path in store.files(name) if "/content/" in path
    ]
    assert f"blob store {name}: its " in output


def test_purging_a_blob_store_names_its_size_first_and_removes_its_files(
    store: Store, extra_docker_repository: str
) -> None:
    name = extra_docker_repository
    store.configure(f"blobStores.{name}.onDelete", "purge")
    store.configure("allowDataLoss[0]", name)
    store.make("up")
    assert store.files(name)
    output = remove(store, name)
    assert f"blob store {name}: removing its " in output
    assert store.files(name) == []


def test_a_broken_nginx_setting_is_refused_and_the_store_keeps_serving(store: Store) -> None:
    nginx = store.started("nginx")
    store.configure("nginx.clientMaxBodySize", "lots")
    code, output = store.pulumi("up", "--yes", "--skip-preview")
    assert code != 0
    assert "nginx.clientMaxBodySize: invalid value (got 'lots'" in output
    store.unset("nginx.clientMaxBodySize")
    assert store.started("nginx") == nginx
    assert store.api("GET", "/v1/status").status_code == 200


def test_an_allow_list_that_locks_this_machine_out_is_refused(store: Store) -> None:
    store.configure("nginx.restAllowedFrom[0]", "192.0.2.0/24")
    code, output = store.preview()
    assert code != 0
    (seen,) = set(
        re.findall(r"nginx\.restAllowedFrom: does not allow this machine, which nginx sees as (\S+):", output)
    )
    with pytest.raises(Failed, match=r"nginx\.restAllowedFrom"):
        store.make("up")  # without a preview
    assert store.api("GET", "/v1/status").status_code == 403
    store.configure("nginx.restAllowedFrom[1]", seen)
    store.make("up")
    assert store.api("GET", "/v1/status").status_code == 200
