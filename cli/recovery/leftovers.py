"""Containers and networks that a killed command has created on the engine but not written into the state."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cli.console import say
from cli.errors import CommandError
from cli.stack.stack import Stack
from cli.stack.state import State
from preflight.engine_answer import engine_answer, engine_complaint
from preflight.engine_objects import EngineObject, Kind
from stacks.layout import STOP_SECONDS

# A created resource is in the state within seconds; but another machine may be updating a shared stack right now.
_SETTLED_SECONDS = 120
# Nexus needs time to close its database.
_STOP_SECONDS = STOP_SECONDS + 60


@dataclass(frozen=True)
class Leftovers:
    """Objects with the state's id that are not in the state; not volumes, which the next `up` takes over."""

    objects: tuple[EngineObject, ...]

    @classmethod
    def of(cls, found: Iterable[EngineObject], state: State) -> "Leftovers":
        return cls(
            tuple(
                each
                for each in found
                if state.id and each.state_id == state.id and each.id not in state.engine_ids
                if each.kind is not Kind.VOLUME
            )
        )

    def remove(self, stack: Stack, docker: Mapping[str, str]) -> None:
        """Removes them, containers first, with a line for each. `docker` names the engine.

        Raises:
            CommandError: the engine refuses, or another machine may be working on the stack.
        """
        for each in self.objects:
            if not stack.is_own and (age := _age(docker, each)) < _SETTLED_SECONDS:
                raise CommandError(
                    f"stack {stack.name}",
                    f"{each} was created {age:.0f} s ago and is not in the state: another machine may be deploying it",
                    fix=f"wait for it; if none is: docker {each.kind} rm --force {each.id[:12]}",
                )
            self._remove(docker, each)
            say(f"the {each} ({each.id[:12]}) is left from a command that was killed: it is removed and created again")

    @staticmethod
    def _remove(docker: Mapping[str, str], each: EngineObject) -> None:
        if each.kind is Kind.CONTAINER:
            engine_answer(docker, "stop", each.id, seconds=_STOP_SECONDS)
            complaint = engine_complaint(docker, "rm", "--force", each.id)
        else:
            complaint = engine_complaint(docker, each.kind, "rm", each.id)
        if complaint:
            raise CommandError(str(each), f"it cannot be removed: {complaint}")


def _age(docker: Mapping[str, str], each: EngineObject) -> float:
    """The age of the object in seconds; 0 if unknown."""
    created = engine_answer(docker, each.kind, "inspect", "--format", "{{json .Created}}", each.id)
    try:
        made = datetime.fromisoformat(json.loads(created or '""')[:19]).replace(tzinfo=UTC)
    except ValueError:
        return 0
    return (datetime.now(UTC) - made).total_seconds()
