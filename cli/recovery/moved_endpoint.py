"""The endpoint of the engine, which the state has too: a refresh and a destroy use the state's, not the present one."""

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cli.console import say
from cli.docker import Docker
from cli.errors import CommandError
from cli.stack.stack import Stack
from cli.stack.state import State, write_state
from preflight.engine_answer import engine_answer
from preflight.engine_endpoint import DEFAULT, EngineEndpoint
from preflight.engine_objects import EngineObject, Kind

_PROVIDER = "pulumi:providers:docker"
_ID = ("info", "--format", "{{.ID}}")


def recorded(state: State) -> str:
    """The endpoint in the state; empty if nothing in it is on an engine."""
    providers = [each for each in state.resources if each["type"] == _PROVIDER]
    return str((providers[-1].get("inputs") or {}).get("host") or DEFAULT) if providers and state.engine_ids else ""


def answers(host: str) -> bool:
    return engine_answer({"DOCKER_HOST": host}, *_ID) is not None


def refuse_another_engine(stack: Stack, docker: Docker, state: State, found: Iterable[EngineObject]) -> None:
    """Refuses an endpoint of another engine than the state's: nothing of the stack is there.

    Raises:
        CommandError: it is another engine, or it cannot be known that it is the same.
    """
    before, now = recorded(state), docker.endpoint
    if not before or before == now.host or _is_same(before, now, state, found) or not answers(now.host):
        return  # an engine that does not answer is reported by what needs it
    name = stack.name
    back = f"./store pulumi config set --stack {name} --path docker.host {before}"
    raise CommandError(
        now.source or "DOCKER_HOST",
        f"the engine at {now.host} has nothing of stack {name}, whose state names the engine at {before}",
        got=now.host,
        allowed="an endpoint of the engine that runs the store",
        fix=back if stack.docker_host else f"export DOCKER_HOST={before}, or its endpoint now if that has moved",
    )


def has_moved(docker: Docker, state: State) -> str:
    """The state's endpoint, if it is not the present one and no engine answers there any more; else empty."""
    before = recorded(state)
    return before if before and before != docker.endpoint.host and not answers(before) else ""


def follow(stack: Stack, docker: Docker, state: State, environment: Mapping[str, str], folder: Path) -> State:
    """The state with the engine's present endpoint; the caller has made sure that it is the same engine.

    Raises:
        CommandError: Pulumi refuses the state.
    """
    before = has_moved(docker, state)
    if not before:
        return state
    now = docker.endpoint
    say(f"stack {stack.name}: no engine answers at {before} any more, and the same one at {now}: its state follows")
    document = copy.deepcopy(dict(state.document))
    for resource in document["deployment"]["resources"]:
        for part in (resource.get("inputs") or {}, resource.get("outputs") or {}):
            if resource["type"] == _PROVIDER:
                _replace(part, "host", now.given)
            elif (part.get("environment") or {}).get("DOCKER_HOST") == before:
                _replace(part["environment"], "DOCKER_HOST", stack.docker_host)
    write_state(stack, environment, document, folder)
    return State(document)


def _replace(part: dict[str, Any], key: str, value: str | None) -> None:
    part.pop(key, None)
    if value is not None:
        part[key] = value


def _is_same(before: str, now: EngineEndpoint, state: State, found: Iterable[EngineObject]) -> bool:
    """By ids that the engine made or the label with the state's id; a volume's name could be that of another store."""
    if any(_is_of(state, each) for each in found):
        return True
    here = engine_answer(now.environment, *_ID)
    return bool(here) and here == engine_answer({"DOCKER_HOST": before}, *_ID)


def _is_of(state: State, found: EngineObject) -> bool:
    if found.kind is not Kind.VOLUME and found.id in state.engine_ids:
        return True
    return bool(state.id) and found.state_id == state.id
