"""A rule: a name, a description and a check, which does not depend on how Pulumi runs it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stacks.layout import NEXUS_TYPES


@dataclass(frozen=True)
class Resource:
    """A resource as a check sees it. Pulumi hands secrets over in plain text: no message may hold a value."""

    type: str
    name: str
    props: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The last word of the type, like Repository or Container."""
        return self.type.split(":")[-1]

    @property
    def title(self) -> str:
        """The name of an object on Nexus; of other resources, their own."""
        return str(self.at("name") if self.type.startswith(NEXUS_TYPES) else self.name)

    def at(self, *path: str, otherwise: Any = None) -> Any:
        """The property at a path; for Nexus's objects the request is below `body`."""
        value: Any = self.props
        for key in path:
            if not isinstance(value, Mapping) or key not in value:
                return otherwise
            value = value[key]
        return otherwise if value is None else value

    def listed(self, *path: str) -> Sequence[Any]:
        """The list at a path; empty when there is none."""
        value = self.at(*path)
        return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def of_kind(kind: str, resources: Iterable[Resource]) -> Iterator[Resource]:
    """The resources of one kind."""
    return (resource for resource in resources if resource.kind == kind)


@dataclass(frozen=True)
class ResourceRule:
    """A rule that is checked for each resource alone."""

    name: str
    description: str
    check: Callable[[Resource], Iterable[str]]

    def messages(self, resources: Iterable[Resource]) -> Iterator[str]:
        return (message for resource in resources for message in self.check(resource))


@dataclass(frozen=True)
class StackRule:
    """A rule that is checked for all resources of a stack together."""

    name: str
    description: str
    check: Callable[[Sequence[Resource]], Iterable[tuple[Resource, str]]]

    def findings(self, resources: Iterable[Resource]) -> Iterable[tuple[Resource, str]]:
        """The findings, the same for each run: Pulumi hands over resources in the order in which they got ready."""
        return self.check(sorted(resources, key=lambda each: (each.type, each.name)))

    def messages(self, resources: Iterable[Resource]) -> Iterator[str]:
        return (message for _, message in self.findings(resources))


Rule = ResourceRule | StackRule
