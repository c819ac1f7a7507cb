"""Single requests of the registry protocol and the user interface."""

import re
from secrets import token_bytes
from typing import Any

from tests.conformance.clients.images import INDEX, MANIFEST, digest
from tests.conformance.clients.matrix.operation import operation
from tests.conformance.clients.world import BOTH, World

ACCEPT = {"Accept": f"{MANIFEST}, {INDEX}"}


def _begun(world: World, name: str) -> str:
    """Starts an upload of a blob and returns its URL."""
    reply = world.http("POST", f"/v2/{name}/blobs/uploads/")
    assert reply.status_code == 202, reply.text
    return reply.headers["Location"]


def _answer(world: World, path: str, **kwargs: Any) -> Any:
    reply = world.http("GET", path, **kwargs)
    assert reply.status_code == 200, reply.text
    return reply.json()


def _upload(world: World, name: str, content: bytes) -> str:
    """Uploads a blob to the private repository in one request, and returns its path."""
    location = _begun(world, name)
    assert location.startswith(f"{world.url}/")
    reply = world.http("PUT", location, params={"digest": digest(content)}, data=content)
    assert reply.status_code == 201, reply.text
    return f"/v2/{name}/blobs/{digest(content)}"


def _layer(world: World, name: str) -> str:
    """The path of an image's first layer."""
    manifest = _answer(world, f"/v2/{name}/manifests/1", headers=ACCEPT)
    return f"/v2/{name}/blobs/{manifest['layers'][0]['digest']}"


@operation("HTTP: ping names a challenge at the public address", seed=True)
def ping(world: World) -> None:
    reply = world.http("GET", "/v2/", login=False)
    assert reply.status_code == 401 or world.http("GET", "/v2/").status_code == 200
    realm = re.search(r'realm="([^"]*)"', reply.headers.get("WWW-Authenticate", ""))
    assert reply.status_code == 200 or (realm and (realm[1].startswith(world.url) or "Nexus" in realm[1]))


@operation("HTTP: a wrong password is refused", seed=True)
def wrong_password(world: World) -> None:
    assert (
        world.http("GET", "/v2/", login=False, headers={"Authorization": "Basic d3Jvbmc6d3Jvbmc="}).status_code == 401
    )


@operation("HTTP: /v2 without its slash", seed=True)
def without_slash(world: World) -> None:
    assert world.http("GET", "/v2").status_code == 200


@operation("HTTP: upload in one piece")
def upload(world: World) -> None:
    assert world.http("HEAD", _upload(world, "team/http-upload", token_bytes(1 << 16))).status_code == 200


@operation("HTTP: upload in pieces, resumed where its status says")
def resumed_upload(world: World) -> None:
    content = token_bytes(1 << 17)
    location = _begun(world, "team/http-resumed")
    half = len(content) // 2
    headers = {"Content-Type": "application/octet-stream", "Content-Range": f"0-{half - 1}"}
    location = world.http("PATCH", location, data=content[:half], headers=headers).headers["Location"]
    status = world.http("GET", location)
    assert status.status_code == 204
    assert status.headers["Range"] == f"0-{half - 1}"
    headers["Content-Range"] = f"{half}-{len(content) - 1}"
    location = world.http("PATCH", location, data=content[half:], headers=headers).headers["Location"]
    assert world.http("PUT", location, params={"digest": digest(content)}).status_code == 201


@operation("HTTP: upload given up")
def cancelled_upload(world: World) -> None:
    location = _begun(world, "team/http-cancelled")
    assert world.http("DELETE", location).status_code == 204
    assert world.http("GET", location).status_code == 404


@operation("HTTP: upload with a wrong digest is refused")
def wrong_digest(world: World) -> None:
    location = _begun(world, "team/http-wrong")
    reply = world.http("PUT", location, params={"digest": digest(b"other")}, data=b"content")
    assert reply.status_code == 400
    assert reply.json()["errors"][0]["code"] == "DIGEST_INVALID"


@operation("HTTP: mount of a layer")
def mount(world: World) -> None:
    content = token_bytes(1 << 10)
    _upload(world, "team/http-source", content)
    path = f"/v2/team/http-target/blobs/uploads/?mount={digest(content)}&from=team/http-source"
    assert world.http("POST", path).status_code in (201, 202)


@operation("HTTP: download of a part")
def part(world: World) -> None:
    content = token_bytes(1 << 16)
    reply = world.http("GET", _upload(world, "team/http-part", content), headers={"Range": "bytes=100-199"})
    assert (reply.status_code, reply.content) == (206, content[100:200])


@operation("HTTP: download of a proxied layer")
def proxied_layer(world: World) -> None:
    world.proxied("library/http-layer")
    assert world.http("GET", _layer(world, "library/http-layer")).status_code == 200


@operation("HTTP: HEAD of a hosted layer")
def head_hosted(world: World) -> None:
    world.hosted("team/http-head")
    reply = world.http("HEAD", _layer(world, "team/http-head"))
    assert reply.status_code == 200
    assert int(reply.headers["Content-Length"]) > 0


@operation("HTTP: HEAD of a proxied layer by a reader", path=False)
def head_proxied(world: World) -> None:
    world.proxied("library/http-head")
    assert world.http("HEAD", _layer(world, "library/http-head")).status_code == 200


@operation("HTTP: HEAD of a proxied manifest, as containerd and the kubelet resolve")
def resolve(world: World) -> None:
    world.proxied("library/http-resolve", BOTH)
    docker = "application/vnd.docker.distribution.manifest"
    accept = f"{docker}.v2+json, {docker}.list.v2+json, {MANIFEST}, {INDEX}, */*"
    reply = world.http("HEAD", "/v2/library/http-resolve/manifests/1", headers={"Accept": accept})
    assert reply.status_code == 200
    by_digest = f"/v2/library/http-resolve/manifests/{reply.headers['Docker-Content-Digest']}"
    assert world.http("HEAD", by_digest, headers={"Accept": accept}).status_code == 200


@operation("HTTP: a manifest that is only proxied must be pushed", seed=True)
def must_push(world: World) -> None:
    world.proxied("library/http-push")
    reply = world.http("HEAD", "/v2/library/http-push/manifests/1", headers={"Accept": f"{MANIFEST}, */*"})
    assert reply.status_code == 404


@operation("HTTP: HEAD of a proxied manifest with one media type, as scripts look a digest up")
def look_up(world: World) -> None:
    world.proxied("library/http-look-up")
    reply = world.http("HEAD", "/v2/library/http-look-up/manifests/1", headers={"Accept": MANIFEST})
    assert reply.status_code == 200
    assert reply.headers["Docker-Content-Digest"].startswith("sha256:")


@operation("HTTP: proxied images with the protocol's words as names")
def words(world: World) -> None:
    docker = "application/vnd.docker.distribution.manifest"
    accept = f"{docker}.v2+json, {docker}.list.v2+json, {MANIFEST}, {INDEX}, */*"
    for name in ("library/blobs/app", "library/blobs/uploads/app"):
        world.proxied(name)
        for method in ("HEAD", "GET"):
            assert world.http(method, f"/v2/{name}/manifests/1", headers={"Accept": accept}).status_code == 200


@operation("HTTP: another name is refused", seed=True)
def another_name(world: World) -> None:
    reply = world.http("GET", "/v2/", headers={"Host": "elsewhere.domain.org"})
    assert reply.status_code == 421
    assert reply.json()["errors"][0]["code"] == "DENIED"


@operation("HTTP: list of tags")
def tags(world: World) -> None:
    world.hosted("team/http-tags")
    assert _answer(world, "/v2/team/http-tags/tags/list")["tags"] == ["1"]


@operation("HTTP: catalogue")
def catalogue(world: World) -> None:
    world.hosted("team/http-catalogue")
    assert "team/http-catalogue" in _answer(world, "/v2/_catalog")["repositories"]


@operation("HTTP: an unknown manifest is unknown in the registry's words", seed=True)
def unknown(world: World) -> None:
    reply = world.http("GET", "/v2/team/nowhere/manifests/1", headers=ACCEPT)
    assert reply.status_code == 404
    assert reply.json()["errors"][0]["code"] in ("MANIFEST_UNKNOWN", "NAME_UNKNOWN")


@operation("HTTP: delete of a manifest")
def delete(world: World) -> None:
    image = world.hosted("team/http-delete")
    path = f"/v2/team/http-delete/manifests/{world.digest(image)}"
    assert world.http("DELETE", path, admin=True).status_code == 202
    assert not world.is_hosted(image)


@operation("HTTP: search by docker's old protocol")
def search(world: World) -> None:
    world.hosted("searched/http-found")
    found = _answer(world, "/v1/search", params={"q": "http-found"})
    assert "searched/http-found" in [result["name"] for result in found["results"]]


@operation("HTTP: odd methods are no server errors", seed=True)
def odd_methods(world: World) -> None:
    for method in ("PROPFIND", "OPTIONS", "TRACE", "FOO"):
        for path in ("/", "/v2/", "/repository/maven-public/"):
            assert world.http(method, path).status_code < 500


@operation("browser: the user interface", seed=True)
def interface(world: World) -> None:
    reply = world.http("GET", "/", login=False)
    assert reply.status_code == 200
    assert "text/html" in reply.headers["Content-Type"]


@operation("browser: the user interface for one whose agent says docker")
def interface_for_docker(world: World) -> None:
    reply = world.http("GET", "/", login=False, headers={"User-Agent": "Mozilla/5.0 (docker desktop)"})
    assert reply.status_code == 200
    assert "text/html" in reply.headers["Content-Type"]


@operation("REST: status", seed=True)
def status(world: World) -> None:
    assert world.http("GET", "/service/rest/v1/status").status_code == 200


@operation("metrics are closed", seed=True)
def metrics(world: World) -> None:
    assert world.http("GET", "/service/metrics/data", admin=True).status_code == 403
