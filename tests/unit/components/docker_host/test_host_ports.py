"""A port that another container publishes is refused before the engine does it in the middle of an `up`."""

from pathlib import Path

import pytest

from components.docker_host.host_ports import refuse_taken_ports, taken_ports
from stacks.docker_routes import Connector, DockerRoutes
from stacks.nginx_settings import NginxSettings
from stacks.rules.refusal import Refusal

PS = """\
web\t80/tcp, 198.18.0.1:443->8443/tcp, 198.18.0.1:5000-5002->5000-5002/tcp
old\t:::8443->443/tcp
all\t0.0.0.0:9443->443/tcp, [::]:9443->443/tcp, 0.0.0.0:8080->53/udp
project-stack-nginx\t198.18.0.1:7443->8443/tcp
nexus\t8081/tcp
"""


@pytest.fixture(autouse=True)
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = tmp_path / "docker"
    command.write_text(f"#!/bin/sh\ncat <<'END'\n{PS}END\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr("components.docker_host.host_ports.physical", "project-stack-{}".format)


def found(address: str | list[str], https: int, http: int = 80, **docker_ports: int) -> str:
    settings = NginxSettings.model_validate({"bindAddress": address, "httpsPort": https, "httpPort": http})
    image = Connector("image", 5000)
    served = tuple((port, Connector(name, port)) for name, port in docker_ports.items())
    return "\n".join(map(str, taken_ports({}, settings, DockerRoutes(image, image, served))))


@pytest.mark.parametrize(
    ("address", "https", "http", "docker_ports"),
    [
        ("198.18.0.2", 443, 80, {}),  # at another address
        ("198.18.0.1", 7443, 80, {}),  # our own nginx
        ("198.18.0.1", 8443, 8080, {}),  # of the other family, of another protocol
        ("198.18.0.1", 444, 80, {"images": 5003}),
    ],
)
def test_a_port_that_nobody_publishes_there_is_taken(
    address: str, https: int, http: int, docker_ports: dict[str, int]
) -> None:
    assert found(address, https, http, **docker_ports) == ""


@pytest.mark.parametrize(
    ("address", "https", "owner"),
    [
        ("198.18.0.1", 443, "web"),
        ("0.0.0.0", 443, "web"),
        ("198.18.0.2", 9443, "all"),
        ("::1", 8443, "old"),
        (["198.18.0.2", "198.18.0.1"], 443, "web"),
    ],
)
def test_a_port_of_another_container_is_refused_with_its_name(address: str | list[str], https: int, owner: str) -> None:
    shown = address if isinstance(address, str) else ", ".join(address)
    assert found(address, https) == (
        f"nginx.httpsPort: {https} was given; allowed: a port that the container {owner} does not publish at {shown}; "
        "remedy: pulumi config set --path nginx.httpsPort PORT, or another nginx.bindAddress"
    )


def test_each_port_is_a_line_of_its_own() -> None:
    said = found("198.18.0.1", 443, 5001, images=5002).splitlines()
    assert [line.partition(":")[0] for line in said] == [
        "nginx.httpsPort",
        "nginx.httpPort",
        "nginx.dockerPorts.images",
    ]


@pytest.mark.parametrize("preview", [True, False])
def test_a_preview_warns_and_an_up_is_refused(preview: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr("pulumi.runtime.is_dry_run", lambda: preview)
    monkeypatch.setattr("pulumi.log.warn", warnings.append)
    settings = NginxSettings.model_validate({"bindAddress": "198.18.0.1"})
    if preview:
        refuse_taken_ports({}, settings, None)
    else:
        with pytest.raises(Refusal, match=r"nginx\.httpsPort: 443 was given"):
            refuse_taken_ports({}, settings, None)
    assert len(warnings) == preview
