"""Nexus may drop the parameters of a path, and nginx refuses paths that have some: its rules see what Nexus sees.

The servers in place of Nexus see the path as it was sent. How Nexus reads it: docs/adr/0024-one-spelling-of-a-login.md.
"""

import pytest

from tests.integration.programs.nginx.sending import DIGEST, Serve
from tests.integration.programs.nginx.server import Echo

REFUSED = [
    "/repository;x/npm-hosted/-/user/org.couchdb.user:admin",
    "/repository/npm-hosted;x/-/user/org.couchdb.user:admin",
    "/repository/npm-hosted/-;x/user/org.couchdb.user:admin",
    "/repository/npm-hosted/-/user;/org.couchdb.user:admin",
    "/;x/repository/npm-hosted/-/user/org.couchdb.user:admin",
    "/service;x/rapture;y/session;z",
    "/service;x/metrics/prometheus",
    "/service/rest;x/v1/status",
    "/repository/raw-hosted/a;b",
    "/v2/;x",
    "/v2;x/",
    f"/v2/team;x/blobs/{DIGEST}",
    "/v2/team/manifests/1;x=1?y",
    "/v1/search;x",
    "/;",
    # In front of a file's name an encoded one is in no path of a client.
    "/repository%3bx/npm-hosted/-/user/org.couchdb.user:admin",
    "/repository/npm-hosted%3Bx/-/user/org.couchdb.user:admin",
    "/%3bx/repository/npm-hosted/a",
    "/service%3Bx/metrics/prometheus",
    f"/v2/team%3bx/blobs/{DIGEST}",
    "/repository/../service%3b/rapture/session",
    "/a%0a%3b",
]


@pytest.mark.parametrize("path", REFUSED)
@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("routing", ["path", "seed", "ports"])
def test_a_path_with_parameters_is_refused(
    serve: Serve, nexus: dict[int, Echo], path: str, method: str, routing: str
) -> None:
    nginx = serve({"routing": routing})
    for port in nginx.ports:
        if port != 8080:
            reply = nginx.ask(method, path, port=port)
            assert reply.status == 400
            assert "semicolon" in reply.json["errors"][0]["message"]
    assert not any(echo.requests for echo in nexus.values())


@pytest.mark.parametrize(
    "path",
    [
        "/repository/raw-hosted/a%3bb",
        "/repository/raw-hosted/a%253Bb",
        "/repository/maven-public/a?b=c;d",
        "/v2/_catalog?n=1;x",
        "/service/rest/v1/search?q=a;b",
    ],
)
def test_names_of_files_and_queries_may_contain_semicolons(serve: Serve, nexus: dict[int, Echo], path: str) -> None:
    assert serve().ask("GET", path).json["path"] == path
