"""What somebody sends who wants to be taken for another, or to keep others out."""

import http.client
import re
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import pytest

from stacks.rules.refusal import Refusal
from tests.integration.programs.nginx.conftest import GROUP, GUI, HOSTED
from tests.integration.programs.nginx.server import Answer, Echo, Nginx, Reply
from tests.unit.nginx.rendering import configuration

Serve = Callable[..., Nginx]
DIGEST = "sha256:" + "a" * 64
RUT_AUTH = {"sso": {"type": "rutauth", "properties": {"httpHeader": "X-Proxy-User"}}}


def basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def raw(nginx: Nginx, text: bytes, *, tls: bool = True, port: int = 8443, source: str = "127.0.0.1") -> bytes:
    """The whole answer to bytes that no client library would send."""
    connection = socket.create_connection(("127.0.0.1", nginx.ports[port]), 10, (source, 0))
    if tls:
        connection = nginx.tls.wrap_socket(connection, server_hostname="127.0.0.1")
    with connection:
        with suppress(OSError):  # nginx has read enough
            connection.sendall(text)
        return b"".join(iter(lambda: connection.recv(65536), b""))


# Who somebody is


def test_a_client_cannot_say_where_it_comes_from(serve: Serve) -> None:
    headers = serve().ask("GET", "/", X_Forwarded_For="192.0.2.7", X_Real_IP="192.0.2.7").json["headers"]
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Real-IP"] == "127.0.0.1"


def test_a_load_balancer_can_say_where_its_client_comes_from(serve: Serve) -> None:
    nginx = serve({"trustedProxies": ["127.0.0.1"]})
    headers = nginx.ask("GET", "/", X_Forwarded_For="203.0.113.9, 192.0.2.7").json["headers"]
    assert headers["X-Forwarded-For"] == "192.0.2.7"


@pytest.mark.parametrize("name", ["X_SSO_USER", "REMOTE_USER", "Remote_User", "x_remote_user", "X_PROXY_USER"])
@pytest.mark.parametrize("path", ["/service/rest/v1/status", "/v2/a/manifests/1"])
def test_a_client_cannot_say_who_it_is(serve: Serve, name: str, path: str) -> None:
    reply = serve(capabilities=RUT_AUTH).ask("GET", path, {name.replace("_", "-"): "admin"})
    assert "admin" not in reply.json["headers"].values()


def test_a_header_with_an_underscore_does_not_pass_either(serve: Serve) -> None:
    said = raw(serve(), b"GET / HTTP/1.0\r\nHost: nexus.domain.org\r\nREMOTE_USER: admin\r\nX_SSO_USER: admin\r\n\r\n")
    assert b" 200 " in said
    assert b"admin" not in said


@pytest.mark.parametrize(("proxy", "seen"), [("127.0.0.1", "jane"), ("192.0.2.1", None)])
def test_a_load_balancer_alone_can_say_who_has_logged_in_to_it(serve: Serve, proxy: str, seen: str | None) -> None:
    nginx = serve({"trustedProxies": [proxy]}, capabilities=RUT_AUTH)
    headers = nginx.ask("GET", "/", X_Proxy_User="jane", X_SSO_USER="jane").json["headers"]
    assert headers.get("X-Proxy-User") == seen
    assert "X-SSO-USER" not in headers


@pytest.mark.parametrize("name", ["X_User", "X-User; }", "", "a b"])
def test_a_header_that_nginx_would_not_pass_is_refused(name: str) -> None:
    capability = {"type": "rutauth", "properties": {"httpHeader": name}}
    with pytest.raises(
        Refusal, match=r"capabilities\.sso\.properties\.httpHeader: invalid value \(got .*; allowed the name of a"
    ):
        configuration(capabilities={"sso": capability})


# What the store is called


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


def test_a_name_in_the_request_line_counts_and_not_the_header(serve: Serve) -> None:
    nginx = serve()
    foreign = b"GET https://evil.domain.org/v2/ HTTP/1.1\r\nHost: nexus.domain.org\r\nConnection: close\r\n\r\n"
    assert raw(nginx, foreign).startswith(b"HTTP/1.1 421")
    own = b"GET https://nexus.domain.org/v2/ HTTP/1.1\r\nHost: evil.domain.org\r\nConnection: close\r\n\r\n"
    assert b"evil" not in raw(nginx, own)


def test_the_name_reaches_nexus_in_one_spelling(serve: Serve) -> None:
    headers = serve().ask("GET", "/", host="NEXUS.domain.org.:9443").json["headers"]
    assert headers["Host"] == headers["X-Forwarded-Host"] == "nexus.domain.org:9443"


def test_the_store_s_other_names_and_its_address_are_its_own(serve: Serve) -> None:
    nginx = serve({"serverNames": ["registry.domain.org"]}, address="192.0.2.7")
    for host in ("registry.domain.org", "192.0.2.7", "192.0.2.7:443", "nexus.domain.org"):
        assert nginx.ask("GET", "/v2/", host=host).json["headers"]["Host"] == host


def test_an_address_of_ipv6_is_the_store_s_own(serve: Serve) -> None:
    reply = serve(address="2001:db8::7").ask("GET", "/", host="[2001:db8::7]:443")
    assert reply.json["headers"]["Host"] == "[2001:db8::7]:443"


# Guessed passwords


def guesses(nginx: Nginx, path: str, count: int, **options: str) -> list[int]:
    context = nginx.tls
    connection = http.client.HTTPSConnection("127.0.0.1", nginx.ports[8443], timeout=10, context=context)
    found = []
    for number in range(count):
        headers = {"Host": "nexus.domain.org", "Authorization": basic("admin", str(number)), **options}
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        found.append(response.status)
    connection.close()
    return found


def ask_from(nginx: Nginx, source: str, **headers: str) -> Reply:
    connection = http.client.HTTPSConnection(
        "127.0.0.1", nginx.ports[8443], timeout=10, context=nginx.tls, source_address=(source, 0)
    )
    connection.request("GET", "/service/rest/v1/status", headers={"Host": "nexus.domain.org", **headers})
    response = connection.getresponse()
    return Reply(response.status, dict(response.getheaders()), response.read())


def doors(request: BaseHTTPRequestHandler) -> Answer:
    right = request.headers["Authorization"] == basic("jenkins", "right")
    return Answer(200 if right else 401, {}, b"{}")


@pytest.mark.parametrize(
    "path", ["/service/rest/v1/status", "/repository/maven-releases/a", "/v2/", f"/v2/a/blobs/{DIGEST}", "/v2/token"]
)
@pytest.mark.parametrize("cached", [False, True])
def test_five_hundred_guesses_end_at_the_twentieth(
    serve: Serve, nexus: dict[int, Echo], path: str, cached: bool
) -> None:
    for echo in nexus.values():
        echo.answer = doors
    nginx = serve({"blobCache": {"maxSize": "1g"}} if cached else {})
    found = guesses(nginx, path, 500)
    assert found[:10] == [401] * 10
    assert 429 in found[:20]
    assert found.count(401) < 30
    assert sum(len(echo.requests) for echo in nexus.values()) == found.count(401)
    assert ask_from(nginx, "127.0.0.2", Authorization=basic("jenkins", "right")).status == 200


def test_a_right_guess_is_no_luckier_than_a_wrong_one(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GUI].answer = doors
    nginx = serve()
    guesses(nginx, "/service/rest/v1/status", 30)
    reply = ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right"), Accept="*/*")
    assert (reply.status, reply.headers["Retry-After"]) == (429, "60")
    assert reply.json["errors"][0]["message"] == "too many passwords from 127.0.0.1"


def test_the_builds_behind_one_address_go_on_while_it_guesses(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GUI].answer = doors
    nginx = serve()
    assert ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right")).status == 200
    assert guesses(nginx, "/service/rest/v1/status", 100)[-1] == 429
    assert ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right")).status == 200


def test_a_job_with_an_old_password_counts_once(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GUI].answer = doors
    nginx = serve()
    statuses = {ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "old")).status for _ in range(100)}
    assert statuses == {401}
    assert ask_from(nginx, "127.0.0.1", Authorization=basic("jenkins", "right")).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/service/rapture/session"),
        ("POST", "/service;x/rapture;y/session;z"),
        ("POST", "//service/rapture/sess%69on"),
        ("PUT", "/repository/npm-hosted/-/user/org.couchdb.user:admin"),
    ],
)
def test_guesses_in_a_body_are_counted_too(serve: Serve, nexus: dict[int, Echo], method: str, path: str) -> None:
    nexus[GUI].answer = lambda request: Answer(403, {}, b"wrong")
    nginx = serve()
    found = [nginx.ask(method, path, body=f"username=YWRtaW4=&password={n}").status for n in range(40)]
    assert found[:10] == [403] * 10
    assert 429 in found[:20]
    assert nginx.ask("GET", "/repository/maven-public/a").status == 403


@pytest.mark.parametrize("scheme", ["basic", "BASIC", "BasicX", "Basic  "])
def test_another_spelling_of_basic_is_counted_too(serve: Serve, nexus: dict[int, Echo], scheme: str) -> None:
    nginx = serve()
    found = [ask_from(nginx, "127.0.0.1", Authorization=f"{scheme} {number:04}").status for number in range(30)]
    assert 429 in found[:20]


def test_no_password_is_on_nginx_s_disk(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve({"blobCache": {"maxSize": "1g"}})
    secret = basic("jenkins", "a long and secret password")
    assert ask_from(nginx, "127.0.0.1", Authorization=secret).status == 200
    files = [path for path in nginx.folder.rglob("*") if path.is_file()]
    assert any((nginx.folder / "logins") in path.parents for path in files)
    assert not [path for path in files if secret.split()[1].encode() in path.read_bytes()]


def test_tokens_are_not_counted(serve: Serve) -> None:
    nginx = serve()
    assert {ask_from(nginx, "127.0.0.1", Authorization=f"Bearer DockerToken.{n}").status for n in range(60)} == {200}


def test_the_limit_of_logins_can_be_lifted(serve: Serve) -> None:
    nginx = serve({"rateLimit": {"loginsPerMinute": None}})
    assert set(guesses(nginx, "/v2/", 60)) == {200}


# The blob cache

CACHED = {"blobCache": {"maxSize": "1g"}}


def test_a_cookie_of_one_reader_is_not_given_to_the_next(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GROUP].answer = lambda request: Answer(200, {"Set-Cookie": "NXSESSIONID=of-the-first"}, b"layer")
    nginx = serve(CACHED)
    replies = [nginx.ask("GET", f"/v2/a/blobs/{DIGEST}") for _ in range(2)]
    assert [reply.headers["X-Cache-Status"] for reply in replies] == ["MISS", "HIT"]
    assert not [reply for reply in replies if "Set-Cookie" in reply.headers]


def test_a_copy_that_one_client_wanted_in_gzip_is_not_given_to_another(serve: Serve, nexus: dict[int, Echo]) -> None:
    def compressing(request: BaseHTTPRequestHandler) -> Answer:
        wanted = request.headers.get("Accept-Encoding", "")
        return Answer(200, {"Content-Encoding": "gzip"}, b"gzip") if "gzip" in wanted else Answer(200, {}, b"layer")

    nexus[GROUP].answer = compressing
    nginx = serve(CACHED)
    nginx.ask("GET", f"/v2/a/blobs/{DIGEST}", Accept_Encoding="gzip")
    reply = nginx.ask("GET", f"/v2/a/blobs/{DIGEST}", Accept_Encoding="identity")
    assert reply.body == b"layer"
    assert "Content-Encoding" not in reply.headers


def test_a_copy_that_came_in_gzip_all_the_same_is_not_kept(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GROUP].answer = lambda request: Answer(200, {"Content-Encoding": "gzip"}, b"gzip")
    nginx = serve(CACHED)
    assert [nginx.ask("GET", f"/v2/a/blobs/{DIGEST}").headers["X-Cache-Status"] for _ in range(2)] == ["MISS", "MISS"]


# What nginx cannot read

HEADERS = b"Host: nexus.domain.org\r\nAccept: text/html,*/*;q=0.8\r\nConnection: close\r\n"
UNREADABLE = [
    ("a line of 40 kB", b"GET /{}" + b"a" * 40_000 + b" HTTP/1.1\r\n" + HEADERS + b"\r\n", 414),
    ("a header of 40 kB", b"GET /{} HTTP/1.1\r\n" + HEADERS + b"X: " + b"a" * 40_000 + b"\r\n\r\n", 400),
    ("another encoding", b"POST /{} HTTP/1.1\r\n" + HEADERS + b"Transfer-Encoding: gzip\r\n\r\n", 501),
    ("another version", b"GET /{} HTTP/3.0\r\n" + HEADERS + b"\r\n", 505),
    ("no name", b"GET /{} HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
    ("two lengths", b"POST /{} HTTP/1.1\r\n" + HEADERS + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
]


@pytest.mark.parametrize(("text", "status"), [row[1:] for row in UNREADABLE], ids=[row[0] for row in UNREADABLE])
def test_what_cannot_be_read_is_said_to_docker_and_to_people(serve: Serve, text: bytes, status: int) -> None:
    nginx = serve()
    head, _, body = raw(nginx, text.replace(b"{}", b"v2/", 1)).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: application/json" in head
    assert re.fullmatch(rb'\{"errors":\[\{"code":"[A-Z_]+","message":"[^"<>]+"\}\]\}', body)
    head, _, body = raw(nginx, text.replace(b"{}", b"", 1)).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: text/html" in head
    assert body.startswith(b"<!doctype html>")
    assert head.count(b"Content-Type") == 1


@pytest.mark.parametrize(("path", "kind"), [(b"/v2/", b"application/json"), (b"/", b"text/html")])
def test_plain_http_at_the_port_for_https_is_said(serve: Serve, path: bytes, kind: bytes) -> None:
    said = raw(serve({"httpsPort": 9443}), b"GET " + path + b" HTTP/1.1\r\n" + HEADERS + b"\r\n", tls=False)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"Content-Type: " + kind in said
    assert b"use https://nexus.domain.org:9443" in said


def test_a_browser_sees_a_page_while_nexus_starts(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve()
    nexus[GUI].stop()
    page = nginx.ask("GET", "/index.html", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (page.status, page.headers["Content-Type"], page.headers["Refresh"]) == (503, "text/html", "5")
    assert b"it is starting or down" in page.body
    assert nginx.ask("GET", "/service/rest/v1/status", Accept="application/json").json["errors"]


def test_only_https_tells_browsers_to_stay_with_it(serve: Serve) -> None:
    nginx = serve({"hsts": True})
    plain = raw(nginx, b"GET / HTTP/1.0\r\nHost: nexus.domain.org\r\n\r\n", tls=False, port=8080)
    assert plain.startswith(b"HTTP/1.1 308")
    assert b"Strict-Transport-Security" not in plain
    assert nginx.ask("GET", "/").headers["Strict-Transport-Security"]


# Too many connections


def test_one_address_cannot_take_all_connections(serve: Serve) -> None:
    nginx = serve({"rateLimit": {"clientConnections": 10}})
    held = [socket.create_connection(("127.0.0.1", nginx.ports[8443]), 10) for _ in range(10)]
    for connection in held:
        connection.sendall(b"\x16")
    with pytest.raises((ConnectionError, ssl.SSLError, http.client.HTTPException)):
        ask_from(nginx, "127.0.0.1")
    assert ask_from(nginx, "127.0.0.2").status == 200
    for connection in held:
        connection.close()


def test_a_load_balancer_may_have_as_many_as_it_needs(serve: Serve) -> None:
    nginx = serve({"rateLimit": {"clientConnections": 10}, "trustedProxies": ["127.0.0.1"]})
    held = [socket.create_connection(("127.0.0.1", nginx.ports[8443]), 10) for _ in range(20)]
    assert ask_from(nginx, "127.0.0.1").status == 200
    for connection in held:
        connection.close()


def without_stream(text: str) -> str:
    """As nginx listened before connections were counted ahead of it, and as stores are when this comes to them."""
    before, rest = text.split("\n# A connection is counted", 1)
    text = before + rest[rest.index("\nhttp {") :]
    return re.sub(r"listen unix:/tmp/(\d+)\.sock( ssl)?;", r"listen \1\2;\n        listen [::]:\1\2;", text)


def test_a_running_store_comes_to_the_counted_listeners_and_back_without_a_lost_request(
    serve: Serve, nexus: dict[int, Echo]
) -> None:
    text = configuration().text
    old = without_stream(text)
    assert "stream {" not in old
    assert "listen 8443 ssl" in old
    nginx, found, done = serve(), [], threading.Event()

    def go_on() -> None:
        while not done.is_set():
            found.append(nginx.ask("GET", "/v2/").status)

    asking = threading.Thread(target=go_on)
    asking.start()
    for wanted in (old, text):
        nginx.load(wanted, nexus)
    done.set()
    asking.join()
    assert set(found) == {200}
