"""A port that another container publishes is reported with its key, before the engine refuses it."""

from pathlib import Path

import pytest

from components.docker_host.host_ports import TakenPort, refuse_taken, taken_ports
from nexus.problem import Problem
from preflight.engine_answer import Unanswered
from stacks.docker_routes import Connector, DockerRoutes
from stacks.nginx_settings import NginxSettings
from tests.support.played_docker import play_docker

PS = """\
web\t\t80/tcp, 198.18.0.1:443->8443/tcp, 198.18.0.1:5000-5002->5000-5002/tcp
old\t\t:::8443->443/tcp
all\t\t0.0.0.0:9443->443/tcp, [::]:9443->443/tcp, 0.0.0.0:8080->53/udp
project-stack-nginx\tours\t198.18.0.1:7443->8443/tcp
nexus\tours\t8081/tcp
"""


@pytest.fixture(autouse=True)
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play_docker(monkeypatch, tmp_path, f"#!/bin/sh\ncat <<'END'\n{PS}END\n")
    monkeypatch.setattr("components.docker_host.host_ports.physical", "project-stack-{}".format)


def found(address: str | list[str], https: int, http: int = 80, **docker_ports: int) -> str:
    settings = NginxSettings.model_validate({"bindAddress": address, "httpsPort": https, "httpPort": http})
    image = Connector("image", 5000)
    served = tuple((port, Connector(name, port)) for name, port in docker_ports.items())
    return "\n".join(str(each.problem) for each in taken_ports({}, settings, DockerRoutes(image, image, served)))


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


def taken(container: str, state_id: str = "") -> TakenPort:
    return TakenPort(Problem("nginx.httpsPort", f"{container} has it", fix="another"), container, state_id)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The warnings and errors of the program."""
    lines: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", lambda text: lines.append(f"warning: {text}"))
    monkeypatch.setattr("pulumi.log.error", lambda text: lines.append(f"error: {text}"))
    monkeypatch.setattr("pulumi.get_stack", lambda: "trial")
    monkeypatch.setattr("pulumi.get_project", lambda: "repository-store")
    monkeypatch.setattr("pulumi.runtime.is_dry_run", lambda: False)
    return lines


@pytest.mark.parametrize("other", [taken("web"), taken("repository-store-other-nginx", "theirs")])
def test_a_port_of_another_container_ends_an_up_and_only_warns_in_a_preview(
    other: TakenPort, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit):
        refuse_taken([other], "ours")
    assert said == [f"error: nginx.httpsPort: {other.container} has it. Fix: another"]
    monkeypatch.setattr("pulumi.runtime.is_dry_run", lambda: True)
    refuse_taken([other], "ours")
    assert said[1:] == [f"warning: nginx.httpsPort: {other.container} has it. Fix: another"]


def test_a_port_of_this_stacks_nginx_under_an_earlier_name_is_none_of_another(said: list[str]) -> None:
    refuse_taken([taken("repository-store-earlier-nginx", "ours")], "ours")
    assert said == []
    refuse_taken([taken("repository-store-earlier-nginx")], "ours")  # made before there were labels
    assert [line.partition(":")[0] for line in said] == ["warning"]


def test_an_engine_that_does_not_list_its_containers_is_no_free_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play_docker(monkeypatch, tmp_path, "#!/bin/sh\nexit 1\n")
    with pytest.raises(Unanswered, match="docker ps"):
        found("198.18.0.2", 443)
