"""A port that another container publishes is reported with its key, before the engine refuses it."""

from pathlib import Path

import pytest

from components.docker_host.host_ports import taken_ports, warn_of_taken_ports
from stacks.docker_routes import Connector, DockerRoutes
from stacks.nginx_settings import NginxSettings
from tests.support.played_docker import play_docker

PS = """\
web\t80/tcp, 198.18.0.1:443->8443/tcp, 198.18.0.1:5000-5002->5000-5002/tcp
old\t:::8443->443/tcp
all\t0.0.0.0:9443->443/tcp, [::]:9443->443/tcp, 0.0.0.0:8080->53/udp
project-stack-nginx\t198.18.0.1:7443->8443/tcp
nexus\t8081/tcp
"""


@pytest.fixture(autouse=True)
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play_docker(monkeypatch, tmp_path, f"#!/bin/sh\ncat <<'END'\n{PS}END\n")
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
        ("198.18.0.1", 8443, 8080, {}),  # other address family, other protocol
        ("198.18.0.1", 444, 80, {"images": 5003}),
    ],
)
def test_an_unpublished_port_is_accepted(address: str, https: int, http: int, docker_ports: dict[str, int]) -> None:
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
def test_a_port_of_another_container_is_reported_with_the_containers_name(
    address: str | list[str], https: int, owner: str
) -> None:
    shown = address if isinstance(address, str) else ", ".join(address)
    assert found(address, https) == (
        f"nginx.httpsPort: the container {owner} publishes this port at {shown} (got {https}). "
        "Fix: pulumi config set --path nginx.httpsPort PORT, or choose another nginx.bindAddress"
    )


def test_each_port_is_a_line() -> None:
    lines = found("198.18.0.1", 443, 5001, images=5002).splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "nginx.httpsPort",
        "nginx.httpPort",
        "nginx.dockerPorts.images",
    ]


def test_the_warning_names_the_stack_and_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", warnings.append)
    monkeypatch.setattr("pulumi.get_stack", lambda: "trial")
    monkeypatch.delenv("REPOSITORY_STORE_STACK", raising=False)
    monkeypatch.setenv("PULUMI_STACK", "trial")
    warn_of_taken_ports({}, NginxSettings.model_validate({"bindAddress": "198.18.0.1"}), None)
    assert [warning.partition("Fix: ")[2] for warning in warnings] == [
        "pulumi config set --stack trial --path nginx.httpsPort PORT, or choose another nginx.bindAddress"
    ]
