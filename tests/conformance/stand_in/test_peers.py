"""Bugs that test suites of other clients found; the expected results are from documents, sources or the real core."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.contract.bodies import repository
from tests.conformance.contract.stand_in import Server, running
from tests.conformance.stand_in.objects_security import LDAP
from tests.support.versions import NEWEST

# How Sonatype's Terraform provider parses the header.
SERVER_HEADER = re.compile(r"^Nexus/(\d+)\.(\d+)\.(\d+)-(\d+) \(([A-Z]+)\)$")


@pytest.fixture(scope="module", params=["3.77", "3.90", NEWEST])
def server(request: pytest.FixtureRequest, program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(program, tmp_path_factory.mktemp("peers"), request.param) as started:
        yield started


def test_the_server_header_has_the_real_servers_form(server: Server) -> None:
    for path in ("/", "/service/rest/v1/status", "/repository/none/x"):
        assert SERVER_HEADER.match(server.admin("GET", path).headers["Server"]), path


def test_the_cluster_check_has_the_checks_of_the_one_node(server: Server) -> None:
    answer = server.admin("GET", "/service/rest/beta/status/check/cluster")
    if server.generation == "3.77":
        assert answer.status_code == 404
        return
    (node,) = answer.json()
    assert node["nodeId"] == server.rest("GET", "system/node").json()["nodeId"]
    assert node["results"].keys() == server.rest("GET", "status/check").json().keys()


def test_the_3_77_core_still_answers_under_beta(server: Server) -> None:
    statuses = {
        path: server.admin("GET", f"/service/rest/beta/{path}").status_code
        for path in ("repositories", "security/users", "blobstores", "routing-rules", "script", "tasks", "search")
    }
    known = 200 if server.generation == "3.77" else 404
    assert statuses == {
        **dict.fromkeys(("repositories", "security/users", "blobstores", "routing-rules"), known),
        **dict.fromkeys(("script", "tasks", "search"), 404),
    }


def test_a_new_server_has_the_shipped_capabilities(server: Server) -> None:
    answer = server.rest("GET", "capabilities")
    if server.generation == "3.77":
        assert answer.status_code == 404
        return
    assert {one["type"] for one in answer.json()} == {"audit", "OutreachManagementCapability", "rapture.settings"}


def test_a_capability_can_be_changed_without_its_type(program: Path, tmp_path: Path) -> None:
    with running(program, tmp_path, NEWEST) as newest:
        body = {"type": "baseurl", "enabled": True, "properties": {"url": "https://nexus.test"}}
        made = newest.rest("POST", "capabilities", json=body).json()
        changed = {"id": made["id"], "enabled": False, "properties": {"url": "https://other.test"}}
        assert newest.rest("PUT", f"capabilities/{made['id']}", json=changed).status_code == 204
        (shown,) = [one for one in newest.rest("GET", "capabilities").json() if one["id"] == made["id"]]
        assert (shown["type"], shown["enabled"], shown["properties"]) == ("baseurl", False, changed["properties"])
        assert newest.rest("POST", "capabilities", json={"enabled": True}).status_code == 400


@pytest.mark.parametrize(("generation", "status"), [("3.77", 201), ("3.90", 201), (NEWEST, 400)])
def test_a_signing_without_a_key_is_refused_since_3_97(
    program: Path, tmp_path: Path, generation: str, status: int
) -> None:
    with running(program, tmp_path, generation) as started:
        body = {**repository("yum/proxy", "signed"), "yumSigning": {}}
        assert started.rest("POST", "repositories/yum/proxy", json=body).status_code == status


def test_the_deploy_policy_defaults_to_strict_since_3_97(server: Server) -> None:
    body = {**repository("yum/hosted", "depth"), "yum": {"repodataDepth": 0}}
    assert server.rest("POST", "repositories/yum/hosted", json=body).status_code == 201
    assert server.rest("GET", "repositories/yum/hosted/depth").json()["yum"]["deployPolicy"] == (
        "STRICT" if server.generation == NEWEST else None
    )


def test_the_latest_policy_is_not_shown_since_3_90(server: Server) -> None:
    body = repository("docker/hosted", "images")
    body["storage"]["latestPolicy"] = True
    assert server.rest("POST", "repositories/docker/hosted", json=body).status_code == 201
    shown = server.rest("GET", "repositories/docker/hosted/images").json()["storage"].get("latestPolicy")
    assert shown is (True if server.generation == "3.77" else None)


def test_a_terraform_proxy_has_a_default_terraform_section(program: Path, tmp_path: Path) -> None:
    with running(program, tmp_path, NEWEST) as newest:
        newest.rest("POST", "repositories/terraform/proxy", json=repository("terraform/proxy", "modules"))
        shown = newest.rest("GET", "repositories/terraform/proxy/modules").json()["terraform"]
        assert shown == {"requireAuthentication": False}


def test_enum_values_of_ldap_servers_are_shown_in_upper_case(server: Server) -> None:
    body = {**LDAP, "protocol": "ldap", "groupType": "static"}
    del body["useTrustStore"]
    assert server.rest("POST", "security/ldap", json=body).status_code == 201
    shown = server.rest("GET", f"security/ldap/{LDAP['name']}").json()
    assert (shown["protocol"], shown["groupType"], shown["useTrustStore"]) == ("LDAP", "STATIC", False)


def test_a_connection_to_azure_always_fails(server: Server) -> None:
    body = {"accountName": "a", "containerName": "c", "authenticationMethod": "ENVIRONMENTVARIABLE"}
    answer = server.rest("POST", "azureblobstore/test-connection", json=body)
    assert answer.status_code == (404 if server.generation == "3.77" else 400)
