from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nexus.kinds import KINDS

Need = tuple[str, str]
"""Section and name of an object; a setting's name is its section."""


@dataclass(frozen=True)
class Declaration:
    """One object in the words of its request."""

    section: str
    name: str
    kind: str
    body: Mapping[str, Any]
    format: str = ""
    type: str = ""
    adopt: bool = False
    needs: tuple[Need, ...] = field(default=())

    @property
    def request(self) -> str:
        return "/".join(part for part in (self.kind, self.format, self.type) if part)

    @property
    def key(self) -> str:
        """Where it stands in the stack file."""
        return self.section if self.name == self.section else f"{self.section}.{self.name}"

    @property
    def whole(self) -> Any:
        """What the schema describes: the body with the object's name, or what the body wraps."""
        kind = KINDS[self.kind]
        if kind.wrapped:
            return self.body.get(kind.wrapped)
        named = {} if self.name == self.section or not kind.identity else {kind.identity: self.name}
        return {**named, **self.body}
