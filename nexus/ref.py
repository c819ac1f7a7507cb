"""Which object is meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from nexus.client import segment


@dataclass(frozen=True)
class Ref:
    """An object's name and, where its kind has them, its format and type (as they stand in URLs: `maven`)."""

    kind: str
    name: str
    format: str = ""
    type: str = ""

    @classmethod
    def of(cls, props: Mapping[str, Any]) -> Self:
        return cls(props["kind"], props["name"], props.get("format", ""), props.get("type", ""))

    @property
    def request(self) -> str:
        """The name of its create request in the schema."""
        return "/".join(part for part in (self.kind, self.format, self.type) if part)

    def path(self, template: str) -> str:
        return template.format(name=segment(self.name), format=self.format, type=self.type)

    def __str__(self) -> str:
        return f"{self.request} {self.name}"
