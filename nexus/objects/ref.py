"""References to objects of a server."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import quote


@dataclass(frozen=True)
class Ref:
    """An object's name and, if its kind has them, its format and type (as in URLs: `maven`).

    For kinds whose objects the server finds by an id that it assigns, `id` is that id, and the declared `body`
    identifies the object until the id is known.
    """

    kind: str
    name: str
    format: str = ""
    type: str = ""
    id: str = ""
    body: Any = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, props: Mapping[str, Any]) -> Self:
        where = props.get("format", ""), props.get("type", ""), props.get("serverId", "")
        return cls(props["kind"], props["name"], *where, props.get("body"))

    @property
    def request(self) -> str:
        """The name of its create request in the schema."""
        return "/".join(part for part in (self.kind, self.format, self.type) if part)

    def with_id(self, id_: str) -> Self:
        return replace(self, id=id_)

    def path(self, template: str) -> str:
        return template.format(name=segment(self.name), format=self.format, type=self.type, id=segment(self.id))

    def __str__(self) -> str:
        return f"{self.request} {self.name}"


def segment(name: str) -> str:
    """A name as one segment of a URL's path."""
    return quote(name, safe="")
