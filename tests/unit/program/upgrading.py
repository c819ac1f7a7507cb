"""python -m tests.unit.program.upgrading <OLDER: prints the steps of an `up` under this tree for an older tree's state.

OLDER has the configuration of the stack and the resources of its state. The program runs without an engine: resources
get their outputs from the state, and their inputs are compared with those in the state.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any
from unittest.mock import patch

from pulumi.runtime import rpc, set_all_config, set_mocks
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.stack import run_pulumi_func

from nexus.kinds import KINDS
from nexus.model import Ref, dotted
from tests.unit.program.registering import PROJECT, program

STACK = "older"
OPEN_FILES = 20_000
"""The limit of the host on which the states were made."""
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_OF_THE_ENGINE = {"__defaults", "__internal", "__pulumi-go-provider-version", "version"}

_OF_NEXUS = ("kind", "name", "format", "type", "onDelete")


class Engine(Mocks):
    """Returns the outputs in the state; resources outside of the state get none."""

    def __init__(self, outputs: Mapping[tuple[str, str], dict[str, Any]]) -> None:
        self._outputs = outputs

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        outputs = self._outputs.get((args.typ, args.name), {"id": f"{args.name}-id"})
        return outputs["id"], {**args.inputs, **outputs}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        return {}, None


class Monitor(MockMonitor):
    """Records the registered resources with their inputs."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.registered: dict[str, tuple[dict[str, Any], set[str]]] = {}

    def RegisterResource(self, request: Any) -> Any:
        urn = self.make_urn(request.parent, request.type, request.name).replace("pulumi:pulumi:Stack$", "")
        inputs = plain(rpc.deserialize_properties(request.object, keep_unknowns=True))
        self.registered[urn] = inputs, set(request.ignoreChanges)
        return super().RegisterResource(request)  # type: ignore[no-untyped-call] # the SDK gives it no types


def plain(value: Any) -> Any:
    """Unwraps secrets in the forms of programs and of exported states."""
    if isinstance(value, Mapping):
        if value.get(_SIGNATURE) == _SECRET:
            return plain(json.loads(value["plaintext"]) if "plaintext" in value else value["value"])
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def differences(old: Any, new: Any, at: str = "") -> Iterator[str]:
    """The paths of differing inputs, without defaults that a provider added."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        added = _OF_THE_ENGINE | set(old.get("__defaults", ()))
        for key in sorted((set(old) - added) | (set(new) - _OF_THE_ENGINE)):
            yield from differences(old.get(key), new.get(key), f"{at}.{key}" if at else key)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{at}[{index}]")
    elif old != new:
        yield at


def steps(older: Mapping[str, Any]) -> list[str]:
    """The steps, with the input that causes each."""
    state = {each["urn"]: each for each in older["resources"]}
    made = _registered(
        older["config"],
        Engine({_key(urn): {**plain(each["outputs"]), "id": each["id"]} for urn, each in state.items()}),
    )
    found = [f"delete {urn}" for urn in set(state) - set(made)] + [f"create {urn}" for urn in set(made) - set(state)]
    for urn in set(state) & set(made):
        found += [f"update {urn}: {path}" for path in _changed(state[urn], *made[urn])]
    return sorted(found)


def _changed(old: Mapping[str, Any], inputs: dict[str, Any], ignored: set[str]) -> list[str]:
    if ":dynamic/nexus:" in old["urn"]:  # the provider adds fields that older states lack
        before, adopts = plain(old["outputs"]), bool(inputs.get("adopt"))
        paths = KINDS[inputs["kind"]].declared_changes(Ref.of(inputs), before["body"], inputs["body"], adopts)
        return [dotted(path) for path in paths] + [key for key in _OF_NEXUS if before.get(key) != inputs.get(key)]
    found = differences(plain(old["inputs"]), inputs)
    return [path for path in found if path.split(".")[0] not in ignored]


def _key(urn: str) -> tuple[str, str]:
    type_, name = urn.split("::")[2:]
    return type_.rpartition("$")[2], name


def _registered(config: Mapping[str, Any], engine: Engine) -> dict[str, tuple[dict[str, Any], set[str]]]:
    asyncio.set_event_loop(loop := asyncio.new_event_loop())
    monitor = Monitor(engine)
    set_mocks(engine, project=PROJECT, stack=STACK, preview=False, monitor=monitor)
    set_all_config(
        {f"{PROJECT}:{key}": given if isinstance(given, str) else json.dumps(given) for key, given in config.items()}
    )
    with patch("resource.getrlimit", return_value=(OPEN_FILES, OPEN_FILES)):
        loop.run_until_complete(run_pulumi_func(program))
    return monitor.registered


if __name__ == "__main__":
    for step in steps(json.load(sys.stdin)):
        print(step)
