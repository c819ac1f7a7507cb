"""Whether the store serves, really asked: Nexus's status through nginx, over verified TLS."""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from cli.console import say
from cli.docker import Docker
from cli.errors import CommandError
from cli.paths import ROOT
from cli.stack.server import client_of
from cli.stack.stack import Stack
from nexus.http.connection import Connection
from stacks.layout import NEXUS, NGINX

_SECONDS = 5.0
_STATUS = "/service/rest/v1/status"
_HEALTH = "{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}"


def say_after_failure(stack: Stack, docker: Docker, environment: Mapping[str, str], *, first: bool) -> None:
    """Prints whether the store serves now, which container is not running, and how to go back."""
    try:
        why = status_of(client_of(stack, environment).connection)
        say(f"the store does not serve now: {why}" if why else "the store serves now")
    except CommandError as error:
        say("the store does not serve yet" if first else f"whether the store serves could not be asked: {error}")
    for line in () if stack.is_external else _not_running(stack, docker):
        say(line)
    say(_way_back(stack, first=first))


def _way_back(stack: Stack, *, first: bool) -> str:
    if first:
        return f"to remove what was made: make down STACK={stack.name}"
    file = stack.file.relative_to(ROOT)
    shown = "" if stack.is_own else f" (git log --patch {file} shows it)"
    restore = f"; if a newer Nexus has run meanwhile, first make restore STACK={stack.name}"
    return (
        f"to go back to before a change of {file}: undo it{shown}, then make up STACK={stack.name}"
        f"{restore if stack.settings.given('backup.location') else ''}"
    )


def status_of(connection: Connection) -> str:
    """Why Nexus does not answer with its status; empty if it does."""
    parts = urlsplit(connection.url)
    host = parts.hostname or ""
    context = ssl.create_default_context(cadata=connection.ca_pem or None)
    try:
        with (
            socket.create_connection((connection.address or host, parts.port or 443), _SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            asking = http.client.HTTPConnection(parts.netloc)
            asking.sock = secured
            asking.request("GET", f"{parts.path.rstrip('/')}{_STATUS}")
            status = asking.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"{connection.url}: {error}"
    return "" if status == HTTPStatus.OK else f"{connection.url}{_STATUS} answers {status}"


def _not_running(stack: Stack, docker: Docker) -> Iterator[str]:
    for role in (NEXUS, NGINX, *stack.certificate_roles):
        name = stack.docker_name(role)
        state = docker.field(name, _HEALTH, _SECONDS).split()
        if not state:
            yield f"the container {name} is missing, or the engine does not answer"
        elif state not in (["running"], ["running", "healthy"]):
            yield f"the container {name} is {' '.join(state)}: docker logs --tail 50 {name}"
