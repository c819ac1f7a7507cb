"""Whether the objects with the names of a stack on its engine belong to the stack."""

from collections.abc import Iterable
from dataclasses import dataclass

from nexus.problem import Problem
from preflight.engine_objects import EngineObject, Kind
from stacks.layout import KEPT_VOLUMES


@dataclass(frozen=True)
class Ownership:
    """What is known about the stack's state."""

    state_id: str | None
    """None before the first `up`."""
    ids: frozenset[str] | None = None
    """The engine's ids of everything in the state; None if the state cannot be read, as in the program itself."""
    retained: frozenset[str] = frozenset()
    """The roles of the volumes that the stack file retains. Such a volume may be from an earlier state, or made by hand
    beforehand: the stack adopts it."""

    def is_ours(self, found: EngineObject) -> bool:
        if self.state_id is not None and found.state_id == self.state_id:
            return True
        if found.kind is Kind.VOLUME and found.role in self.retained:
            return True
        if self.ids is not None:
            return found.id in self.ids
        # Made before there were labels, or a volume of an earlier state that this one has adopted.
        return self.state_id is not None and (not found.state_id or found.kind is Kind.VOLUME)


def others(found: Iterable[EngineObject], ownership: Ownership) -> list[EngineObject]:
    return [each for each in found if not ownership.is_ours(each)]


def unlisted(stack: str, why: Exception) -> Problem:
    """The problem if the engine does not say what it has: somebody else's may have one of the stack's names."""
    return Problem(f"stack {stack}", f"the docker engine does not say what it has ({why})", fix="docker info shows why")


def name_taken(stack: str, strangers: Iterable[EngineObject]) -> Problem | None:
    """One problem for all of them; None if there are none."""
    strangers = sorted(strangers, key=lambda each: (each.kind.value, each.name))
    if not strangers:
        return None
    names = ", ".join(map(str, strangers))
    keep = [each.role for each in strangers if each.kind is Kind.VOLUME and each.role in KEPT_VOLUMES]
    containers = [each.name for each in strangers if each.kind is Kind.CONTAINER]
    ways = ["another name: make new-stack NAME=other", f"or make down STACK={stack} where the other one was made"]
    if containers:
        ways += [f"or, if its state is lost: docker rm --force {' '.join(containers)}"]
    elif networks := [each.name for each in strangers if each.kind is Kind.NETWORK]:
        ways += [f"or, if its state is lost: docker network rm {' '.join(networks)}"]
    ways += [f"or, to go on with its data: pulumi config set --path 'retain[0]' {role}" for role in keep]
    if not containers and not keep and not ways[2:]:
        ways += [f"or: docker volume rm {' '.join(each.name for each in strangers)}"]
    return Problem(
        f"stack {stack}",
        f"the engine already has {names}, which another stack of this name made",
        "names that are free, or in this stack's state",
        ", ".join(ways),
    )
