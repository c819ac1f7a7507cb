"""A store with certificates of an ACME directory, before and after the first one is issued."""

from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.integration.programs.nginx.server import Nginx

ACME = {"mode": "acme", "email": "ops@domain.org"}


@pytest.fixture
def folder(tmp_path: Path, certificate: tuple[str, str]) -> Path:
    """The folder from which nginx reads the certificate at each handshake, with a temporary one."""
    made = tmp_path / "acme" / "nexus.domain.org"
    (made / "webroot" / ".well-known" / "acme-challenge").mkdir(parents=True)
    for name, text in zip(("tls.crt", "tls.key", "temporary"), (*certificate, ""), strict=True):
        (made / name).write_text(text)
    return made


def plain(nginx: Nginx, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", nginx.ports[8080], timeout=10)
    connection.request("GET", path, headers={"Host": "nexus.domain.org"})
    response = connection.getresponse()
    return response.status, response.read().decode()


@pytest.mark.parametrize("path", ["/v2/", "/v2/team/app/manifests/1", "/v1/_ping"])
def test_docker_gets_a_registry_error_before_the_first_certificate(
    serve: Callable[..., Nginx], folder: Path, path: str
) -> None:
    reply = serve(tls=ACME).ask("GET", path)
    assert reply.status == 503
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["Retry-After"] == "10"
    assert reply.json["errors"][0]["code"] == "UNAVAILABLE"
    assert "waits for its first certificate" in reply.json["errors"][0]["message"]


@pytest.mark.parametrize("path", ["/", "/repository/maven-public/", "/service/rest/v1/status", "/v20/"])
def test_browsers_get_a_page_before_the_first_certificate(serve: Callable[..., Nginx], folder: Path, path: str) -> None:
    reply = serve(tls=ACME).ask("GET", path, Accept="text/html,*/*;q=0.8")
    assert reply.status == 503
    assert reply.headers["Content-Type"] == "text/html"
    assert b"No certificate yet" in reply.body


@pytest.mark.parametrize("routing", ["path", "seed", "ports"])
def test_requests_reach_nexus_only_after_the_first_certificate(
    serve: Callable[..., Nginx], folder: Path, routing: str
) -> None:
    nginx = serve({"routing": routing}, tls=ACME)
    ports = [port for port in nginx.ports if port != 8080]
    assert [nginx.ask("PUT", "/v2/x", port=port, body=b"x").status for port in ports] == [503] * len(ports)
    (folder / "temporary").unlink()
    assert [nginx.ask("GET", "/v2/", port=port).status for port in ports] == [200] * len(ports)


def test_plain_http_answers_the_challenge_and_otherwise_the_same_error(
    serve: Callable[..., Nginx], folder: Path
) -> None:
    (folder / "webroot" / ".well-known" / "acme-challenge" / "token").write_text("token.thumbprint")
    nginx = serve(tls=ACME)
    assert plain(nginx, "/.well-known/acme-challenge/token") == (200, "token.thumbprint")
    assert plain(nginx, "/.well-known/acme-challenge/../../tls.key")[0] != 200
    assert plain(nginx, "/")[0] == 503
    assert plain(nginx, "/v2/")[0] == 503
    (folder / "temporary").unlink()
    assert plain(nginx, "/")[0] == 308
    assert plain(nginx, "/.well-known/acme-challenge/token") == (200, "token.thumbprint")


def test_the_page_has_no_url_of_its_own(serve: Callable[..., Nginx], folder: Path) -> None:
    (folder / "temporary").unlink()
    assert serve(tls=ACME).ask("GET", "/.no-certificate").status == 404
