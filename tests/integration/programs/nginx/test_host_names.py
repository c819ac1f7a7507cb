"""The store answers only requests for its own names and addresses."""

import pytest

from tests.integration.programs.nginx.conftest import HOSTED
from tests.integration.programs.nginx.sending import Serve, raw
from tests.integration.programs.nginx.server import Echo


@pytest.mark.parametrize("host", ["evil.domain.org", "evil.domain.org:443", "127.0.0.1", "nexus.domain.org.evil.org"])
@pytest.mark.parametrize("path", ["/", "/v2/", "/v2", "/v2/token?service=a"])
def test_another_name_is_refused(serve: Serve, nexus: dict[int, Echo], host: str, path: str) -> None:
    reply = serve().ask("GET", path, host=host)
    assert reply.status == 421
    assert "evil" not in reply.body.decode()
    assert "Location" not in reply.headers
    assert not any(echo.requests for echo in nexus.values())


def test_another_name_is_refused_at_a_port_of_a_repository(serve: Serve, nexus: dict[int, Echo]) -> None:
    reply = serve({"routing": "ports"}).ask("GET", "/v2/", port=5000, host="evil.domain.org:5000")
    assert (reply.status, reply.json["errors"][0]["code"]) == (421, "DENIED")
    assert not nexus[HOSTED].requests


def test_the_name_in_the_request_line_overrides_the_header(serve: Serve) -> None:
    nginx = serve()
    foreign = b"GET https://evil.domain.org/v2/ HTTP/1.1\r\nHost: nexus.domain.org\r\nConnection: close\r\n\r\n"
    assert raw(nginx, foreign).startswith(b"HTTP/1.1 421")
    own = b"GET https://nexus.domain.org/v2/ HTTP/1.1\r\nHost: evil.domain.org\r\nConnection: close\r\n\r\n"
    assert b"evil" not in raw(nginx, own)


def test_nexus_gets_the_name_in_one_spelling(serve: Serve) -> None:
    headers = serve().ask("GET", "/", host="NEXUS.domain.org.").json["headers"]
    assert headers["Host"] == "nexus.domain.org"


def test_server_names_and_the_address_are_accepted(serve: Serve) -> None:
    nginx = serve({"serverNames": ["registry.domain.org"]}, address="192.0.2.7")
    for host in ("registry.domain.org", "192.0.2.7", "nexus.domain.org"):
        assert nginx.ask("GET", "/v2/", host=host).json["headers"]["Host"] == host
    assert nginx.ask("GET", "/v2/", host="192.0.2.7:443").json["headers"]["Host"] == "192.0.2.7"


def test_an_ipv6_address_is_accepted(serve: Serve) -> None:
    reply = serve(address="2001:db8::7").ask("GET", "/", host="[2001:db8::7]:443")
    assert reply.json["headers"]["Host"] == "[2001:db8::7]"
