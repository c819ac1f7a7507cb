"""Requests that cannot be served get an error in the client's format: registry JSON for docker, a page for browsers."""

import re

import pytest

from tests.integration.programs.nginx.sending import Serve, raw

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
def test_a_malformed_request_gets_an_error_in_the_clients_format(serve: Serve, text: bytes, status: int) -> None:
    nginx = serve()
    head, _, body = raw(nginx, text.replace(b"{}", b"v2/", 1)).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: application/json" in head
    assert re.fullmatch(rb'\{"errors":\[\{"code":"[A-Z_]+","message":"[^"<>]+"\}\]\}', body)
    head, _, body = raw(nginx, text.replace(b"{}", b"", 1)).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: text/html" in head
    assert body.startswith(b"<!doctype html>")
    assert head.count(b"\r\nContent-Type:") == 1


@pytest.mark.parametrize(("path", "kind"), [(b"/v2/", b"application/json"), (b"/", b"text/html")])
def test_plain_http_on_the_https_port_gets_the_url(serve: Serve, path: bytes, kind: bytes) -> None:
    answer = raw(serve({"httpsPort": 9443}), b"GET " + path + b" HTTP/1.1\r\n" + HEADERS + b"\r\n", tls=False)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Content-Type: " + kind in answer
    assert b"use https://nexus.domain.org:9443" in answer


def test_hsts_is_only_sent_over_https(serve: Serve) -> None:
    nginx = serve({"hsts": True})
    plain = raw(nginx, b"GET / HTTP/1.0\r\nHost: nexus.domain.org\r\n\r\n", tls=False, port=8080)
    assert plain.startswith(b"HTTP/1.1 308")
    assert b"Strict-Transport-Security" not in plain
    assert nginx.ask("GET", "/").headers["Strict-Transport-Security"]
