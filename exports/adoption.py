"""What a stack declares that takes over a Nexus: what the server has, without what cannot be declared."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from exports import topology_file
from exports.inventory import Found, Inventory
from exports.terraform import Names
from nexus import model
from nexus.kinds import KINDS
from stacks.topology.sections import MANY

_REALMS, _ANONYMOUS = "realms", "anonymousAccess"


@dataclass(frozen=True)
class Adoption:
    """The objects to adopt, and what is left out."""

    objects: tuple[Found, ...]
    settings: Mapping[str, Any]
    """`realms` and `anonymousAccess`, which the stack file has beside the topology."""
    shipped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By section, what came with the server or the server makes itself."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """By section, why it could not be read."""
    left: Mapping[str, str] = field(default_factory=dict)
    """By key, why an object is not declared."""

    @classmethod
    def of(cls, inventory: Inventory) -> Self:
        objects = tuple(_with_unique_names(inventory.found()))
        settings = {_REALMS: inventory.realms(), _ANONYMOUS: inventory.anonymous_access()}
        shipped = {section: tuple(names) for section, names in inventory.shipped.items() if names}
        return cls(objects, settings, shipped, dict(inventory.unread))

    @property
    def sections(self) -> dict[str, Any]:
        """The topology, by section."""
        return topology_file.sections(self.objects)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many objects each section declares."""
        return Counter(each.section for each in self.objects)

    def without(self, left: Mapping[str, str]) -> "Adoption":
        """Without the objects and settings with these keys, each with its reason."""
        return replace(
            self,
            objects=tuple(each for each in self.objects if each.key not in left),
            settings={key: value for key, value in self.settings.items() if key not in left},
            left={**self.left, **left},
        )

    def named_by(self, names: Names) -> "Adoption":
        """Only what Terraform manages and what that refers to; what has no name on the server gets Terraform's."""
        wanted = _with_needed([each for each in self.objects if _managed(each, names)], self.objects)
        chosen = [_renamed(each, names) for each in self.objects if each in wanted]
        return replace(
            self,
            objects=tuple(_with_unique_names(chosen)),
            settings={key: value for key, value in self.settings.items() if names.of(key)},
        )

    def beside(self, names: Names) -> list[str]:
        """The keys of what Terraform does not manage and is on the server."""
        return [each.key for each in self.objects if not _managed(each, names)]

    def gone(self, names: Names) -> list[str]:
        """The addresses of what Terraform manages and the server does not have."""
        held = {(each.section, identity) for each in self.objects for identity in _identities(each)}
        held |= {(section, name) for section, own in self.shipped.items() for name in own}
        there = {each.section for each in self.objects} | set(self.settings)
        return [
            each.address
            for each in names.managed
            if not (
                each.sections[0] in there
                if each.is_setting
                else held & {(section, identity) for section in each.sections for identity in each.identities}
            )
        ]


def _managed(found: Found, names: Names) -> bool:
    return names.of(found.section, *_identities(found)) is not None


def _identities(found: Found) -> tuple[str, ...]:
    return tuple(filter(None, (found.name, found.ref.name, found.ref.id)))


def _renamed(found: Found, names: Names) -> Found:
    managed = names.of(found.section, *_identities(found))
    has_name = found.is_setting or bool(KINDS[found.ref.kind].identity)
    return found if managed is None or has_name else replace(found, name=managed.name)


def _with_needed(wanted: Iterable[Found], every: Iterable[Found]) -> list[Found]:
    """With all that these refer to: a stack declares what its objects name."""
    known = {(each.section, each.name): each for each in every}
    found: dict[tuple[str, str], Found] = {}
    todo = list(wanted)
    while todo:
        each = todo.pop()
        if found.setdefault((each.section, each.name), each) is each:
            todo += [known[need] for need in _needs(each) if need in known and need not in found]
    return list(found.values())


def _needs(found: Found) -> list[tuple[str, str]]:
    named = [(kind, model.at(found.body, path)) for path, kind in KINDS[found.ref.kind].refers.items()]
    return [
        (KINDS[kind].section, name)
        for kind, value in named
        for name in (value if isinstance(value, list | tuple) else [value])
        if isinstance(name, str)
    ]


def _with_unique_names(objects: Iterable[Found]) -> list[Found]:
    """Two objects without a name on the server may have got the same one."""
    taken: set[tuple[str, str]] = set()
    unique = []
    for each in objects:
        name, number = each.name, 1
        while each.section in MANY and (each.section, name) in taken:
            number += 1
            name = f"{each.name}-{number}"
        taken.add((each.section, name))
        unique.append(each if name == each.name else replace(each, name=name))
    return unique
