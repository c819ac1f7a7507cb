"""A fake of Pulumi's engine in this process, a hundred times as fast.

The rules of stack files, the program's objects and their dependencies, the provider from `check` to `delete` and all
requests to the server are real. Only the engine is fake: its state, and its steps, which run one after another in any
order that the dependencies allow, while the real engine runs some in parallel.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from pulumi.dynamic import Config, ConfigureRequest

from components.repository_topology import RepositoryTopology, RepositoryTopologyArgs, resource_name
from nexus.errors import NexusError
from nexus.kinds import KINDS
from nexus.objects.declaration import Declaration
from nexus.provider import NexusProvider
from nexus.server import Server
from stacks.rules.refusal import Refusal
from stacks.settings import ADMIN, Settings
from tests.integration.provider.play import ROOT, Failed, Play

Props = dict[str, Any]
_STEPS = re.compile(r"\d+ (?:to )?(?:create|update|delete|replace)d?")


@dataclass(frozen=True)
class Kept:
    """A resource in the state."""

    id: str
    inputs: Props
    outputs: Props
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """A resource that the program registers."""

    key: str
    inputs: Props
    needs: tuple[str, ...]


class Program(RepositoryTopology):
    """The program for an external server; collects its objects instead of registering them."""

    def __init__(self, settings: Settings) -> None:
        self._args = RepositoryTopologyArgs(settings, cast(Server, SimpleNamespace()), None)
        self._settings = settings
        self._made, self._before_all = {}, []
        self.objects: list[Wanted] = []
        self._everything()

    def _object(self, declaration: Declaration, needs: Any) -> Any:
        keys = tuple(each.key for each in cast(Sequence[Wanted], needs or self._before_all))
        key = f"{KINDS[declaration.kind].token}::{resource_name(declaration)}"
        self.objects.append(Wanted(key, over_the_wire(declaration.inputs), keys))
        return self.objects[-1]

    def _secret_body(self, declaration: Any) -> Any:
        return self._body(declaration)


class InProcess:
    """A stack of one server, with `up` and `preview` like Pulumi's commands."""

    def __init__(self, url: str, ca: Path, address: str) -> None:
        self._server = {"url": url, "caPem": ca.read_text(), "address": address}
        self._config: dict[str, str] = {}
        self._kept: dict[str, Kept] = {}

    def preview(self, wanted: Mapping[str, Any], *, refresh: bool) -> list[str]:
        """Returns the steps of an update; the state stays unchanged.

        Raises:
            Failed: the stack file, the provider or the server refuses it.
        """
        with _errors_shown():
            return _Run(self._program(wanted), self._providers(wanted), dict(self._kept)).preview(refresh)

    def up(self, wanted: Mapping[str, Any], *, refresh: bool, order: int) -> list[str]:
        """Runs the steps and returns them; after a failure the state has the steps before it."""
        with _errors_shown():
            run = _Run(self._program(wanted), self._providers(wanted), dict(self._kept))
            try:
                return run.up(refresh, random.Random(order))
            finally:
                self._kept, self._config = run.kept, self._configured(wanted)

    def managed(self) -> dict[tuple[str, str], bool]:
        """By kind and name of the objects in the state: whether they stay on the server without the stack."""
        found = (kept.outputs for kept in self._kept.values())
        return {(props["kind"], props["name"]): KINDS[props["kind"]].stays(props) for props in found}

    @staticmethod
    def _program(wanted: Mapping[str, Any]) -> list[Wanted]:
        return Program(Settings.of(wanted, ROOT / "stacks")).objects

    def _configured(self, wanted: Mapping[str, Any]) -> dict[str, str]:
        allowed = ",".join(wanted.get("allowDataLoss", ()))
        return {**self._server, "password": wanted["passwords"][ADMIN], "allowDataLoss": allowed}

    def _providers(self, wanted: Mapping[str, Any]) -> tuple[NexusProvider, NexusProvider]:
        """The provider in the state, which refreshes, and the program's; the same unless its inputs change."""
        new = self._configured(wanted)
        made = _provider(new)
        return (made if self._config in ({}, new) else _provider(self._config)), made


class Pulumi:
    """The same with Pulumi's own engine, which takes seconds for each command."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._import({"version": 3, "deployment": {}})

    def preview(self, wanted: Mapping[str, Any], *, refresh: bool) -> list[str]:
        self._play.wanted = dict(wanted)
        return _STEPS.findall(self._play.preview(_refresh(refresh)))

    def up(self, wanted: Mapping[str, Any], *, refresh: bool, order: int) -> list[str]:
        self._play.wanted = dict(wanted)
        return _STEPS.findall(self._play.up(_refresh(refresh)))

    def managed(self) -> dict[tuple[str, str], bool]:
        found = [each.get("outputs", {}) for each in self._play.secret_state()["deployment"].get("resources", ())]
        return {(props["kind"], props["name"]): KINDS[props["kind"]].stays(props) for props in found if "kind" in props}

    def _import(self, state: Mapping[str, Any]) -> None:
        file = self._play.folder / "empty.json"
        file.write_text(json.dumps(state))
        self._play.pulumi("stack", "import", "--stack", "test", "--file", str(file))


def _refresh(really: bool) -> str:
    return "--refresh" if really else "--refresh=false"


class _Run:
    """One command."""

    def __init__(
        self, wanted: list[Wanted], providers: tuple[NexusProvider, NexusProvider], kept: dict[str, Kept]
    ) -> None:
        self._wanted, self.kept = wanted, kept
        self._former, self._provider = providers
        self._done: list[str] = []
        self._replaced: list[Kept] = []

    def preview(self, refresh: bool) -> list[str]:
        self._refresh(refresh)
        for each in self._wanted:
            self._previewed(each)
        self._done += [f"delete {key}" for key in self._leaving()]
        return self._done

    def up(self, refresh: bool, order: random.Random) -> list[str]:
        self._refresh(refresh)
        for each in _in_some_order(self._wanted, order):
            self._step(each)
        for old in self._replaced:
            self._provider.delete(old.id, dict(old.outputs))
        for key in self._leaving():
            self._done.append(f"delete {key}")
            self._provider.delete(self.kept[key].id, dict(self.kept[key].outputs))
            del self.kept[key]
        return self._done

    def _refresh(self, really: bool) -> None:
        for key, kept in list(self.kept.items()) if really else ():
            found = self._former.read(kept.id, dict(kept.outputs))
            if not found.id:
                del self.kept[key]
                self.kept = {
                    name: replace(other, needs=tuple(need for need in other.needs if need != key))
                    for name, other in self.kept.items()
                }
                continue
            outputs = over_the_wire(found.outs)
            inputs = kept.inputs if found.inputs is None else over_the_wire(found.inputs)
            self.kept[key] = replace(kept, inputs=inputs, outputs=outputs)

    def _previewed(self, each: Wanted) -> None:
        old = self.kept.get(each.key)
        news = self._checked(old.inputs if old else {}, each)
        if old is None:
            self._done.append(f"create {each.key}")
            return
        diff = self._provider.diff(old.id, dict(old.outputs), news)
        if diff.replaces:
            self._checked({}, each)
        if diff.replaces or diff.changes:
            self._done.append(f"{'replace' if diff.replaces else 'update'} {each.key}")

    def _step(self, each: Wanted) -> None:
        old = self.kept.get(each.key)
        news = self._checked(old.inputs if old else {}, each)
        if old is None:
            return self._create(each, news)
        diff = self._provider.diff(old.id, dict(old.outputs), news)
        if diff.replaces:
            self._done.append(f"replace {each.key}")
            return self._replace(each, old, first=bool(diff.delete_before_replace))
        outputs = old.outputs
        if diff.changes:
            self._done.append(f"update {each.key}")
            outputs = over_the_wire(self._provider.update(old.id, dict(old.outputs), dict(news)).outs)
        self.kept[each.key] = Kept(old.id, news, outputs, each.needs)
        return None

    def _create(self, each: Wanted, news: Props) -> None:
        self._done.append(f"create {each.key}")
        made = self._provider.create(dict(news))
        self.kept[each.key] = Kept(str(made.id), news, over_the_wire(made.outs), each.needs)

    def _replace(self, each: Wanted, old: Kept, *, first: bool) -> None:
        news = self._checked({}, each)
        if first:
            self._provider.delete(old.id, dict(old.outputs))
            del self.kept[each.key]
        else:
            self._replaced.append(old)
        made = self._provider.create(dict(news))
        self.kept[each.key] = Kept(str(made.id), news, over_the_wire(made.outs), each.needs)

    def _checked(self, olds: Props, each: Wanted) -> Props:
        result = self._provider.check(dict(olds), dict(each.inputs))
        if result.failures:
            raise Failed("\n".join(failure.reason for failure in result.failures))
        checked: Props = over_the_wire(result.inputs)
        return checked

    def _leaving(self) -> list[str]:
        """The objects that left the program, dependents first."""
        going = [key for key in self.kept if key not in {each.key for each in self._wanted}]
        found: list[str] = []
        while going:
            free = [key for key in going if not any(key in self.kept[other].needs for other in going)]
            found += free
            going = [key for key in going if key not in free]
        return found


def _in_some_order(wanted: list[Wanted], order: random.Random) -> Iterator[Wanted]:
    """Yields the objects in one of the orders that the real engine may take."""
    left, made = list(wanted), set[str]()
    while left:
        each = order.choice([each for each in left if made.issuperset(each.needs)])
        left.remove(each)
        made.add(each.key)
        yield each


def over_the_wire(value: Any) -> Any:
    """Converts values as the engine does: numbers to floats, and without nulls."""
    if isinstance(value, Mapping):
        return {key: over_the_wire(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [over_the_wire(each) for each in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _provider(config: Mapping[str, str]) -> NexusProvider:
    made = NexusProvider()
    made.configure(ConfigureRequest(cast(Config, config)))
    return made


@contextmanager
def _errors_shown() -> Iterator[None]:
    try:
        yield
    except (NexusError, Refusal) as error:
        raise Failed(str(error)) from error
