"""The Community Edition refuses content until its licence agreement is accepted; the core and Pro do not.

The recordings are of the core, which refuses nothing, and Sonatype's image cannot be pulled here. What the stand-in
does is from reports: the text and 403 for Maven from alex9849/advanced-region-market#172; npm's document served, its
archive refused with 192 bytes and REST requests answered as always from a measurement on 3.96.0 in a public repository;
a docker connector that answers 403, to logins and to requests without one, from three more on 3.77 to 3.96.2. Sonatype
documents that uploads are refused (EULA REST API).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.contract.stand_in import CORE, RECORDED, Server, direct, running
from tests.support.versions import NEWEST

STORAGE = {"blobStoreName": "default", "strictContentTypeValidation": False, "writePolicy": "ALLOW"}
DOCKER = {"v1Enabled": False, "forceBasicAuth": False, "pathEnabled": True}
REFUSED = "You must accept the End User License Agreement (EULA)"


@pytest.fixture(scope="module")
def server(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(program, tmp_path_factory.mktemp("blocked"), NEWEST, agreed=False) as started:
        for format_, more in (("raw", {}), ("npm", {}), ("docker", {"docker": DOCKER})):
            body = {"name": format_, "online": True, "storage": STORAGE, **more}
            assert started.rest("POST", f"repositories/{format_}/hosted", json=body).status_code == 201
        yield started


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/repository/raw/file"),
        ("GET", "/repository/raw/file"),
        ("PUT", "/repository/maven-releases/org/domain/a/1/a-1.pom"),
        ("GET", "/repository/npm/a/-/a-1.0.0.tgz"),
        ("PUT", "/repository/npm/a"),
        ("GET", "/v2/"),
        ("POST", "/v2/docker/team/app/blobs/uploads/"),
        ("GET", "/repository/docker/v2/"),
        ("POST", "/service/rest/v1/components?repository=raw"),
    ],
)
def test_content_is_refused_with_the_reason(server: Server, method: str, path: str) -> None:
    refused = server.admin(method, path, data=b"x")
    assert refused.status_code == 403
    assert refused.text.startswith(REFUSED)
    assert len(refused.content) == 192
    assert direct(method, server.url + path, data=b"x").status_code == 403


def test_metadata_of_npm_and_the_configuration_are_served(server: Server) -> None:
    assert server.admin("GET", "/repository/npm/none").status_code == 404
    assert server.rest("GET", "repositories/raw/hosted/raw").status_code == 200


def test_an_accepted_agreement_opens_it(program: Path, tmp_path: Path) -> None:
    with running(program, tmp_path, NEWEST, agreed=False) as server:
        path = "/repository/maven-releases/org/domain/a/1/a-1.pom"
        assert server.admin("PUT", path, data=b"<project/>").status_code == 403
        server.agree()
        assert server.admin("PUT", path, data=b"<project/>").status_code == 201


@pytest.mark.parametrize(("generation", "options"), [(NEWEST, ("--edition", "PRO")), (RECORDED, CORE)])
def test_pro_and_the_core_refuse_nothing(
    program: Path, tmp_path: Path, generation: str, options: tuple[str, ...]
) -> None:
    with running(program, tmp_path, generation, *options, agreed=False) as server:
        assert server.rest("GET", "system/eula").json()["accepted"] is False
        path = "/repository/maven-releases/org/domain/a/1/a-1.pom"
        assert server.admin("PUT", path, data=b"<project/>").status_code == 201
