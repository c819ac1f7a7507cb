"""Restores the Nexus container from before an `up` if the new one starts but never answers."""

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
from cli.stack.stack import Stack
from cli.stack.state import State, read_state, write_state
from preflight.encryption_key import KeyFile, key_file_of
from preflight.engine_answer import Unanswered
from preflight.engine_objects import Kind
from stacks.layout import NEXUS, NEXUS_THROUGH_NGINX, NGINX, STATUS_URL

_WRITABLE = f"{STATUS_URL}/writable"
_SECONDS = 300


@dataclass(frozen=True)
class PreviousNexus:
    """A running container, and its resource in the state."""

    stack: Stack
    docker: Docker
    inspected: Mapping[str, Any]
    """The output of `docker container inspect`; contains the server's first password and is never printed."""
    resource: Mapping[str, Any]
    keys: KeyFile | None
    """The file of encryption keys."""

    @classmethod
    def of(cls, stack: Stack, docker: Docker, state: State) -> "PreviousNexus | None":
        """The container; None if no Nexus of the state is running.

        Raises:
            CommandError: its encryption keys cannot be kept, without which it could not be restored.
        """
        answer = docker.ask("container", "inspect", stack.docker_name(NEXUS))
        inspected = json.loads(answer)[0] if answer else None
        containers = (each for each in state.of(Kind.CONTAINER) if each["urn"].endswith("::nexus"))
        resource = next(containers, None)
        if not inspected or not resource or resource["id"] != inspected["Id"] or not inspected["State"]["Running"]:
            return None
        try:
            keys = key_file_of(docker.environment, stack.docker_name(NEXUS))
        except Unanswered as error:
            raise CommandError("", str(error)) from None
        return cls(stack, docker, inspected, resource, keys)

    def restore(self, environment: Mapping[str, str], folder: Path) -> None:
        """Replaces a new container that does not answer, also in the state; does nothing if there is no new one or it
        answers.

        Raises:
            CommandError: the engine does not create the container.
        """
        name = self.stack.docker_name(NEXUS)
        if self.docker.field(name, "{{.Id}}") == self.inspected["Id"] or self._answers(name):
            return
        say(f"the new {name} does not answer: the previous container is restored ...")
        self.docker.ask("rm", "--force", name)
        id_ = _create(self.docker, name, self.inspected)
        if self.keys and self.keys.is_copied:
            self.docker.do("cp", "-", f"{name}:{self.keys.folder}", text=self.keys.archive)
        self._write_to_state(id_, environment, folder)
        self.docker.do("start", name)
        say(f"{name} is the container from before this up, and {self._readiness(name)}")

    def _write_to_state(self, id_: str, environment: Mapping[str, str], folder: Path) -> None:
        """Writes the restored container to the state, so that the next preview compares it with the stack file."""
        state = read_state(self.stack, environment)
        restored = {**self.resource, "id": id_, "outputs": {**self.resource["outputs"], "id": id_}}
        resources = [restored if each["urn"] == restored["urn"] else each for each in state.resources]
        if resources == state.resources:
            return  # the next up finds it by its label and replaces it
        deployment = {**state.document["deployment"], "resources": resources}
        write_state(self.stack, environment, {**state.document, "deployment": deployment}, folder)

    def _answers(self, name: str) -> bool:
        command = ["exec", name, "curl", "-s", "--fail", "-o", "/dev/null", "--max-time", "10", _WRITABLE]
        return self.docker.result(*command).returncode == 0

    def _readiness(self, name: str) -> str:
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
    """Recreates the container from the output of `docker container inspect`; returns its id."""
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
    """Sends a request to the engine's API through the docker command, which also works over SSH.

    The body goes to standard input, since it contains the container's environment.
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
    import http.client  # loaded only for a restore

    answer = http.client.HTTPResponse(_Received(done.stdout))  # type: ignore[arg-type]
    try:
        answer.begin()
        return answer.status, json.loads(answer.read() or b"{}")
    except (http.client.HTTPException, ValueError):
        return 0, {}


class _Received:
    """The part of a socket that http.client uses."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._content)
