"""Recreates volumes that somebody removed from the engine."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cli.console import say
from cli.docker import Docker
from cli.stack.stack import Stack
from cli.stack.state import State, read_state, write_state
from preflight.engine_objects import Kind
from stacks import layout


def recreate_missing(stack: Stack, docker: Docker, environment: Mapping[str, str]) -> None:
    """Recreates them with the options in the state, since Pulumi's docker provider fails on a missing volume.

    A volume on a disk of its own has that disk's content; any other one is empty. The state, which takes a moment for a
    shared stack, is only read if a volume of the stack file is missing.
    """
    there = set(docker.do("volume", "ls", "--quiet").splitlines())
    if _expected(stack) <= there:
        return
    state = read_state(stack, environment)
    for volume in state.of(Kind.VOLUME):
        name, made = str(volume["id"]), volume["outputs"]
        if name in there:
            continue
        docker.do("volume", "create", *_options(made), name)
        own = "on the disk that its driver options name" if made.get("driverOpts") else "empty"
        say(f"the volume {name} is gone from the engine: it is created again, {own}")
        if name == stack.docker_name(layout.NEXUS_KEYS):
            _forget_that_keys_were_written(stack, state, environment)


def _forget_that_keys_were_written(stack: Stack, state: State, environment: Mapping[str, str]) -> None:
    """Pulumi then writes them again, before Nexus starts, which would otherwise begin without its keys."""
    for each in state.resources:
        if each["urn"].endswith("::nexus-key-file"):
            each["inputs"]["create"] = each["outputs"]["create"] = ""
    with TemporaryDirectory() as folder:
        write_state(stack, environment, state.document, Path(folder))


def _options(made: Mapping[str, Any]) -> Iterator[str]:
    yield f"--driver={made.get('driver') or 'local'}"
    for key, value in (made.get("driverOpts") or {}).items():
        yield f"--opt={key}={value}"
    for label in made.get("labels") or ():
        yield f"--label={label['label']}={label['value']}"


def _expected(stack: Stack) -> set[str]:
    roles = [layout.NEXUS_DATA, layout.NGINX_CONFIGURATION, *stack.certificate_roles]
    if stack.settings.given("nexus.readOnlyRoot") and stack.settings.given("nexus.encryptionKeys"):
        roles.append(layout.NEXUS_KEYS)
    roles += [layout.NGINX_CACHE] if stack.settings.given("nginx.blobCache") else []
    return {stack.docker_name(role) for role in roles}
