"""Nexus writes the store's own name and port into token realms and redirects, whatever a client sends.

What Nexus makes of each header was looked up with core 3.77.0 and with Jetty 9.4.56, 10.0.24 and 12.0.21. Of Host and
X-Forwarded-Proto alone all make the same address; X-Forwarded-Server replaces it, X-Proxied-Https removes the port.
"""

from http.server import BaseHTTPRequestHandler

import pytest

from tests.integration.programs.nginx.conftest import HOSTED
from tests.integration.programs.nginx.sending import Serve
from tests.integration.programs.nginx.server import Answer, Echo

PORTS = {"routing": "ports", "httpsPort": 9443, "dockerPorts": {"docker-group": 5443}}


@pytest.mark.parametrize(("own", "expected"), [(9443, "nexus.domain.org:9443"), (443, "nexus.domain.org")])
@pytest.mark.parametrize("path", ["/", "/v2/", "/v2/token", "/v1/search", "/repository/maven-public/a"])
def test_nexus_gets_the_port_of_the_store_and_not_of_the_client(
    serve: Serve, path: str, own: int, expected: str
) -> None:
    nginx = serve({"httpsPort": own})
    for port in ("", ":1234", ":443", ":9443", ":0"):
        headers = nginx.ask("GET", path, host=f"nexus.domain.org{port}").json["headers"]
        assert (headers["Host"], headers["X-Forwarded-Proto"]) == (expected, "https")


@pytest.mark.parametrize(("listening", "public"), [(8443, 9443), (5000, 5000), (5443, 5443)])
def test_each_port_of_a_repository_is_named_by_itself(serve: Serve, listening: int, public: int) -> None:
    reply = serve(PORTS).ask("GET", "/v2/", port=listening, host="nexus.domain.org:1234")
    assert reply.json["headers"]["Host"] == f"nexus.domain.org:{public}"


FORGED = {
    "Forwarded": "host=evil.domain.org:1234;proto=http",
    "X-Forwarded-Host": "evil.domain.org:1234",
    "X-Forwarded-Port": "1234",
    "X-Forwarded-Server": "evil.domain.org:1234",
    "X-Proxied-Https": "off",
    "X-Forwarded-Proto": "http",
}


@pytest.mark.parametrize("path", ["/", "/v2/", "/v2/a/manifests/1", "/v2/a/blobs/sha256:" + "a" * 64])
def test_no_header_of_a_client_changes_the_address(serve: Serve, path: str) -> None:
    reply = serve({"httpsPort": 9443, "blobCache": {"maxSize": "1m"}}).ask("GET", path, FORGED)
    headers = reply.json["headers"]
    assert (headers["Host"], headers["X-Forwarded-Proto"]) == ("nexus.domain.org:9443", "https")
    assert not {"forwarded", "x-forwarded-host", "x-forwarded-port", "x-forwarded-server", "x-proxied-https"} & {
        name.lower() for name in headers
    }


def _upload(request: BaseHTTPRequestHandler) -> Answer:
    """A server that does not look at X-Forwarded-Proto."""
    return Answer(202, {"Location": f"http://{request.headers['Host']}/v2/a/blobs/uploads/1"})


@pytest.mark.parametrize(("method", "path"), [("GET", "/v2"), ("GET", "/v1"), ("POST", "/v2/a/blobs/uploads/")])
def test_no_redirect_has_the_port_of_the_client(serve: Serve, nexus: dict[int, Echo], method: str, path: str) -> None:
    nexus[HOSTED].answer = _upload
    reply = serve({"httpsPort": 9443}).ask(method, path, host="nexus.domain.org:1234")
    assert reply.headers["Location"].removeprefix("https://nexus.domain.org:9443").startswith(f"{path.rstrip('/')}/")
