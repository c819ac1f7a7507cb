"""Protects the data volume when a stack is taken down: it is only removed if it is empty or the user confirms it."""

import sys
from collections.abc import Mapping
from typing import Any

from cli.console import say
from cli.errors import CommandError
from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack
from cli.stack.state import State
from preflight.content import content_of
from preflight.engine_objects import EngineObject, Kind
from stacks.layout import NEXUS_DATA

_IMAGE = "docker:index/remoteImage:RemoteImage"


def confirm_loss(
    stack: Stack, state: State, docker: Mapping[str, str], environment: Mapping[str, str], *, yes: bool
) -> None:
    """Has the user confirm that the content of the data volume is removed with the stack, unless YES=1 does.

    `docker` is the environment of docker commands, which names the engine; `environment` is Pulumi's.

    Raises:
        CommandError: it is not confirmed; nothing was changed.
    """
    volume = _data(state)
    if volume is None or volume.get("retainOnDelete"):
        return
    name = volume["outputs"]["name"]
    from cli.recovery.stored import stored  # late, since it loads an HTTP client

    found = stored(stack, state, environment, content_of(docker, name, _images(state)))
    if found.is_nothing:
        return
    holds = f"the volume {name} holds {found.on_volume}"
    say(f"{holds}; {found.by_server}")
    if yes:
        say(f"{holds}: it is removed, as YES=1 confirms")
        return
    keep = f"./store pulumi config set --stack {stack.name} --path 'retain[0]' nexus-data, make up STACK={stack.name}"
    if not sys.stdin.isatty():
        raise CommandError(
            f"stack {stack.name}",
            f"{holds}, and its removal is not confirmed",
            fix=f"make down STACK={stack.name} YES=1, or to keep it: {keep}",
        )
    print(f"{holds}. Type the name of the stack to remove it for good: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != stack.name:
        raise CommandError(f"stack {stack.name}", f"nothing was changed, and {holds}", fix=f"to keep it: {keep}")


def unprotect(stack: Stack, state: State, environment: Mapping[str, str]) -> None:
    """Removes Pulumi's protection from the data volume, which keeps other commands from deleting it.

    Raises:
        CommandError: Pulumi fails; the message has its reason.
    """
    volume = _data(state)
    if volume is None or not volume.get("protect"):
        return
    command = ("state", "unprotect", volume["urn"], "--yes", "--stack", stack.name)
    pulumi(f"stack {stack.name}", *command, env=environment)


def is_empty(docker: Mapping[str, str], state: State, volume: EngineObject) -> bool:
    """Whether a volume is known to contain no stored data."""
    if volume.role != NEXUS_DATA:
        return True
    content = content_of(docker, volume.name, _images(state))
    return content is not None and not content.files


def _data(state: State) -> dict[str, Any] | None:
    volumes = state.of(Kind.VOLUME)
    return next((volume for volume in volumes if volume["urn"].endswith(f"::{NEXUS_DATA}")), None)


def _images(state: State) -> list[str]:
    """The images in the state; first nginx's, which has the tools to read a volume."""
    images = [each for each in state.resources if each["type"] == _IMAGE]
    images.sort(key=lambda image: not image["urn"].endswith("::nginx-image"))
    return [str(image["outputs"].get("imageId") or image["outputs"]["name"]) for image in images]
