"""Clients cannot set their address or user by headers; a trusted load balancer can."""

import pytest

from stacks.rules.refusal import Refusal
from tests.integration.programs.nginx.sending import Serve, raw
from tests.unit.nginx.rendering import configuration

RUT_AUTH = {"sso": {"type": "rutauth", "properties": {"httpHeader": "X-Proxy-User"}}}


def test_a_client_cannot_set_its_address(serve: Serve) -> None:
    headers = serve().ask("GET", "/", X_Forwarded_For="192.0.2.7", X_Real_IP="192.0.2.7").json["headers"]
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Real-IP"] == "127.0.0.1"


def test_a_trusted_load_balancer_sets_the_client_address(serve: Serve) -> None:
    nginx = serve({"trustedProxies": ["127.0.0.1"]})
    headers = nginx.ask("GET", "/", X_Forwarded_For="203.0.113.9, 192.0.2.7").json["headers"]
    assert headers["X-Forwarded-For"] == "192.0.2.7"


@pytest.mark.parametrize("name", ["X_SSO_USER", "REMOTE_USER", "Remote_User", "x_remote_user", "X_PROXY_USER"])
@pytest.mark.parametrize("path", ["/service/rest/v1/status", "/v2/a/manifests/1"])
def test_a_client_cannot_set_its_user(serve: Serve, name: str, path: str) -> None:
    reply = serve(capabilities=RUT_AUTH).ask("GET", path, {name.replace("_", "-"): "admin"})
    assert "admin" not in reply.json["headers"].values()


def test_a_header_with_underscores_is_not_passed_on(serve: Serve) -> None:
    answer = raw(
        serve(), b"GET / HTTP/1.0\r\nHost: nexus.domain.org\r\nREMOTE_USER: admin\r\nX_SSO_USER: admin\r\n\r\n"
    )
    assert b" 200 " in answer
    assert b"admin" not in answer


@pytest.mark.parametrize(("proxy", "seen"), [("127.0.0.1", "jane"), ("192.0.2.1", None)])
def test_only_a_trusted_load_balancer_sets_the_user(serve: Serve, proxy: str, seen: str | None) -> None:
    nginx = serve({"trustedProxies": [proxy]}, capabilities=RUT_AUTH)
    headers = nginx.ask("GET", "/", X_Proxy_User="jane", X_SSO_USER="jane").json["headers"]
    assert headers.get("X-Proxy-User") == seen
    assert "X-SSO-USER" not in headers


@pytest.mark.parametrize("name", ["X_User", "X-User; }", "", "a b"])
def test_a_header_name_that_nginx_would_drop_is_refused(name: str) -> None:
    capability = {"type": "rutauth", "properties": {"httpHeader": name}}
    with pytest.raises(
        Refusal, match=r"capabilities\.sso\.properties\.httpHeader: invalid value \(got .*; allowed the name of a"
    ):
        configuration(capabilities={"sso": capability})
