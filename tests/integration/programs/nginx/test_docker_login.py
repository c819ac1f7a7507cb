"""docker logs in, and an image is pushed and pulled, at an HTTPS port other than 443.

nginx, docker and skopeo are real. Nexus is the stand-in, whose token realms follow the headers as those of Nexus do
(`TokenRealm`): 3.78 and 3.80 were reported to write the port twice (nexus-public#611, #651).
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conformance.clients.images import layout
from tests.conformance.contract.stand_in import Server, binary, running
from tests.conformance.stand_in.pair import create, password
from tests.integration.programs.nginx.conftest import GROUP, GUI, HOSTED
from tests.integration.programs.nginx.server import Nginx
from tests.support.ports import free_port
from tests.support.real_clients.docker import docker_clients
from tests.support.real_clients.running import attempt, run
from tests.support.versions import NEWEST
from tests.unit.nginx.rendering import configuration

DOCS = Path(__file__).parents[4] / "docs" / "nginx.md"


@dataclass(frozen=True)
class At:
    port: int


@pytest.fixture(scope="module", params=["3.77", "3.78", "3.80", NEWEST])
def nexus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(binary(), tmp_path_factory.mktemp("nexus"), request.param) as server:
        agreement = server.rest("GET", "system/eula").json()
        server.rest("POST", "system/eula", json={**agreement, "accepted": True}).raise_for_status()
        server.rest("PUT", "security/realms/active", json=["NexusAuthenticatingRealm", "DockerToken"])
        yield server


@pytest.fixture(scope="module")
def listening(nexus: Server) -> dict[int, At]:
    """The ports of Nexus and of two docker repositories that demand a token."""
    found = {GUI: At(int(nexus.url.rpartition(":")[2])), HOSTED: At(free_port()), GROUP: At(free_port())}
    hosted, group = ({"httpPort": found[port].port, "forceBasicAuth": False} for port in (HOSTED, GROUP))
    create(nexus, "docker/hosted", "docker-private", docker=hosted)
    create(nexus, "docker/group", "docker-group", members=("docker-private",), docker=group)
    return found


@pytest.fixture
def registry(nexus: Server, listening: dict[int, At], certificate: tuple[str, str], tmp_path: Path) -> Iterator[str]:
    """The name of the registry. The folder has a login for it, so that no argument contains the password."""
    port = free_port()
    text = configuration({"httpsPort": port}, address="127.0.0.1").text
    nginx = Nginx(tmp_path, text, listening, certificate, {8443: port})
    login = base64.b64encode(f"admin:{password(nexus)}".encode()).decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {f"127.0.0.1:{port}": {"auth": login}}}))
    yield f"127.0.0.1:{port}"
    nginx.stop()


@pytest.mark.parametrize("version", docker_clients())
def test_docker_logs_in(nexus: Server, registry: str, version: str, tmp_path: Path) -> None:
    command = [docker_clients()[version], "login", registry, "--username", "admin", "--password-stdin"]
    # Without a daemon, docker speaks to the registry itself.
    alone = {"DOCKER_HOST": f"unix://{tmp_path}/none", "DOCKER_CONFIG": str(tmp_path / "docker")}
    assert "Login Succeeded" in run(command, tmp_path, text=password(nexus), **alone)


def test_an_image_is_pushed_and_pulled(registry: str, tmp_path: Path) -> None:
    skopeo = ["skopeo", "--insecure-policy", "copy", "--quiet", "--authfile", str(tmp_path / "config.json")]
    trust, image = {"SSL_CERT_FILE": str(tmp_path / "tls.crt")}, f"docker://{registry}/team/app:1"
    run([*skopeo, f"oci:{layout(tmp_path / 'image', 'on another port')}:1", image], tmp_path, **trust)
    run([*skopeo, image, f"oci:{tmp_path / 'pulled'}:1"], tmp_path, **trust)


@pytest.mark.parametrize("version", docker_clients())
def test_docker_prints_the_status_while_nexus_is_down(
    version: str, certificate: tuple[str, str], tmp_path: Path
) -> None:
    """At a loopback address docker tries plain HTTP too, so that this is not its last line."""
    port = free_port()
    text = configuration({"httpsPort": port}, address="127.0.0.1").text
    nginx = Nginx(tmp_path, text, {each: At(free_port()) for each in (GUI, HOSTED, GROUP)}, certificate, {8443: port})
    login = [docker_clients()[version], "--debug", "login", f"127.0.0.1:{port}", "--username", "u", "--password-stdin"]
    alone = {"DOCKER_HOST": f"unix://{tmp_path}/none", "DOCKER_CONFIG": str(tmp_path / "docker")}
    _, printed = attempt(login, tmp_path, text="p", **alone)
    nginx.stop()
    said = "login attempt to https://{}/v2/ failed with status: 503 Service Unavailable"
    assert said.format(f"127.0.0.1:{port}") in printed
    assert said.format("NAME") in DOCS.read_text()
