"""Whether what has the names of a stack on its engine is the stack's."""

from collections.abc import Iterable
from dataclasses import dataclass

from nexus.problem import Problem
from preflight.engine_objects import EngineObject, Kind
from stacks.layout import KEPT_VOLUMES


@dataclass(frozen=True)
class Ownership:
    """What is known of the stack's state."""

    state_id: str | None
    """None before the first `up`."""
    ids: frozenset[str] | None = None
    """The engine's ids of all that the state has; None where the state cannot be read, as in the program itself."""
    retained: frozenset[str] = frozenset()
    """The roles of the volumes that the stack file wants kept. What is kept may come from an earlier state, or from a
    person who made it beforehand: it is taken over."""

    def is_ours(self, found: EngineObject) -> bool:
        if self.state_id is not None and found.state_id == self.state_id:
            return True
        if found.kind is Kind.VOLUME and found.role in self.retained:
            return True
        if self.ids is not None:
            return found.id in self.ids
        # Made before there were labels, or a volume that an earlier state left behind and this one has taken over.
        return self.state_id is not None and (not found.state_id or found.kind is Kind.VOLUME)


def others(found: Iterable[EngineObject], ownership: Ownership) -> list[EngineObject]:
    return [each for each in found if not ownership.is_ours(each)]


def name_taken(stack: str, strangers: Iterable[EngineObject]) -> Problem | None:
    """The one problem that all of them are; None where there is none."""
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
