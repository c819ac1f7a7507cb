"""The state that the last `up` wrote, and whether it satisfies the policies."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.doctor.finding import Finding, check
from cli.machine.toolchain import pulumi_steps
from cli.stack import checkpoint, creation, known
from cli.stack.environment import stack_environment
from cli.stack.policies import levels_of
from cli.stack.pulumi import pulumi
from cli.stack.stack import Stack
from exports.state import plain
from policy.baseline import NOTHING_KNOWN, Baseline
from policy.rule import Resource, Rule

_SECONDS = 8.0
State = Mapping[str, Any]


class Applied:
    """The state, exported once for all checks; its secrets are in plain text, but only in memory."""

    def __init__(self, export: Callable[[], State | None]) -> None:
        self._export = export
        self._lock = threading.Lock()
        self._found: State | None = None
        self._asked = False

    def state(self) -> State | None:
        """None if nothing is deployed or the state cannot be exported; other rows then give the reason."""
        with self._lock:
            if not self._asked:
                self._asked = True
                self._found = self._export()
            return self._found


def exported(stack: Stack) -> State | None:
    """The state with its secrets; None if there is none, or if Pulumi would have to be built first.

    Raises:
        CommandError: Pulumi refuses, with its own reason.
    """
    if pulumi_steps() or (stack.is_own and not (creation.is_made(stack) and not checkpoint.is_damaged(stack))):
        return None
    environment = stack_environment(stack)
    if not stack.is_own:
        known.require_state(stack, environment)
    export = ("stack", "export", "--stack", stack.name, "--show-secrets")
    document: State = plain(json.loads(pulumi("state", *export, env=environment, seconds=_SECONDS)))
    return document if (document.get("deployment") or {}).get("resources") else None


@dataclass(frozen=True)
class Broken:
    """A rule that the stack breaks. The messages of rules contain no secrets."""

    rule: str
    is_mandatory: bool
    messages: tuple[str, ...]


@check("policies")
def policies(stack: Stack, applied: Applied, levels: Path | None = None) -> Iterator[Finding]:
    from policy.rules import RULES

    state = applied.state()
    if state is None:
        return
    resources = [
        Resource(str(each["type"]), str(each["urn"]).rpartition("::")[2], each.get("inputs") or {})
        for each in state["deployment"]["resources"]
    ]
    of_rules = json.loads((levels or levels_of(stack)).read_text(encoding="utf-8"))
    found = list(broken(RULES, of_rules, resources, Baseline.of(stack.name)))
    mandatory = [each for each in found if each.is_mandatory]
    if not mandatory:
        advised = ", ".join(each.rule for each in found)
        yield Finding("policies", f"passed; advisory: {advised}" if advised else "passed")
        return
    named = "; ".join(f"{each.rule}: {each.messages[0]}" for each in mandatory)
    fix = f"edit stacks/{stack.file.name} as it says, then make up STACK={stack.name}"
    yield Finding("policies", named, fix)


def broken(
    rules: tuple[Rule, ...], levels: Mapping[str, str], resources: list[Resource], baseline: Baseline = NOTHING_KNOWN
) -> Iterator[Broken]:
    """The rules that are broken, at the levels of the stack's environment, apart from the known violations."""
    for rule in rules:
        level = levels.get(rule.name, levels.get("all", "advisory"))
        found = [] if level == "disabled" else rule.messages(resources)
        messages = [message for message in found if not baseline.knows(rule.name, message)]
        if messages:
            yield Broken(rule.name, level == "mandatory", tuple(messages))
