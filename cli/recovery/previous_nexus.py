"""The Nexus container that ran before an `up`, brought back where the new one starts and never answers."""

import io
import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from cli.console import say
from cli.docker import Docker
from cli.errors import CommandError
from cli.recovery.state import State, read_state, write_state
from cli.stack.stack import Stack
from preflight.engine_objects import Kind
from stacks.layout import NEXUS, NEXUS_THROUGH_NGINX, NGINX, STATUS_URL

_WRITABLE = f"{STATUS_URL}/writable"
_SECONDS = 300


@dataclass(frozen=True)
class PreviousNexus:
    """A container that runs, and what the state has of it."""

    stack: Stack
    docker: Docker
    inspected: Mapping[str, Any]
    """As `docker container inspect` has it; it holds the server's first password and is never printed."""
    resource: Mapping[str, Any]

    @classmethod
    def of(cls, stack: Stack, docker: Docker, state: State) -> "PreviousNexus | None":
        """None where no Nexus of the state runs."""
        answer = docker.ask("container", "inspect", stack.docker_name(NEXUS))
        inspected = json.loads(answer)[0] if answer else None
        containers = (each for each in state.of(Kind.CONTAINER) if each["urn"].endswith("::nexus"))
        resource = next(containers, None)
        if not inspected or not resource or resource["id"] != inspected["Id"] or not inspected["State"]["Running"]:
            return None
        return cls(stack, docker, inspected, resource)

    def bring_back(self, environment: Mapping[str, str], folder: Path) -> None:
        """Puts it in the place of one that does not answer, with the state saying so; does nothing where none has
        taken its place, or where that answers.

        Raises:
            CommandError: the engine does not make it.
        """
        name = self.stack.docker_name(NEXUS)
        if self.docker.field(name, "{{.Id}}") == self.inspected["Id"] or self._answers(name):
            return
        say(f"the new {name} does not answer: the previous container is restored ...")
        self.docker.ask("rm", "--force", name)
        id_ = _create(self.docker, name, self.inspected)
        self._write_down(id_, environment, folder)
        self.docker.do("start", name)
        say(f"{name} is the container from before this up, and {self._how_it_is(name)}")

    def _write_down(self, id_: str, environment: Mapping[str, str], folder: Path) -> None:
        """In the state, so that the next preview shows what the stack file wants else than what runs."""
        state = read_state(self.stack, environment)
        restored = {**self.resource, "id": id_, "outputs": {**self.resource["outputs"], "id": id_}}
        resources = [restored if each["urn"] == restored["urn"] else each for each in state.resources]
        if resources == state.resources:
            return  # it is known by its label then, and the next up makes another one in its place
        deployment = {**state.document["deployment"], "resources": resources}
        write_state(self.stack, environment, {**state.document, "deployment": deployment}, folder)

    def _answers(self, name: str) -> bool:
        command = ["exec", name, "curl", "-s", "--fail", "-o", "/dev/null", "--max-time", "10", _WRITABLE]
        return self.docker.result(*command).returncode == 0

    def _how_it_is(self, name: str) -> str:
        if not self._answers_in_time(name, _WRITABLE):
            return f"it does not answer yet: docker logs {name}"
        nginx = self.stack.docker_name(NGINX)
        if not self._answers_in_time(nginx, *NEXUS_THROUGH_NGINX):
            return f"nginx does not reach it yet: docker logs {nginx}"
        return "it serves"

    def _answers_in_time(self, name: str, *asked: str) -> bool:
        retrying = ["--retry", str(_SECONDS), "--retry-delay", "1", "--retry-all-errors", "--retry-max-time"]
        command = ["exec", name, "curl", "-s", "--fail", "-o", "/dev/null", *retrying, str(_SECONDS), *asked]
        return self.docker.result(*command).returncode == 0


def _create(docker: Docker, name: str, inspected: Mapping[str, Any]) -> str:
    """Recreates the container from what was inspected; returns its id."""
    networks = inspected["NetworkSettings"]["Networks"]
    short = inspected["Id"][:12]
    config = {key: value for key, value in inspected["Config"].items() if key != "Hostname"}
    body = {
        **config,
        "HostConfig": inspected["HostConfig"],
        "NetworkingConfig": {
            "EndpointsConfig": {
                network: {"Aliases": [alias for alias in endpoint.get("Aliases") or () if alias != short]}
                for network, endpoint in networks.items()
            }
        },
    }
    status, answer = _ask_engine(docker, f"/containers/create?name={name}", body)
    if status != HTTPStatus.CREATED:
        raise CommandError(name, f"it cannot be created again: {answer.get('message', status)}")
    return str(answer["Id"])


def _ask_engine(docker: Docker, path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """A request of the engine's API, through the docker command, which knows the way to it: over SSH, too.

    The environment that goes with it is in no argument.
    """
    content = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    done = subprocess.run(
        ["docker", "system", "dial-stdio"],
        env=docker.environment,
        input=head.encode() + content,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    import http.client  # only where a Nexus is brought back

    answer = http.client.HTTPResponse(_Received(done.stdout))  # type: ignore[arg-type]
    try:
        answer.begin()
        return answer.status, json.loads(answer.read() or b"{}")
    except (http.client.HTTPException, ValueError):
        return 0, {}


class _Received:
    """What http.client wants of a socket."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._content)
