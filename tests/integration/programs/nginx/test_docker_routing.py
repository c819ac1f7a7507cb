"""Which repository answers which request, through a real nginx."""

from collections.abc import Callable

import pytest

from tests.integration.programs.nginx.conftest import GROUP, GUI, HOSTED
from tests.integration.programs.nginx.server import Answer, Echo, Nginx

DIGEST = "sha256:" + "a" * 64
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
OCI = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
ALL = f"{DOCKER}, application/vnd.docker.distribution.manifest.list.v2+json, {OCI}, {INDEX}"
GO_CONTAINERREGISTRY = f"application/vnd.docker.distribution.manifest.v1+json,{OCI},{INDEX}"
REGCLIENT = f"{INDEX}, {OCI}, {DOCKER}, application/vnd.oci.artifact.manifest.v1+json"

PATH = [
    ("GET", "/v2/", "", HOSTED),
    ("HEAD", "/v2/", "", HOSTED),
    ("GET", "/v2/?x=1", "", HOSTED),
    ("GET", "/v2/token?service=https://nexus.domain.org/v2/token&scope=repository:a:pull", "", HOSTED),
    ("POST", "/v2/token", "", HOSTED),
    ("POST", "/v2/a/blobs/uploads/", "", HOSTED),
    ("POST", f"/v2/a/b/c/blobs/uploads/?mount={DIGEST}&from=x", "", HOSTED),
    ("PATCH", "/v2/a/blobs/uploads/1-2-3", "", HOSTED),
    ("GET", "/v2/a/blobs/uploads/1-2-3", "", HOSTED),
    ("HEAD", "/v2/a/blobs/uploads/1-2-3", "", HOSTED),
    ("PUT", f"/v2/a/blobs/uploads/1-2-3?digest={DIGEST}", "", HOSTED),
    ("PUT", "/v2/a/manifests/1", "", HOSTED),
    ("DELETE", f"/v2/a/manifests/{DIGEST}", "", HOSTED),
    ("HEAD", f"/v2/a/blobs/{DIGEST}", "", HOSTED),
    ("HEAD", "/v2/a/manifests/1", f"{DOCKER}, */*", HOSTED),
    # A script that looks a digest up.
    ("HEAD", "/v2/a/manifests/1", DOCKER, GROUP),
    ("HEAD", f"/v2/a/b/manifests/{DIGEST}", OCI, GROUP),
    # Keywords of the protocol as names and tags.
    ("GET", "/v2/a/blobs/uploads/manifests/1", "", GROUP),
    ("HEAD", "/v2/a/blobs/uploads/b/manifests/1", f"{ALL}, */*", GROUP),
    ("HEAD", "/v2/team/blobs/app/manifests/1", f"{ALL}, */*", GROUP),
    ("HEAD", "/v2/team/blobs/manifests/uploads", f"{ALL}, */*", GROUP),
    ("GET", "/v2/team/blobs/uploads/tags/list", "", GROUP),
    ("HEAD", f"/v2/a/manifests/b/blobs/{DIGEST}", "", HOSTED),
    ("HEAD", f"/v2/a/blobs/sha512:{'a' * 128}", "", HOSTED),
    ("HEAD", f"/v2/a/b/manifests/{DIGEST}", f"{OCI}, */*", HOSTED),
    ("HEAD", f"/v2/a/b/manifests/{DIGEST}", f"{INDEX},*/*", HOSTED),
    ("HEAD", f"/v2/a/manifests/{DIGEST}", GO_CONTAINERREGISTRY, HOSTED),
    ("HEAD", "/v2/a/manifests/1", GO_CONTAINERREGISTRY, GROUP),
    ("HEAD", "/v2/a/manifests/1", f"{ALL}, */*", GROUP),
    ("HEAD", f"/v2/a/manifests/{DIGEST}", f"{ALL}, */*", GROUP),
    ("HEAD", "/v2/a/manifests/1", ALL, GROUP),
    ("HEAD", "/v2/a/manifests/1", "*/*", GROUP),
    ("HEAD", "/v2/a/manifests/1", "", GROUP),
    ("GET", "/v2/a/manifests/1", DOCKER, GROUP),
    ("GET", f"/v2/a/manifests/{DIGEST}", f"{OCI}, */*", GROUP),
    ("GET", f"/v2/a/blobs/{DIGEST}", "", GROUP),
    ("GET", "/v2/a/tags/list", "", GROUP),
    ("GET", "/v2/_catalog?n=5", "", GROUP),
    ("GET", f"/v2/a/referrers/{DIGEST}", "", GROUP),
    ("OPTIONS", "/v2/a/manifests/1", "", GROUP),
    ("GET", "/v1/_ping", "", GROUP),
    ("GET", "/v1/search?q=a&n=25", "", GROUP),
    ("GET", "/", "", GUI),
    ("GET", "/v3/", "", GUI),
    ("POST", "/service/rest/v1/components?repository=a", "", GUI),
    ("PUT", "/repository/maven-releases/a/1/a.jar", "", GUI),
    ("GET", "/repository/docker-private/v2/a/manifests/1", "", GUI),
]


def asked(nexus: dict[int, Echo]) -> list[int]:
    return [port for port, echo in nexus.items() if echo.requests]


@pytest.mark.parametrize(("method", "path", "accept", "expected"), PATH)
def test_routing_by_path_method_and_media_type(
    serve: Callable[..., Nginx], nexus: dict[int, Echo], method: str, path: str, accept: str, expected: int
) -> None:
    reply = serve().ask(method, path, {"Accept": accept} if accept else {})
    assert reply.status == 200
    assert asked(nexus) == [expected]


def test_a_private_namespace_is_read_from_the_hosted_repository(
    serve: Callable[..., Nginx], nexus: dict[int, Echo]
) -> None:
    nginx = serve({"privateNamespaces": ["team", "lab/base"]})
    for path in ("/v2/team/app/manifests/1", f"/v2/lab/base/blobs/{DIGEST}"):
        nginx.ask("GET", path)
    assert asked(nexus) == [HOSTED]
    for path in ("/v2/teams/app/manifests/1", f"/v2/lab/other/blobs/{DIGEST}"):
        nginx.ask("GET", path)
    assert len(nexus[GROUP].requests) == 2


@pytest.mark.parametrize("accept", [GO_CONTAINERREGISTRY, REGCLIENT])
@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_copy_to_the_same_name_gets_a_warning_if_only_the_group_has_the_tag(
    serve: Callable[..., Nginx], nexus: dict[int, Echo], accept: str, status: int
) -> None:
    nexus[HOSTED].answer = lambda request: Answer(status)
    reply = serve().ask("HEAD", "/v2/a/manifests/1", Accept=accept, Authorization="Bearer DockerToken.a")
    assert reply.status == 200
    assert reply.headers["Warning"].startswith('299 - "this tag comes from docker-group')
    assert len(nexus[HOSTED].requests) == len(nexus[GROUP].requests) == 1


def test_a_hosted_or_missing_tag_gets_no_warning(serve: Callable[..., Nginx], nexus: dict[int, Echo]) -> None:
    nginx, asks = serve(), {"Accept": GO_CONTAINERREGISTRY, "Authorization": "Bearer DockerToken.a"}
    assert "Warning" not in nginx.ask("HEAD", "/v2/a/manifests/1", asks).headers
    assert asked(nexus) == [HOSTED]
    for port in (HOSTED, GROUP):
        nexus[port].answer = lambda request: Answer(404)
    reply = nginx.ask("HEAD", "/v2/a/manifests/1", asks)
    assert (reply.status, reply.headers.get("Warning")) == (404, None)


@pytest.mark.parametrize("port", [HOSTED, GROUP])
def test_the_check_before_a_copy_gets_a_503_while_nexus_is_down(
    serve: Callable[..., Nginx], nexus: dict[int, Echo], port: int
) -> None:
    nexus[HOSTED].answer = lambda request: Answer(404)
    nginx = serve()
    nexus[port].stop()
    reply = nginx.ask("HEAD", "/v2/a/manifests/1", Accept=REGCLIENT, Authorization="Bearer DockerToken.a")
    assert (reply.status, reply.headers["Retry-After"]) == (503, "5")


SEED = [
    ("GET", "docker/20.10.24", GROUP),
    ("HEAD", "docker/20.10.24", HOSTED),
    ("PATCH", "docker/20.10.24", HOSTED),
    ("PUT", "docker/20.10.24", HOSTED),
    ("POST", "docker/20.10.24", HOSTED),
    ("DELETE", "docker/20.10.24", HOSTED),
    ("OPTIONS", "docker/20.10.24", GUI),
    ("GET", "containerd/1.6.20", GUI),
    ("HEAD", "skopeo/1.9.3", GUI),
    ("GET", "Mozilla/5.0 docker", GROUP),
    ("GET", "Docker-Client/28.2.2", GUI),
]


@pytest.mark.parametrize(("method", "agent", "expected"), SEED)
def test_routing_by_the_rules_of_the_seed(
    serve: Callable[..., Nginx], nexus: dict[int, Echo], method: str, agent: str, expected: int
) -> None:
    serve({"routing": "seed"}).ask(method, "/v2/a/manifests/1", User_Agent=agent)
    assert asked(nexus) == [expected]


def test_routing_by_port(serve: Callable[..., Nginx], nexus: dict[int, Echo]) -> None:
    nginx = serve({"routing": "ports", "dockerPorts": {"docker-group": 5443}})
    reply = nginx.ask("GET", "/v2/a/manifests/1", port=5443, host="nexus.domain.org:5443")
    assert asked(nexus) == [GROUP]
    assert reply.json["headers"]["Host"] == "nexus.domain.org:5443"
    nginx.ask("HEAD", "/v2/a/manifests/1", port=5000)
    assert len(nexus[HOSTED].requests) == 1
    assert nginx.ask("GET", "/v2/").json["headers"]["Host"] == "nexus.domain.org"
    assert len(nexus[GUI].requests) == 1
