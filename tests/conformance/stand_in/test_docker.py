"""docker and skopeo push, and pull through hosted, proxy and group, with basic authentication and tokens."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.machine.engine import ensure_engine
from tests.conformance.contract.stand_in import Server
from tests.conformance.stand_in.pair import Pair, create, password
from tests.support.ports import free_port
from tests.support.real_clients.docker import Docker, docker_clients, import_image
from tests.support.real_clients.running import run


@dataclass
class Registries:
    """Host and port of each repository; the group demands a token, the others a password."""

    hosted: str
    proxy: str
    group: str
    far: str


@pytest.fixture(scope="module")
def registries(pair: Pair) -> Registries:
    ensure_engine(None)
    ports = [free_port() for _ in range(4)]

    def docker(port: int, basic: bool = True) -> dict[str, object]:
        return {"httpPort": port, "forceBasicAuth": basic}

    realms = ["NexusAuthenticatingRealm", "DockerToken"]
    assert pair.near.rest("PUT", "security/realms/active", json=realms).status_code == 204
    create(pair.far, "docker/hosted", "docker-hosted", docker=docker(ports[3]))
    create(pair.near, "docker/hosted", "docker-hosted", docker=docker(ports[0]))
    login = {"type": "username", "username": "admin", "password": password(pair.far)}
    remote, reader = f"http://127.0.0.1:{ports[3]}", {"authentication": login}
    create(pair.near, "docker/proxy", "docker-proxy", remote=remote, docker=docker(ports[1]), httpClient=reader)
    members = ("docker-hosted", "docker-proxy")
    create(pair.near, "docker/group", "docker-group", members=members, docker=docker(ports[2], basic=False))
    return Registries(*(f"127.0.0.1:{port}" for port in ports))


@pytest.fixture
def signed_in(pair: Pair, registries: Registries, tmp_path: Path) -> Path:
    """A folder with the credentials for all registries, for docker and skopeo."""
    auths = {}
    for server, places in (
        (pair.near, (registries.hosted, registries.proxy, registries.group)),
        (pair.far, (registries.far,)),
    ):
        for place in places:
            auths[place] = {"auth": base64.b64encode(f"admin:{password(server)}".encode()).decode()}
    (tmp_path / "config.json").write_text(json.dumps({"auths": auths}))
    return tmp_path


@pytest.fixture(params=docker_clients())
def docker(request: pytest.FixtureRequest, signed_in: Path) -> Iterator[Docker]:
    made = Docker(docker_clients()[request.param], signed_in)
    yield made
    made.clean()


def test_push_and_pull(pair: Pair, registries: Registries, docker: Docker, tmp_path: Path) -> None:
    name = f"team/{tmp_path.name.lower().replace('_', '-')}"
    docker.push(import_image(f"{registries.hosted}/{name}:1", b"ours " + name.encode()))
    docker.push(import_image(f"{registries.far}/{name}-far:1", b"theirs " + name.encode()))
    ours = docker.pull(f"{registries.hosted}/{name}:1")
    assert docker.pull(f"{registries.group}/{name}:1") == ours
    theirs = docker.pull(f"{registries.proxy}/{name}-far:1")
    with pair.without_the_far_one():
        assert docker.pull(f"{registries.group}/{name}-far:1") == theirs


def test_a_wrong_password_and_a_missing_image_are_refused(
    registries: Registries, docker: Docker, signed_in: Path
) -> None:
    code, printed = docker.attempt("pull", f"{registries.group}/team/nothing:1")
    assert code != 0
    assert "not found" in printed or "manifest unknown" in printed
    wrong = {"auths": {registries.group: {"auth": base64.b64encode(b"admin:wrong").decode()}}}
    (signed_in / "config.json").write_text(json.dumps(wrong))
    code, printed = docker.attempt("pull", f"{registries.group}/team/nothing:1")
    assert code != 0
    assert "unauthorized" in printed.lower() or "401" in printed


def blobs(server: Server) -> int:
    return next(
        int(store["blobCount"]) for store in server.rest("GET", "blobstores").json() if store["name"] == "default"
    )


def test_tokens_images_and_counts_survive_a_restart(pair: Pair, registries: Registries, docker: Docker) -> None:
    before = blobs(pair.near)
    docker.push(import_image(f"{registries.hosted}/team/restarted:1", b"restarted"))
    assert blobs(pair.near) > before
    counted, digest = blobs(pair.near), docker.pull(f"{registries.group}/team/restarted:1")
    pair.near.kill()
    pair.near.start()
    assert docker.pull(f"{registries.group}/team/restarted:1") == digest
    assert blobs(pair.near) == counted


def test_skopeo_pushes_and_pulls(pair: Pair, registries: Registries, docker: Docker, signed_in: Path) -> None:
    # The registries speak plain HTTP on loopback.
    options = ["--authfile", str(signed_in / "config.json")]
    plain_source, plain_target = ["--src-tls-verify=false"], ["--dest-tls-verify=false"]
    copy = ["skopeo", "--insecure-policy", "copy", "--quiet", *options]
    image = import_image("skopeo-source:1", b"by skopeo")
    docker.run("save", "--output", str(signed_in / "image.tar"), image)
    docker.run("rmi", image)
    for place in (registries.hosted, registries.far):
        suffix = "far" if place == registries.far else "near"
        run([*copy, *plain_target, f"docker-archive:{signed_in}/image.tar", f"docker://{place}/skopeo/{suffix}:1"])
    for number, source in enumerate(
        (f"{registries.hosted}/skopeo/near", f"{registries.proxy}/skopeo/far", f"{registries.group}/skopeo/far")
    ):
        run([*copy, *plain_source, f"docker://{source}:1", f"dir:{signed_in}/{number}"])
        assert json.loads((signed_in / str(number) / "manifest.json").read_text())["layers"]
    tags = run(["skopeo", "list-tags", "--tls-verify=false", *options, f"docker://{registries.group}/skopeo/near"])
    assert json.loads(tags)["Tags"] == ["1"]
