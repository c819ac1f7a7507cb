"""References to objects of a server."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from nexus.http.client import segment
from nexus.kinds import KINDS
from nexus.kinds.kind import Kind


@dataclass(frozen=True)
class Ref:
    """An object's name and, if its kind has them, its format and type (as in URLs: `maven`).

    For kinds whose objects the server finds by an id that it assigns, `id` is that id, and `key` identifies the object
    until the id is known.
    """

    kind: str
    name: str
    format: str = ""
    type: str = ""
    id: str = ""
    key: str = ""

    @classmethod
    def of(cls, props: Mapping[str, Any]) -> Self:
        kind, name = props["kind"], props["name"]
        key = _key(KINDS[kind], name, props.get("body"))
        return cls(kind, name, props.get("format", ""), props.get("type", ""), props.get("serverId", ""), key)

    @property
    def request(self) -> str:
        """The name of its create request in the schema."""
        return "/".join(part for part in (self.kind, self.format, self.type) if part)

    def with_id(self, id_: str) -> Self:
        return replace(self, id=id_)

    @property
    def placeholder(self) -> str:
        """The name of the repository that stands in for this one while it is replaced."""
        return f"{self.name}.replacement"

    def path(self, template: str) -> str:
        return template.format(name=segment(self.name), format=self.format, type=self.type, id=segment(self.id))

    def __str__(self) -> str:
        return f"{self.request} {self.name}"


def _key(kind: Kind, name: str, body: Any) -> str:
    if kind.key is None or not isinstance(body, Mapping):
        return ""
    try:
        return kind.key({kind.identity: name, **body})
    except (KeyError, ValueError):
        return ""  # the schema check refuses a wrong body
