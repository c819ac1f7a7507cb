"""What one client gets out of the cache of blobs holds nothing of another one."""

from http.server import BaseHTTPRequestHandler

from tests.integration.programs.nginx.conftest import GROUP
from tests.integration.programs.nginx.sending import DIGEST, Serve
from tests.integration.programs.nginx.server import Answer, Echo

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
