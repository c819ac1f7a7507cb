"""An attacker publishes packages with the store's own names and higher versions upstream of its proxies."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stacks.settings import Settings
from stacks.topology.declarations import declarations
from tests.conformance.contract.stand_in import Server, binary, direct, running
from tests.e2e.attack.conftest import Attempts
from tests.e2e.attack.upstream import EVIL, VERSION, Upstream
from tests.integration.programs.nginx.server import Nginx
from tests.support.ports import free_port
from tests.support.versions import NEWEST
from tests.unit.nginx.rendering import configuration, settings

OWN = {"docker": ["team"], "maven": ["org.domain"], "npm": ["@team", "team-*"], "pypi": ["team-app", "team-*"]}
FORMATS = ("docker", "maven", "npm", "pypi")
JENKINS = ("jenkins", "right")
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
PULL = ("ci-pull", "right")


@dataclass
class Store:
    """The stand-in with a hosted repository, a proxy of the attacker's server and a group of both in each format."""

    server: Server
    upstream: Upstream
    nginx: Nginx

    def read(self, path: str) -> tuple[int, bytes]:
        url = f"{self.server.url}/repository/{path}"
        reply = direct("GET", url, auth=JENKINS, headers={"Accept": f"{MANIFEST}, */*"})
        return reply.status_code, reply.content

    def write(self, method: str, path: str, **arguments: Any) -> None:
        reply = direct(method, f"{self.server.url}/repository/{path}", auth=JENKINS, **arguments)
        assert reply.status_code in (200, 201, 204), reply.text

    def token(self, user: tuple[str, str]) -> str:
        reply = direct("GET", f"{self.server.url}/v2/token?service=x&scope=repository:team/app:pull,push", auth=user)
        assert reply.status_code == 200, reply.text
        return f"Bearer {reply.json()['token']}"


def given(upstream: Upstream, ports: tuple[int, int], own: dict[str, Any]) -> dict[str, Any]:
    """The stack file of such a store, laid over the shared topology."""
    repositories: dict[str, Any] = {}
    for fmt in FORMATS:
        names = (f"{fmt}-own", f"{fmt}-outside", f"{fmt}-all")
        remote = upstream.url + ("/npm" if fmt == "npm" else "")
        shared = {"format": fmt, "storage": {"blobStoreName": "default", "strictContentTypeValidation": False}}
        repositories[names[0]] = {**shared, "type": "hosted"}
        repositories[names[1]] = {**shared, "type": "proxy", "proxy": {"remoteUrl": remote}}
        repositories[names[2]] = {**shared, "type": "group", "group": {"memberNames": [*names[:2]]}}
    repositories["docker-outside"]["dockerProxy"] = {"indexType": "REGISTRY"}
    repositories["docker-own"]["docker"] = {"httpPort": ports[0]}
    repositories["docker-all"]["docker"] = {"httpPort": ports[1]}
    roles = {"pull": [f"{fmt}-all" for fmt in FORMATS]}
    push = {"push": [f"{fmt}-own" for fmt in FORMATS], "roles": ["ci-pull"], "pull": []}
    return {
        "nginx": {"pushRepository": "docker-own", "pullRepository": "docker-all"},
        "repositories": repositories,
        "roles": {"ci-pull": roles, "ci-push": push},
        "ownNamespaces": own,
    }


def fill(server: Server, wanted: Settings) -> None:
    """Creates the stack file's objects as the provider would; of the shared topology only rules, roles and users."""
    ours = [f"{fmt}-{kind}" for fmt in (*FORMATS, "maven2") for kind in ("own", "outside", "all")]
    paths = {"routingRules": "routing-rules", "roles": "security/roles", "users": "security/users"}
    for found in declarations(wanted.topology):
        body = {"name": found.name, **found.body}
        if found.section == "repositories" and found.name in ours:
            path = f"repositories/{found.format}/{found.type}"
        elif found.section in paths:
            path = paths[found.section]
        else:
            continue
        if found.section == "roles":
            views = [name for name in body["privileges"] if any(f"-{repository}-" in name for repository in ours)]
            body = {"id": found.name, **body, "privileges": views}
        if found.section == "users":
            body = {"userId": found.name, "status": "active", **body, "password": "right"}
        reply = server.rest("POST", path, json=body)
        assert reply.status_code in (200, 201, 204), f"{found.name}: {reply.text}"
    realms = ["NexusAuthenticatingRealm", "DockerToken"]
    assert server.rest("PUT", "security/realms/active", json=realms).status_code == 204


@pytest.fixture(scope="module")
def program() -> Path:
    return binary()


@pytest.fixture
def store(program: Path, tmp_path: Path, certificate: tuple[str, str]) -> Iterator[Callable[[dict[str, Any]], Store]]:
    upstream, ports = Upstream(), (free_port(), free_port())
    started: list[Nginx] = []
    with running(program, tmp_path / "nexus", NEWEST) as server:

        def start(own: dict[str, Any]) -> Store:
            stack = given(upstream, ports, own)
            nginx = stack.pop("nginx")
            fill(server, settings(nginx, **stack))
            nexus: Any = {port: SimpleNamespace(port=port) for port in ports}
            nexus[8081] = SimpleNamespace(port=int(server.url.rsplit(":", 1)[1]))
            folder = tmp_path / "nginx"
            folder.mkdir()
            started.append(Nginx(folder, configuration(nginx, **stack).text, nexus, certificate))
            return Store(server, upstream, started[-1])

        yield start
        for nginx in started:
            nginx.stop()
    upstream.stop()


MISSING = {
    "maven": [
        "maven-all/org/domain/lib/99.0.0/lib-99.0.0.jar",
        "maven-all/org/domain/lib/maven-metadata.xml",
        "maven-outside/org/domain/lib/99.0.0/lib-99.0.0.jar",
        "maven-all/org/domain/deep/er/lib/99.0.0/lib-99.0.0.pom",
        "maven-all/org/domain/lib/99.0.0/lib%0A-99.0.0.jar",
    ],
    "npm": [
        "npm-all/@team/lib",
        "npm-all/@team%2flib",
        "npm-all/@team/lib/-/lib-99.0.0.tgz",
        "npm-all/team-lib",
        "npm-outside/@team/lib",
    ],
    "pypi": [
        "pypi-all/simple/team-app/",
        "pypi-all/simple/Team_App/",
        "pypi-all/simple/team-anything/",
        "pypi-all/packages/team-app/99.0.0/team_app-99.0.0.tar.gz",
        "pypi-outside/simple/team-app/",
    ],
    "docker": [
        "docker-all/v2/team/app/manifests/99.0.0",
        "docker-all/v2/team/app/tags/list",
        "docker-outside/v2/team/app/manifests/99.0.0",
        "docker-all/v2/team/app/blobs/sha256:" + sha256(EVIL).hexdigest(),
    ],
}
OUTSIDE = {
    "maven": "maven-all/org/other/lib/99.0.0/lib-99.0.0.jar",
    "npm": "npm-all/@other/lib",
    "pypi": "pypi-all/simple/other/",
    "docker": "docker-all/v2/other/app/manifests/99.0.0",
}


def came_through(status: int, body: bytes) -> bool:
    return status == 200 and (EVIL in body or VERSION.encode() in body or b"schemaVersion" in body)


def test_no_package_with_an_own_name_comes_from_the_upstream(
    store: Callable[[dict[str, Any]], Store], attempts: Attempts
) -> None:
    attacked = store(OWN)
    for fmt in FORMATS:
        for path in MISSING[fmt]:
            status, body = attacked.read(path)
            attempts.held(path, status in (403, 404) and not came_through(status, body))
        assert not attacked.upstream.paths, f"the attacker learns what {fmt} is asked for: {attacked.upstream.paths}"
    for fmt in FORMATS:
        assert came_through(*attacked.read(OUTSIDE[fmt])), f"other names of {fmt} come as before"


def test_without_the_setting_every_format_serves_the_attackers_package(
    store: Callable[[dict[str, Any]], Store],
) -> None:
    """The attack of the tests above works; otherwise they would prove nothing."""
    fooled = store({})
    for fmt in FORMATS:
        assert came_through(*fooled.read(MISSING[fmt][0])), fmt


def test_a_group_does_not_list_a_higher_version_of_the_upstream(
    store: Callable[[dict[str, Any]], Store], attempts: Attempts
) -> None:
    attacked = store(OWN)
    metadata = b"<metadata><versioning><versions><version>1.0.0</version></versions></versioning></metadata>"
    attacked.write("PUT", "maven-own/org/domain/lib/maven-metadata.xml", data=metadata)
    package = {
        "name": "@team/lib",
        "dist-tags": {"latest": "1.0.0"},
        "versions": {"1.0.0": {"name": "@team/lib", "version": "1.0.0", "dist": {}}},
        "_attachments": {"@team/lib-1.0.0.tgz": {"data": "b3Vycw==", "length": 4}},
    }
    attacked.write("PUT", "npm-own/@team%2flib", json=package)
    upload = {":action": "file_upload", "name": "team-app", "version": "1.0.0", "filetype": "sdist"}
    file = {"content": ("team-app-1.0.0.tar.gz", b"ours")}
    attacked.write("POST", "pypi-own/", data=upload, files=file)
    for path in ("maven-all/org/domain/lib/maven-metadata.xml", "npm-all/@team/lib", "pypi-all/simple/team-app/"):
        status, body = attacked.read(path)
        assert status == 200, body
        assert b"1.0.0" in body
        attempts.held(path, VERSION.encode() not in body)
    assert not attacked.upstream.paths


def test_a_build_that_only_reads_can_pull_an_own_image(
    store: Callable[[dict[str, Any]], Store],
) -> None:
    """It used to get a 403: nginx sends it to the repository for pushes, which its role could not read."""
    made = store(OWN)
    push, pull = made.token(JENKINS), made.token(PULL)
    config = b"{}"
    digest = f"sha256:{sha256(config).hexdigest()}"
    begun = made.nginx.ask("POST", "/v2/team/app/blobs/uploads/", Authorization=push)
    assert begun.status == 202, begun.body
    place = begun.headers["Location"].removeprefix("https://nexus.domain.org")
    joint = "&" if "?" in place else "?"
    done = made.nginx.ask("PUT", f"{place}{joint}digest={digest}", body=config, Authorization=push)
    assert done.status == 201, done.body
    described = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest, "size": len(config)}
    kind = MANIFEST
    manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "config": described, "layers": []}).encode()
    sent = made.nginx.ask("PUT", "/v2/team/app/manifests/1", body=manifest, Authorization=push, Content_Type=kind)
    assert sent.status == 201, sent.body
    for path in ("/v2/team/app/manifests/1", f"/v2/team/app/blobs/{digest}"):
        read = made.nginx.ask("GET", path, Authorization=pull, Accept=kind)
        assert read.status == 200, read.body
    refused = made.nginx.ask("POST", "/v2/team/app/blobs/uploads/", Authorization=pull)
    assert refused.status in (401, 403)
