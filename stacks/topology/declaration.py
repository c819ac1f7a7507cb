from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nexus.kinds import KINDS
from stacks.topology.sections import MANY

Need = tuple[str, str]
"""Section and name of an object; a setting's name is its section."""


@dataclass(frozen=True)
class Declaration:
    """One declared object, with the body of its request."""

    section: str
    name: str
    kind: str
    body: Mapping[str, Any]
    format: str = ""
    type: str = ""
    adopt: bool = False
    on_delete: str = ""
    needs: tuple[Need, ...] = field(default=())

    @property
    def request(self) -> str:
        return "/".join(part for part in (self.kind, self.format, self.type) if part)

    @property
    def key(self) -> str:
        """Its key in the stack file."""
        return f"{self.section}.{self.name}" if self.section in MANY else self.section

    @property
    def whole(self) -> Any:
        """The object as the schema describes it."""
        return KINDS[self.kind].described(self.name, self.body)
