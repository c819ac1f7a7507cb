"""nginx serves cached blobs only to clients that Nexus would allow."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

from tests.integration.programs.nginx.conftest import GROUP, HOSTED
from tests.integration.programs.nginx.server import Answer, Echo, Nginx

Serve = Callable[..., Nginx]
CACHED = {"blobCache": {"maxSize": "1g"}}
DIGEST = "sha256:" + "b" * 64
BLOB = b"layer" * 1000


def registry(request: BaseHTTPRequestHandler) -> Answer:
    """Serves the blob to one user, whole or a range."""
    if request.headers.get("Authorization") != "Bearer reader":
        return Answer(401, {"WWW-Authenticate": "Bearer realm=x"}, b"{}")
    if not request.path.endswith(DIGEST):
        return Answer(404, {}, b'{"errors":[{"code":"BLOB_UNKNOWN"}]}')
    if request.headers.get("Range"):
        return Answer(206, {"Content-Range": f"bytes 1-2/{len(BLOB)}"}, BLOB[1:3])
    return Answer(200, {"Cache-Control": "no-store"}, BLOB)


def test_nexus_sends_a_blob_once(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GROUP].answer = registry
    nginx = serve(CACHED)
    replies = [
        nginx.ask("GET", f"/v2/{name}/blobs/{DIGEST}", Authorization="Bearer reader") for name in ("a", "a", "b/c")
    ]
    assert [(reply.status, reply.body) for reply in replies] == [(200, BLOB)] * 3
    assert [reply.headers["X-Cache-Status"] for reply in replies] == ["MISS", "HIT", "HIT"]
    assert [request for request in nexus[GROUP].requests if request.startswith("GET")] == [f"GET /v2/a/blobs/{DIGEST}"]


def test_a_cached_blob_is_not_served_to_unauthorized_users(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GROUP].answer = registry
    nginx = serve(CACHED)
    nginx.ask("GET", f"/v2/a/blobs/{DIGEST}", Authorization="Bearer reader")
    others: list[dict[str, str]] = [{}, {"Authorization": "Bearer other"}]
    for headers in others:
        reply = nginx.ask("GET", f"/v2/a/blobs/{DIGEST}", headers)
        assert (reply.status, reply.body) == (401, b"{}")
        assert reply.headers["WWW-Authenticate"] == "Bearer realm=x"


def test_a_missing_blob_is_a_404(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GROUP].answer = registry
    reply = serve(CACHED).ask("GET", f"/v2/a/blobs/sha256:{'c' * 64}", Authorization="Bearer reader")
    assert reply.status == 404
    assert reply.json["errors"][0]["code"] == "BLOB_UNKNOWN"


def test_a_range_is_requested_as_a_range(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GROUP].answer = registry
    reply = serve(CACHED).ask("GET", f"/v2/a/blobs/{DIGEST}", Authorization="Bearer reader", Range="bytes=1-2")
    assert (reply.status, reply.body) == (206, BLOB[1:3])


def test_the_cache_serves_nothing_while_nexus_is_down(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GROUP].answer = registry
    nginx = serve(CACHED)
    nginx.ask("GET", f"/v2/a/blobs/{DIGEST}", Authorization="Bearer reader")
    nexus[GROUP].stop()
    assert nginx.ask("GET", f"/v2/a/blobs/{DIGEST}", Authorization="Bearer reader").status == 503


def test_a_push_checks_the_hosted_repository(serve: Serve, nexus: dict[int, Echo]) -> None:
    nginx = serve(CACHED)
    nginx.ask("HEAD", f"/v2/a/blobs/{DIGEST}")
    assert nexus[HOSTED].requests == [f"HEAD /v2/a/blobs/{DIGEST}"]
    assert not nexus[GROUP].requests


def test_cache_hits_are_logged(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GROUP].answer = registry
    nginx = serve(CACHED)
    for _ in range(2):
        nginx.ask("GET", f"/v2/a/blobs/{DIGEST}", Authorization="Bearer reader")
    nginx.stop()
    lines = (nginx.folder / "access.log").read_text().splitlines()
    assert sorted(lines) == [f"blob-cache {status} {len(BLOB)} /v2/a/blobs/{DIGEST}" for status in ("HIT", "MISS")]
