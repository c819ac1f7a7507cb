"""Requests to Nexus and its answers, through a real nginx."""

import http.client
import re
import socket
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from stacks.nginx_settings import RateLimit
from tests.integration.programs.nginx.conftest import GROUP, GUI, HOSTED
from tests.integration.programs.nginx.server import Answer, Echo, Nginx
from tests.support.vanishing import files_below

Serve = Callable[..., Nginx]
DIGEST = "sha256:" + "a" * 64


def test_a_request_without_a_host_gets_the_stores_name(serve: Serve, certificate: tuple[str, str]) -> None:
    nginx = serve()
    plain = socket.create_connection(("127.0.0.1", nginx.ports[8443]))
    with nginx.tls.wrap_socket(plain, server_hostname="127.0.0.1") as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b'"Host": "nexus.domain.org"' in answer


def test_a_location_with_http_is_rewritten_to_https(serve: Serve, nexus: dict[int, Echo]) -> None:
    location = "http://nexus.domain.org:9443/v2/a/blobs/uploads/1"
    nexus[HOSTED].answer = lambda request: Answer(202, {"Location": location})
    reply = serve({"httpsPort": 9443}).ask("POST", "/v2/a/blobs/uploads/", host="nexus.domain.org:9443")
    assert reply.headers["Location"] == location.replace("http:", "https:")


def test_http_is_redirected_with_the_same_method(serve: Serve) -> None:
    nginx = serve({"httpsPort": 9443})
    connection = http.client.HTTPConnection("127.0.0.1", nginx.ports[8080])
    connection.request("PUT", "/repository/a?b=c", body=b"x")
    response = connection.getresponse()
    assert response.status == 308
    assert response.headers["Location"] == "https://nexus.domain.org:9443/repository/a?b=c"


@pytest.mark.parametrize("method", ["PROPFIND", "MKCOL", "LOCK", "TRACE", "FOO"])
def test_an_unknown_method_is_a_405(serve: Serve, nexus: dict[int, Echo], method: str) -> None:
    reply = serve().ask(method, "/v2/")
    assert reply.status == 405
    assert reply.json["errors"][0]["code"] == "UNSUPPORTED"
    assert reply.headers["Allow"] == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
    assert not any(echo.requests for echo in nexus.values())


def test_connect_is_refused(serve: Serve) -> None:
    assert serve().ask("CONNECT", "/v2/").status == 400


def test_while_nexus_is_down_clients_get_a_registry_error(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    for echo in nexus.values():
        echo.stop()
    for path in ("/", "/v2/", "/v2/a/manifests/1", "/v1/search"):
        reply = nginx.ask("GET", path, Accept="*/*")
        assert (reply.status, reply.headers["Retry-After"]) == (503, "5")
        assert reply.json["errors"][0]["code"] == "UNAVAILABLE"
    reply = nginx.ask("PATCH", "/v2/a/blobs/uploads/1", body=iter([b"x" * 65536] * 64))
    assert reply.status == 503


def test_after_a_timeout_clients_get_a_registry_error(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GROUP].answer = lambda request: Answer(delay_seconds=3)
    reply = serve({"proxyReadTimeout": "1s"}).ask("GET", "/v2/a/manifests/1")
    assert reply.status == 503
    assert "in time" in reply.json["errors"][0]["message"]


def _answering(answer: Answer, _: BaseHTTPRequestHandler) -> Answer:
    return answer


def test_errors_of_nexus_are_passed_on_unchanged(serve: Serve, nexus: dict[int, Echo]) -> None:
    body = b'{"errors":[{"code":"DENIED"}]}'
    nginx = serve({"clientMaxBodySize": "1k", "rateLimit": {"clientRequestsPerSecond": 50}})
    for status in (401, 403, 404, 405, 413, 429, 500, 502, 503, 504):
        nexus[GROUP].answer = partial(_answering, Answer(status, {"X-Own": "yes"}, body))
        reply = nginx.ask("GET", f"/v2/a/manifests/{status}")
        assert (reply.status, reply.body, reply.headers["X-Own"]) == (status, body, "yes")


def test_one_byte_over_the_limit_is_refused(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve({"clientMaxBodySize": "1m"})
    limit = 1 << 20
    assert nginx.ask("PATCH", "/v2/a/blobs/uploads/1", body=b"x" * limit).json["size"] == limit
    assert nginx.ask("PATCH", "/v2/a/blobs/uploads/1", body=iter([b"x" * (limit // 4)] * 4)).json["size"] == limit
    for body in (b"x" * (limit + 1), iter([*[b"x" * (limit // 4)] * 4, b"x"])):
        reply = nginx.ask("PATCH", "/v2/a/blobs/uploads/1", body=body)
        assert reply.status == 413
        error = reply.json["errors"][0]
        assert error["code"] == "SIZE_INVALID"
        assert "1m that nginx.clientMaxBodySize" in error["message"]


def test_an_upload_leaves_no_file_on_disk(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    seen: set[Path] = set()

    def body() -> object:
        for _ in range(64):
            yield b"x" * (1 << 20)
            seen.update(path for path in files_below(nginx.folder) if path.parent != nginx.folder)

    assert nginx.ask("PATCH", "/v2/a/blobs/uploads/1", body=body()).json["size"] == 64 << 20
    assert not seen


def test_metrics_are_refused_by_default(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    for path in ("/service/metrics/data", "/service/metrics", "/service/metrics/prometheus", "//service/%6detrics"):
        reply = nginx.ask("GET", path, Accept="*/*")
        assert reply.status == 403
        assert "127.0.0.1" in reply.json["errors"][0]["message"]
    assert not nexus[GUI].requests
    assert nginx.ask("GET", "/service/rest/v1/status").status == 200


def test_metrics_are_served_to_the_networks_of_the_stack_file(serve: Serve) -> None:
    assert serve({"metricsAllowedFrom": ["127.0.0.0/8"]}).ask("GET", "/service/metrics/data").status == 200


def test_the_rest_api_can_be_limited_to_networks(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve({"restAllowedFrom": ["192.0.2.0/24"]})
    for path in ("/service/rest/v1/status", "//service/%72est/v1/status", "/service/extdirect"):
        assert nginx.ask("GET", path).status == 403
    assert not nexus[GUI].requests
    assert nginx.ask("GET", "/repository/maven-public/a").status == 200


def test_a_trusted_load_balancer_names_the_client(serve: Serve) -> None:
    nginx = serve({"restAllowedFrom": ["192.0.2.7"], "trustedProxies": ["127.0.0.1"]})
    assert nginx.ask("GET", "/service/rest/v1/status", X_Forwarded_For="192.0.2.7").status == 200
    assert nginx.ask("GET", "/service/rest/v1/status", X_Forwarded_For="192.0.2.7, 192.0.2.8").status == 403


def test_one_client_cannot_use_up_the_daily_requests(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve({"rateLimit": {"clientRequestsPerSecond": 1}})
    replies = [nginx.ask("GET", "/v2/") for _ in range(14)]
    assert [reply.status for reply in replies[:11]] == [200] * 11
    refused = [reply for reply in replies if reply.status == 429]
    assert refused
    assert refused[0].headers["Retry-After"] == "60"
    assert refused[0].json["errors"][0]["code"] == "TOOMANYREQUESTS"
    assert len(nexus[HOSTED].requests) == 14 - len(refused)


def test_burst_and_rate_never_exceed_the_requests_per_day() -> None:
    for day in (2880, 5000, 100_000, 999_999):
        limit = RateLimit(requestsPerDay=day)
        assert limit.day_burst + limit.day_rate * 24 * 60 <= day
        assert limit.day_rate >= 1


def test_only_requests_that_nexus_counts_use_up_the_limit(serve: Serve, nexus: dict[int, Echo]) -> None:
    """Within 1 % of the requests for content, mixed with other requests."""
    nginx = serve({"rateLimit": {"requestsPerDay": 2880, "clientRequestsPerSecond": None, "loginsPerMinute": None}})
    free = ["/", "/service/rest/v1/status", "/static/v2/x", "/repositoryx", "/service/repository/"]
    counted = ["/repository/maven-public/a", "//repository/maven-public/a", "/x/../repository/a", "/%72epository/a"]
    spent = 0
    for number in range(1600):
        assert nginx.ask("GET", free[number % len(free)]).status != 429
        spent += nginx.ask("GET", counted[number % len(counted)]).status != 429
    asked = [line for echo in nexus.values() for line in echo.requests if "epository" in line and "service" not in line]
    assert spent == pytest.approx(1440, rel=0.01)
    assert len([line for line in asked if "repositoryx" not in line]) == spent
    assert nginx.ask("GET", "/v2/").status == 429


def test_the_health_check_does_not_reach_nexus(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve({"rateLimit": {"requestsPerDay": 2880}})
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(nginx.folder / "health.sock"))
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    assert not any(echo.requests for echo in nexus.values())


def test_the_store_is_reachable_by_ipv6(serve: Serve) -> None:
    nginx = serve()
    connection = http.client.HTTPSConnection("::1", nginx.ports[8443], context=nginx.tls)
    connection.request("GET", "/v2/", headers={"Host": "nexus.domain.org"})
    assert connection.getresponse().status == 200


def test_hsts_is_off_by_default(serve: Serve) -> None:
    assert "Strict-Transport-Security" not in serve().ask("GET", "/").headers


def test_hsts_is_on_every_answer(serve: Serve) -> None:
    nginx = serve({"hsts": True})
    for reply in (nginx.ask("GET", "/"), nginx.ask("FOO", "/"), nginx.ask("GET", "/service/metrics")):
        assert reply.headers["Strict-Transport-Security"] == "max-age=63072000"


def test_no_answer_shows_the_version_of_nginx(serve: Serve) -> None:
    reply = serve().ask("FOO", "/")
    assert reply.headers["Server"] == "nginx"
    assert not re.search(rb"nginx/\d", reply.body)


@pytest.mark.parametrize("settings", [None, {"blobCache": {"maxSize": "1g"}}])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v2/"),
        ("GET", "/v2/team/app/manifests/1"),
        ("GET", f"/v2/team/app/blobs/{DIGEST}"),
        ("POST", "/v2/team/app/blobs/uploads/"),
        ("POST", f"/v2/team/app/blobs/uploads/?mount={DIGEST}&from=base"),
        ("PUT", "/repository/maven-releases/org/domain/a/1/a-1.pom"),
    ],
)
def test_a_client_reads_why_nexus_refuses_content(
    serve: Serve, nexus: dict[int, Echo], settings: dict[str, object] | None, method: str, path: str
) -> None:
    """As before its licence agreement is accepted: tests/conformance/stand_in/test_licence.py has the reports."""
    refusal = Answer(403, {"Content-Type": "text/plain"}, b"You must accept the End User License Agreement (EULA)")
    for echo in nexus.values():
        echo.answer = lambda request: refusal
    reply = serve(settings).ask(method, path, Authorization="Basic amVua2luczp3b3Jk")
    assert (reply.status, reply.body) == (403, refusal.body)
