"""Actions on a running server other than managing objects."""

import pytest

from tests.conformance.contract.stand_in import Server
from tests.conformance.stand_in.pair import create


def test_a_health_check_can_be_enabled_once_and_only_for_proxies(server: Server) -> None:
    create(server, "raw/proxy", "health-checked", remote="http://127.0.0.1:9/")
    create(server, "raw/hosted", "health-less")
    path = "repositories/{}/health-check"
    assert server.rest("POST", path.format("health-checked")).status_code == 204
    assert server.rest("POST", path.format("health-checked")).status_code == 409
    assert server.rest("DELETE", path.format("health-checked")).status_code == 204
    assert server.rest("POST", path.format("health-checked")).status_code == 204
    assert server.rest("POST", path.format("health-less")).status_code == 404
    assert server.rest("DELETE", path.format("nothing")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("DELETE", "security/ldap/cache", 200), ("POST", "security/atlassian-crowd/clear-cache", 204)],
)
def test_a_cache_is_cleared(server: Server, method: str, path: str, status: int) -> None:
    assert server.rest(method, path).status_code == status


def test_every_role_can_be_assigned(server: Server) -> None:
    role = {"id": "assigned", "name": "assigned", "description": "", "privileges": [], "roles": []}
    assert server.rest("POST", "security/roles", json=role).status_code == 200
    assert {"assigned", "nx-admin"} <= {one["id"] for one in server.rest("GET", "security/roles/assignable").json()}
