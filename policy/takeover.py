"""python -m policy.takeover <JSON: what may be declared of an adopted Nexus, and what violates policies there.

Given are the name of the stack, its settings and its topology. The answer is JSON with the keys of `Judged`.
Runs in its own process, since the SDK has global state.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pulumi import Output
from pulumi.runtime import set_mocks
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks
from pulumi.runtime.stack import run_pulumi_func

from components.repository_topology import RepositoryTopology, RepositoryTopologyArgs
from nexus import model, schema
from nexus.advice import key_at, password
from nexus.problem import Problem
from nexus.server import Server, ServerArgs
from policy.baseline import Known, violation
from policy.levels_of import file_of, mandatory
from policy.program import Noted
from policy.rule import ResourceRule
from policy.rules import RULES
from stacks.rules.refusal import Refusal
from stacks.settings import ADMIN, Settings
from stacks.topology.sections import KIND_OF, MANY

STACKS = Path(__file__).parents[1] / "stacks"
REASON = "so it was when the Nexus was taken over"
_PROJECT = "repository-store"
_PLACEHOLDER = "a secret that is not known yet"
"""Only for checking the rest of a declaration: it is neither written nor sent."""
_BESIDE = ("realms", "anonymousAccess")


@dataclass
class Judged:
    """What was found."""

    needed: list[str] = field(default_factory=list)
    """The keys of the secrets without which the stack file is refused."""
    left: dict[str, str] = field(default_factory=dict)
    """By key, why an object or setting cannot be declared."""
    known: list[Known] = field(default_factory=list)
    """The violations of mandatory policies."""


def judged(stack: str, settings: Mapping[str, Any], topology: Mapping[str, Any]) -> Judged:
    """Leaves out whatever the rules for stack files refuse.

    Raises:
        Refusal: they refuse something that is no object of the topology.
    """
    found = Judged()
    given = json.loads(json.dumps({**settings, **topology}))
    while True:
        try:
            accepted = Settings.of(given, STACKS)
            break
        except Refusal as refusal:
            other = [each for each in refusal.problems if not _solved(each, given, found)]
            if other:
                raise Refusal(other) from None
    found.needed = [key for key in found.needed if not any(_starts(key, above) for above in _gone(found.left))]
    names = mandatory(file_of(stack, is_own=True))
    found.known = [each for each in _violations(stack, accepted) if each.policy in names]
    return found


def _solved(problem: Problem, given: dict[str, Any], found: Judged) -> bool:
    """Puts a placeholder where a secret is missing, or takes away the object that is wrong."""
    secrets = dict(_secrets(given))
    if path := secrets.get(problem.key):
        found.needed.append(problem.key)
        _set(given, path)
        return True
    owner = _owner(problem.key, given)
    if owner is None:
        return any(problem.key.startswith(key) for key in found.left)
    section, name = owner
    key = f"{section}.{name}" if name else section
    written = key_at(section, name) if name and not problem.key.startswith(key) else key
    field_ = problem.key.removeprefix(written).lstrip(".")
    found.left.setdefault(key, f"{field_}: {problem.problem}" if field_ else problem.problem)
    (given[section] if name else given).pop(name or section, None)
    return True


def _gone(left: Mapping[str, str]) -> Iterator[str]:
    """What secrets of objects that are left out start with."""
    for key in left:
        section, _, name = key.partition(".")
        yield key_at(section, name) if name else section
        if section == "users":
            yield password(name)


def _secrets(given: Mapping[str, Any]) -> Iterator[tuple[str, model.Path]]:
    """The keys of the secrets that are not given."""
    for user in given.get("users") or {}:
        if user not in given["passwords"]:
            yield password(user), ("passwords", user)
    for section, kind in KIND_OF.items():
        objects = given.get(section) or {}
        for above, body in (
            [((section, name), body) for name, body in objects.items()] if section in MANY else [((section,), objects)]
        ):
            request = "/".join(filter(None, (kind, body.get("format"), body.get("type") if kind in _TYPED else "")))
            for path in schema.secret_paths(request) if schema.known(request) else ():
                if model.at(body, path) is None:
                    yield key_at(*above, *path), (*above, *path)


_TYPED = ("repository", "blobStore", "privilege")


def _set(given: dict[str, Any], path: model.Path) -> None:
    for key in path[:-1]:
        given = given.setdefault(key, {})
    given[path[-1]] = _PLACEHOLDER


def _owner(key: str, given: Mapping[str, Any]) -> tuple[str, str] | None:
    """Section and name of the object that a problem is about; without a name, a setting."""
    named = [
        (section, name)
        for section in MANY
        for name in given.get(section) or {}
        if _starts(key, f"{section}.{name}") or _starts(key, key_at(section, name))
    ]
    if named:
        return max(named, key=lambda each: len(each[1]))
    return next(((each, "") for each in (*_BESIDE, *KIND_OF) if each in given and _starts(key, each)), None)


def _starts(key: str, above: str) -> bool:
    return key == above or key.startswith((f"{above}.", f"{above}["))


class _Engine(Mocks):
    """Takes every resource, and makes none."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return args.name, dict(args.inputs)

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        return {}, None


def _violations(stack: str, settings: Settings) -> list[Known]:
    """What the program would declare with these settings, as the policies see it."""
    asyncio.set_event_loop(loop := asyncio.new_event_loop())
    set_mocks(_Engine(), project=_PROJECT, stack=stack, preview=True)
    known: list[Known] = []

    def program() -> None:
        noted = Noted(stack, secret := settings.passwords[ADMIN].get_secret_value(), refuses=False)
        args = ServerArgs(url=settings.endpoint.url, password=secret, initial_password="", ca_pem=Output.from_input(""))
        RepositoryTopology("repositories", RepositoryTopologyArgs(settings, Server("nexus", args), None))
        known.extend(_known(noted))

    loop.run_until_complete(run_pulumi_func(program))
    return known


def _known(noted: Noted) -> Iterator[Known]:
    for rule in RULES:
        if isinstance(rule, ResourceRule):
            found = [(each, message) for each in noted.declared for message in rule.check(each)]
        else:
            found = list(rule.findings(noted.declared))
        yield from (Known(rule.name, each.title, violation(message), REASON) for each, message in found)


def main(text: str) -> str:
    """The answer as JSON."""
    given = json.loads(text)
    try:
        found = judged(given["stack"], given["settings"], given["topology"])
    except Refusal as refusal:
        return json.dumps({"refused": str(refusal)})
    return json.dumps(asdict(found))


if __name__ == "__main__":
    print(main(sys.stdin.read()))
