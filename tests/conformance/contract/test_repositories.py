"""Features that the recorded server did not have: other formats, docker ports, and newer generations."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conformance.contract.bodies import RECIPES, repository
from tests.conformance.contract.stand_in import Server, direct, running
from tests.support.ports import free_port, listens
from tests.support.versions import NEWEST


@pytest.fixture(scope="module")
def server(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(program, tmp_path_factory.mktemp("newest"), NEWEST) as started:
        yield started


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_format_and_type_is_created_changed_and_deleted(server: Server, recipe: str) -> None:
    fmt, kind = recipe.split("/")
    path, name = f"repositories/{recipe}", f"any-{fmt}-{kind}"
    members = (f"{fmt}-member",) if kind == "group" else ()
    if members:
        server.rest("POST", f"repositories/{fmt}/hosted", json=repository(f"{fmt}/hosted", members[0]))
    body = repository(recipe, name, members=members)
    assert server.rest("POST", path, json=body).status_code == 201
    shown = server.rest("GET", f"{path}/{name}").json()
    assert (shown["format"], shown["type"]) == ("maven2" if fmt == "maven" else fmt, kind)
    for part in body.keys() - {"terraformSigning", "alpineSigning"}:  # keys are never shown
        assert part in shown
    assert name in [one["name"] for one in server.rest("GET", "repositorySettings").json()]
    assert server.rest("PUT", f"{path}/{name}", json={**body, "online": False}).status_code == 204
    assert server.rest("GET", f"{path}/{name}").json()["online"] is False
    assert server.rest("DELETE", f"repositories/{name}").status_code == 204
    assert server.rest("GET", f"{path}/{name}").status_code == 404


def test_each_generation_has_only_its_own_features(program: Path, tmp_path: Path, server: Server) -> None:
    with running(program, tmp_path) as old:
        assert old.rest("POST", "repositories/oci/hosted", json=repository("oci/hosted", "o")).status_code == 404
        assert old.rest("GET", "read-only").status_code == 200
        assert "online" not in old.rest("GET", "repositories").json()[0]
    assert server.rest("GET", "read-only").status_code == 404
    assert "online" in server.rest("GET", "repositories").json()[0]
    paths = server.admin("GET", "/service/rest/swagger.json").json()["paths"]
    assert "/v1/repositories/oci/hosted" in paths
    assert "/v1/read-only" not in paths


def test_a_docker_port_is_opened_moved_and_closed_at_once(server: Server) -> None:
    first, second = free_port(), free_port()
    body = repository("docker/hosted", "ported")
    body["docker"]["httpPort"] = first
    assert server.rest("POST", "repositories/docker/hosted", json=body).status_code == 201
    assert direct("GET", f"http://127.0.0.1:{first}/v2/").headers["WWW-Authenticate"].startswith("BASIC realm=")
    clash = {**repository("docker/hosted", "clash"), "docker": {**body["docker"]}}
    assert server.rest("POST", "repositories/docker/hosted", json=clash).status_code == 400
    body["docker"]["httpPort"] = second
    assert server.rest("PUT", "repositories/docker/hosted/ported", json=body).status_code == 204
    assert (listens(first), listens(second)) == (False, True)
    assert server.rest("DELETE", "repositories/ported").status_code == 204
    assert not listens(second)


def test_docker_names_must_be_lower_case(server: Server) -> None:
    refused = server.rest("POST", "repositories/docker/hosted", json=repository("docker/hosted", "Upper"))
    assert refused.status_code == 400
    assert "lower case" in refused.text


def test_a_registry_is_also_served_by_path(server: Server) -> None:
    body = repository("docker/hosted", "by-path")
    body["docker"]["pathEnabled"] = True
    server.rest("POST", "repositories/docker/hosted", json=body)
    upload = server.admin("POST", "/v2/by-path/team/app/blobs/uploads/")
    assert upload.status_code == 202
    assert urlsplit(upload.headers["Location"]).path.startswith("/v2/by-path/team/app/blobs/uploads/")
    mounted = server.admin("POST", "/repository/by-path/v2/team/app/blobs/uploads/")
    assert "/repository/by-path/v2/team/app/blobs/uploads/" in mounted.headers["Location"]


def test_the_page_says_that_it_is_a_stand_in(server: Server) -> None:
    page = direct("GET", server.url + "/")
    assert page.status_code == 200
    assert "Stand-in for Sonatype Nexus Repository" in page.text
    assert "maven-public" in page.text
    assert "X-Stand-In" in page.headers
    assert "stand-in" in direct("GET", server.url + "/repository/none/x").text
    assert "http" not in page.text.replace(server.url, ""), "it must load nothing from elsewhere"
