"""An attacker publishes packages with the store's own names and higher versions upstream of its proxies."""

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.contract.stand_in import binary
from tests.e2e.attack.conftest import Attempts
from tests.e2e.attack.store import FORMATS, JENKINS, MANIFEST, PULL, Store, stores
from tests.e2e.attack.upstream import EVIL, VERSION

OWN = {"docker": ["team"], "maven": ["org.domain"], "npm": ["@team", "team-*"], "pypi": ["team-app", "team-*"]}


@pytest.fixture
def store(tmp_path: Path, certificate: tuple[str, str]) -> Iterator[Callable[[dict[str, Any]], Store]]:
    with stores(binary(), tmp_path, certificate) as start:
        yield start


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
        attempts.control(passed=came_through(*attacked.read(OUTSIDE[fmt])))
    assert attempts.passed == len(FORMATS), "other names come as before"


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
        attempts.control(passed=b"1.0.0" in body)
        attempts.held(path, VERSION.encode() not in body)
    assert attempts.passed == 3
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
