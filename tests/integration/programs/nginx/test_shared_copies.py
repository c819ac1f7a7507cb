"""A cached blob contains nothing of the client that it was fetched for."""

from http.server import BaseHTTPRequestHandler

from tests.integration.programs.nginx.conftest import GROUP
from tests.integration.programs.nginx.sending import DIGEST, Serve
from tests.integration.programs.nginx.server import Answer, Echo

CACHED = {"blobCache": {"maxSize": "1g"}}


def test_a_cookie_of_one_client_is_not_sent_to_the_next(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GROUP].answer = lambda request: Answer(200, {"Set-Cookie": "NXSESSIONID=of-the-first"}, b"layer")
    nginx = serve(CACHED)
    replies = [nginx.ask("GET", f"/v2/a/blobs/{DIGEST}") for _ in range(2)]
    assert [reply.headers["X-Cache-Status"] for reply in replies] == ["MISS", "HIT"]
    assert not [reply for reply in replies if "Set-Cookie" in reply.headers]


def test_a_gzip_copy_is_not_sent_to_a_client_that_did_not_accept_it(serve: Serve, nexus: dict[int, Echo]) -> None:
    def compressing(request: BaseHTTPRequestHandler) -> Answer:
        wanted = request.headers.get("Accept-Encoding", "")
        return Answer(200, {"Content-Encoding": "gzip"}, b"gzip") if "gzip" in wanted else Answer(200, {}, b"layer")

    nexus[GROUP].answer = compressing
    nginx = serve(CACHED)
    nginx.ask("GET", f"/v2/a/blobs/{DIGEST}", Accept_Encoding="gzip")
    reply = nginx.ask("GET", f"/v2/a/blobs/{DIGEST}", Accept_Encoding="identity")
    assert reply.body == b"layer"
    assert "Content-Encoding" not in reply.headers


def test_an_unrequested_gzip_copy_is_not_cached(serve: Serve, nexus: dict[int, Echo]) -> None:
    nexus[GROUP].answer = lambda request: Answer(200, {"Content-Encoding": "gzip"}, b"gzip")
    nginx = serve(CACHED)
    assert [nginx.ask("GET", f"/v2/a/blobs/{DIGEST}").headers["X-Cache-Status"] for _ in range(2)] == ["MISS", "MISS"]
